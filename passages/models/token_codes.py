"""Token vectors in a few bytes each: a projection to fewer numbers, each of 3 bits.

The projection, the mean and the spread of every projected number are fitted once for the model of
the catalogue (`python -m benchmarks.fit_tokens`) and come with the program, so a passage's codes
depend on its own text alone. The eight levels are those of the quantiser with the least squared
error for a normal distribution (Max, "Quantizing for minimum distortion", 1960).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

BITS = 3
_FILE = "token-projection.f32"
_OUTER = np.array([0.2451, 0.7560, 1.3440, 2.1520], np.float32)
LEVELS = np.concatenate([-_OUTER[::-1], _OUTER])
_EDGES = (LEVELS[1:] + LEVELS[:-1]) / 2

Codes = NDArray[np.uint8]
TokenVectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Projection:
    """`matrix` (model's dimension, numbers kept), and `mean` and `spread` of each kept number."""

    matrix: TokenVectors
    mean: TokenVectors
    spread: TokenVectors

    @property
    def code_bytes(self) -> int:
        """Bytes of one token's code."""
        return int(self.matrix.shape[1]) * BITS // 8

    def project(self, vectors: TokenVectors) -> TokenVectors:
        """Vectors (tokens, model's dimension) -> (tokens, numbers kept), each of length 1."""
        return _unit(vectors @ self.matrix)

    def encode(self, vectors: TokenVectors) -> Codes:
        """Codes of the model's token vectors, (tokens, `code_bytes`)."""
        numbers = (self.project(vectors) - self.mean) / self.spread
        levels = np.searchsorted(_EDGES, numbers).astype(np.uint8)
        bits = levels[:, :, np.newaxis] >> np.arange(BITS, dtype=np.uint8)[::-1] & 1
        return np.packbits(bits.reshape(len(vectors), -1), axis=1)

    def decode(self, codes: Codes) -> TokenVectors:
        """What `encode` gave -> (tokens, numbers kept), each of length 1."""
        bits = np.unpackbits(codes, axis=1).reshape(len(codes), codes.shape[1] * 8 // BITS, BITS)
        levels = bits @ (1 << np.arange(BITS, dtype=np.uint8)[::-1])
        return _unit(LEVELS[levels] * self.spread + self.mean)


@lru_cache(maxsize=1)
def projection() -> Projection:
    """The projection that comes with the program, for the token encoder of the catalogue."""
    rows = np.frombuffer(files(__package__).joinpath(_FILE).read_bytes(), "<f4")
    return _from_rows(rows)


def to_rows(fitted: Projection) -> NDArray[np.float32]:
    """The projection as one array for its file: the matrix, then mean and spread as two rows."""
    return np.vstack([fitted.matrix, fitted.mean, fitted.spread]).astype("<f4")


def _from_rows(numbers: NDArray[np.float32], model_dimension: int = 384) -> Projection:
    rows = numbers.reshape(model_dimension + 2, -1)
    return Projection(rows[:-2], rows[-2], rows[-1])


def _unit(vectors: TokenVectors) -> TokenVectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: TokenVectors = vectors / np.maximum(lengths, np.float32(1e-9))
    return unit
