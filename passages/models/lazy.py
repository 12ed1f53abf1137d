"""An encoder that is loaded when a text first has to be encoded."""

from __future__ import annotations

import threading
from collections.abc import Callable

from passages.models.encoder import TextEncoder
from passages.models.supply import Model


class LazyEncoder:
    """A model's encoder, loaded when a question first needs it; safe to share between threads."""

    def __init__(self, model: Model, load: Callable[[], TextEncoder]) -> None:
        self.model = model
        self._load = load
        self._loading = threading.Lock()
        self._encoder: TextEncoder | None = None

    def __call__(self) -> TextEncoder:
        """The encoder; the first call may take seconds.

        Raises:
            IndexDamaged: the model of that name is not the one that the index was built with.
        """
        with self._loading:
            if self._encoder is None:
                self._encoder = self._load()
            return self._encoder
