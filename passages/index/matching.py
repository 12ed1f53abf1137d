"""How a question's words match passages: BM25, looked up only where it can matter.

A frequent word stands in a large part of all passages and says little. So the words are taken from
the rarest on, and as soon as what is left cannot lift another passage into the best, it is looked
up for the passages alone that are in reach (MaxScore: Turtle and Flood 1995). The result is that
of adding up everything, for a fraction of the reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
Rows = NDArray[np.int64]

Kind = Literal["asked", "corrected", "unknown", "synonym"]
WEIGHTS: dict[Kind, float] = {"asked": 1.0, "corrected": 0.8, "unknown": 0.0, "synonym": 0.1}
"""Weight of a word by how it came into the question: a known word of it, the nearest known word in
the place of an unknown one, an unknown one that nothing stands for, an editor's synonym.

A synonym brings its passages in; what they are worth the encoder says, which is asked in the
articles' words (`Lexicon.reworded`). On the fit half of evaluation/, synonyms at 0, 0.1, 0.3 and
0.6: nDCG@10 0.851, 0.850, 0.851 and 0.847, AUROC of near misses 0.868, 0.867, 0.857 and 0.845."""


@dataclass(frozen=True, slots=True)
class Term:
    """One word that is looked up; `idf` is ln(1 + (N - n + 0.5) / (n + 0.5)) of n passages in N."""

    stem: str
    kind: Kind
    idf: float

    @property
    def weight(self) -> float:
        """What BM25 and idf are multiplied by."""
        return WEIGHTS[self.kind]


@dataclass(frozen=True, slots=True)
class Posting:
    """A term's passages: `rows` (n,) ascending, `weights` (n,) its BM25 there, `most` the largest.

    What the files of the snapshot hold: read, never written.
    """

    term: Term
    rows: NDArray[np.int32]
    weights: Scores
    most: float

    def add_to(self, sums: Scores, share: np.float32) -> None:
        """Add `share` of the weights to `sums` (passages,): reads all of it."""
        sums[self.rows] += share * self.weights

    def places(self, rows: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """For each of `rows` its place in here, and whether it is in here at all."""
        if not len(self.rows):
            return np.zeros(len(rows), np.int64), np.zeros(len(rows), np.bool_)
        places = np.searchsorted(self.rows, rows).clip(max=len(self.rows) - 1)
        return places, self.rows[places] == rows


@dataclass(frozen=True, slots=True)
class Match:
    """How a question's words match `passages` passages.

    `asked` is the sum of the idf of all words asked, unknown ones included; `known` the share of it
    that any passage has, 0 for a question without words.
    """

    terms: tuple[Term, ...]
    postings: Sequence[Posting]
    passages: int
    asked: float
    known: float

    def scores(self, rows: Rows) -> Scores:
        """BM25 of passages over `asked`, (rows,).

        A passage full of the question's words would tend to 1: so it says how much of the question
        the words account for at all, and a question in words of its own has low ones.
        """
        small = rows.astype(np.int32)  # of another dtype, a whole list would be copied to compare
        scores = np.zeros(len(rows), np.float32)
        for posting in self.postings:
            places, there = posting.places(small)
            scores[there] += self._share(posting) * posting.weights[places[there]]
        return scores

    def found(self, rows: Rows) -> Scores:
        """Share of the question that stands in each passage, (rows,): idf found over `asked`.

        Synonyms do not count: they say less of whether a passage answers.
        """
        small = rows.astype(np.int32)
        found = np.zeros(len(rows), np.float32)
        for posting in self.postings:
            if posting.term.kind == "synonym":
                continue
            there = posting.places(small)[1]
            found[there] += self._share(posting) * np.float32(posting.term.idf)
        return np.minimum(found, 1)

    def best(self, n: int, within: Rows | None = None) -> Rows:
        """Rows of the `n` best passages that have a word of the question, best first."""
        rows = self._in_reach(n) if within is None else within
        scores = self.scores(rows)
        rows, scores = rows[scores > 0], scores[scores > 0]
        if len(rows) > n:
            top = np.argpartition(-scores, n - 1)[:n]
            tied = np.flatnonzero(scores >= scores[top].min())  # the first of equals are taken
            rows, scores = rows[tied], scores[tied]
        return rows[np.lexsort((rows, -scores))][:n]

    def _in_reach(self, n: int) -> Rows:
        """Rows among which the best `n` are."""
        postings = sorted(self.postings, key=lambda posting: len(posting.rows))
        left = [float(self._share(posting) * posting.most) for posting in postings]
        sums = np.zeros(self.passages, np.float32)
        read = 0
        for number, posting in enumerate(postings):
            # To see whether a list can be left out costs about as much as reading what was read.
            if n <= read < len(posting.rows) and _bar(sums, n) > sum(left[number:]):
                return self._near(sums, n, sum(left[number:]))
            posting.add_to(sums, self._share(posting))
            read += len(posting.rows)
        return self._near(sums, n, 0.0)

    def _near(self, sums: Scores, n: int, left: float) -> Rows:
        """Rows that have a word and, with `left` more, would be among the best `n`."""
        seen = np.flatnonzero(sums)
        return seen[sums[seen] + left >= _bar(sums, n)]

    def _share(self, posting: Posting) -> np.float32:
        return np.float32(posting.term.weight / self.asked)


def _bar(sums: Scores, n: int) -> float:
    """What the best `n` have at least, 0 if there are fewer; for float32 added in any order."""
    seen = sums[sums > 0]
    return float(np.partition(seen, -n)[-n]) * (1 - 1e-4) if len(seen) >= n else 0.0
