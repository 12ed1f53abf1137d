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

from passages.models.onnx_network import OnnxNetwork

QUESTION_PROMPTS = {
    # https://huggingface.co/BAAI/bge-small-en#usage
    "bge_small_en": "Represent this sentence for searching relevant passages: ",
}


class OnnxModel:
    """A network whose vector for a text is that of the first token (CLS pooling)."""

    def __init__(self, folder: Path) -> None:
        self._network = OnnxNetwork(folder)
        self._prompt = QUESTION_PROMPTS.get(folder.name, "")
        self.dimension = self._network.dimension
        self.max_tokens = self._network.max_tokens
        self.count_tokens = self._network.count_tokens

    def encode(self, texts: Sequence[str], *, questions: bool) -> NDArray[np.float32]:
        """Vectors of shape (len(texts), dimension)."""
        prompt = self._prompt if questions else ""
        outputs = self._network.run([prompt + text for text in texts])
        return np.stack([tokens[0] for tokens in outputs])
