"""Question and passage, read together -> how relevant the passage is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from passages.models.catalogue import CROSS_ENCODER
from passages.models.supply import shipped_folder


class CrossEncoder:
    """A loaded cross-encoder; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        from passages.models.engines.onnx_network import OnnxNetwork  # loads onnxruntime

        self._network = OnnxNetwork(folder)

    def logits(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """One number a text, (len(texts),): higher is more relevant."""
        outputs = self._network.run([(question, text) for text in texts])
        return np.array(outputs, np.float32).reshape(len(texts))


@lru_cache(maxsize=1)
def cross_encoder() -> CrossEncoder:
    """The cross-encoder of the catalogue, loaded at the first call.

    Raises:
        ModelUnavailable: its files cannot be found, or are others than those of its record.
    """
    return CrossEncoder(shipped_folder(CROSS_ENCODER))
