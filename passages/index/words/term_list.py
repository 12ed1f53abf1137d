"""The passages of one word, and what BM25 makes of how often it stands in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from passages.index.arrays import Values


@dataclass(frozen=True, slots=True)
class Bm25:
    """The constants of BM25: copies of title and headings, term saturation, length."""

    heading_copies: int = 2
    k1: float = 0.75
    b: float = 0.75


BM25 = Bm25()
"""`python -m benchmarks.fit_scoring --bm25` prints the table that these three come from."""


@dataclass(frozen=True, slots=True)
class TermList:
    """A word's passages: `rows` (n,) ascending, and how often it stands in each, (n,).

    `lengths` (passages,) are those of all passages, `longest` the greatest of them; `most` and
    `shortest` the largest frequency and the least length among the passages of the word. `idf` and
    `mean` length are the collection's. What the files of the snapshot hold: read, never written.
    """

    rows: NDArray[np.int32]
    frequencies: NDArray[np.uint16]
    lengths: NDArray[np.uint32]
    longest: int
    most: int
    shortest: int
    idf: np.float32
    mean: float
    constants: Bm25 = BM25

    @property
    def bound(self) -> float:
        """Upper bound of any passage's BM25 for this word."""
        return float(self._weigh(np.array([self.most]), np.array([self.shortest]))[0])

    def add_to(self, sums: Values, share: np.float32) -> None:
        """Add `share` of the weights to `sums` (passages,): reads all of it."""
        sums[self.rows] += share * self._weigh(self.frequencies, self.lengths.take(self.rows))

    def places(self, rows: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """For each of `rows` its place in here, and whether it is in here at all."""
        if not len(self.rows):
            return np.zeros(len(rows), np.int64), np.zeros(len(rows), np.bool_)
        places = np.searchsorted(self.rows, rows).clip(max=len(self.rows) - 1)
        return places, self.rows[places] == rows

    def weights(self, places: NDArray[np.int64]) -> Values:
        """BM25 of the word in the passages in these places of the list."""
        return self._weigh(self.frequencies[places], self.lengths[self.rows[places]])

    def _weigh(self, frequencies: NDArray[np.integer], lengths: NDArray[np.integer]) -> Values:
        """BM25 of the word by how often it stands in a passage and by the passage's length."""
        kinds = (self.most + 1) * (self.longest + 1)
        if len(frequencies) <= kinds:
            return self._computed(frequencies, lengths)
        # In a long list few pairs of the two come again and again: each is computed once.
        often, long = np.divmod(np.arange(kinds), self.longest + 1)
        places = frequencies.astype(np.int64)
        places *= self.longest + 1
        places += lengths
        weights: Values = self._computed(often, long).take(places)
        return weights

    def _computed(self, frequencies: NDArray[np.integer], lengths: NDArray[np.integer]) -> Values:
        # Operation by operation what bm25s 0.3 computes with the method "lucene", in float64.
        k1, b = self.constants.k1, self.constants.b
        often = frequencies.astype(np.float64)
        weights: Values = (
            self.idf * (often / (k1 * ((1 - b) + b * lengths / self.mean) + often))
        ).astype(np.float32)
        return weights
