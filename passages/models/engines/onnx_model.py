"""A folder with an ONNX network and its tokenizer -> vectors, in onnxruntime alone.

For models published as plain ONNX files, without the modules.json of sentence-transformers. That
library would give the same vectors after four seconds of imports (torch, transformers,
scikit-learn), for which every question on the command line, every small rebuild and the first
answer of a server would have to wait.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from passages.models.catalogue import Prompts
from passages.models.engines.onnx_network import OnnxNetwork


class OnnxModel:
    """A network whose vector for a text is that of its first token, or the mean of all tokens."""

    def __init__(self, folder: Path, prompts: Prompts, *, mean: bool) -> None:
        self._network = OnnxNetwork(folder)
        self._prompts = prompts
        self._mean = mean
        self.dimension = self._network.dimension
        self.max_tokens = self._network.max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each passage has, special tokens and prompt included."""
        return self._network.count_tokens([self._prompts.passage + text for text in texts])

    def encode(self, texts: Sequence[str], *, questions: bool) -> NDArray[np.float32]:
        """Vectors of shape (len(texts), dimension)."""
        prompt = self._prompts.question if questions else self._prompts.passage
        outputs = self._network.run([prompt + text for text in texts])
        # Every text is a run of its own, without padding: the mean is one of real tokens only.
        return np.stack([tokens.mean(axis=0) if self._mean else tokens[0] for tokens in outputs])
