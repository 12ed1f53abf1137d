"""An encoder to be worked out by hand, and builds with it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from functools import partial

import numpy as np

from passages.building import build as building
from passages.models.calibration import Calibration
from passages.models.encoder import Vectors
from passages.models.supply import Model

TEA_BEFORE = "Green tea is not fermented. It is bitter."
TEA_AFTER = "Green tea is not fermented. It is sweet."
TOY = Model("bag-of-words", "float32", "bag-1")
CALIBRATION = Calibration(0.1, 0.1, (0.0, 5.0, 0.0, 0.2, 0.0, 0.0, 0.0), -3.0, 0.5, "by hand")


class BagOfWords:
    """Counts words into buckets by a hash: texts that share words are near, always the same way."""

    def __init__(
        self, model: Model | None = None, dimension: int = 64, max_tokens: int = 40
    ) -> None:
        self.model = model or TOY
        self.dimension = dimension
        self.max_tokens = max_tokens
        self.encoded: list[str] = []

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Words and punctuation marks, and two special tokens as BERT has them."""
        return [len(re.findall(r"\w+|[^\w\s]", text)) + 2 for text in texts]

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.encoded += texts
        return self.encode_questions(texts)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()):
                vectors[row, zlib.crc32(word.encode()) % self.dimension] += 1
            vectors[row, 0] += 1e-3  # a text without words has a direction too
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors


build = partial(building.build, model=TOY, load=BagOfWords, calibrate=lambda *_: CALIBRATION)
"""A build with the toy encoder and a calibration by hand."""
