"""How a query's words match the passages of one shard: BM25, looked up only where it can matter.

A frequent word stands in a large part of all passages and says little. So the words are taken from
the rarest on, and as soon as what is left cannot lift another passage into the best, it is looked
up for the passages alone that are in reach (MaxScore: Turtle and Flood 1995). The result is that
of adding up everything, for a fraction of the reading.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from passages.index.arrays import Rows, Values
from passages.index.words.postings import Postings
from passages.index.words.term_list import TermList
from passages.search.query import Query, Term


@dataclass(frozen=True, slots=True)
class Match:
    """A query's known words, each with the passages that have it, of `passages` passages."""

    terms: Sequence[tuple[Term, TermList]]
    asked: Mapping[str, float]
    passages: int

    @classmethod
    def of(cls, query: Query, postings: Postings) -> Match:
        """Look the query's words up."""
        known = [
            (term, postings.term_list(term.stem, term.idf, query.mean_lengths[term.language]))
            for term in query.terms
            if term.kind != "unknown"
        ]
        return cls(known, query.asked, len(postings))

    def known(self, within: Rows | None = None) -> frozenset[str]:
        """The stems that any passage has, or any of these rows."""
        small = None if within is None else within.astype(np.int32)
        return frozenset(
            term.stem
            for term, passages in self.terms
            if (passages.places(small)[1].any() if small is not None else len(passages.rows))
        )

    def scores(self, rows: Rows) -> Values:
        """BM25 of passages over `asked`, (rows,).

        A passage full of the question's words would tend to 1: so it says how much of the question
        the words account for at all, and a question in words of its own has low ones.
        """
        small = rows.astype(np.int32)  # of another dtype, a whole list would be copied to compare
        scores = np.zeros(len(rows), np.float32)
        for term, passages in self.terms:
            places, there = passages.places(small)
            scores[there] += self._share(term) * passages.weights(places[there])
        return scores

    def found(self, rows: Rows) -> Values:
        """Share of the question that stands in each passage, (rows,): idf found over `asked`.

        Synonyms do not count: they say less of whether a passage answers.
        """
        small = rows.astype(np.int32)
        found = np.zeros(len(rows), np.float32)
        for term, passages in self.terms:
            if term.kind != "synonym":
                there = passages.places(small)[1]
                found[there] += self._share(term) * np.float32(term.idf)
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
        terms = sorted(self.terms, key=lambda term: len(term[1].rows))
        left = [float(self._share(term) * passages.bound) for term, passages in terms]
        sums = np.zeros(self.passages, np.float32)
        read = 0
        for number, (term, passages) in enumerate(terms):
            # To see whether a list can be left out costs about as much as reading what was read.
            if n <= read < len(passages.rows) and _bar(sums, n) > sum(left[number:]):
                return self._near(sums, n, sum(left[number:]))
            passages.add_to(sums, self._share(term))
            read += len(passages.rows)
        return self._near(sums, n, 0.0)

    def _near(self, sums: Values, n: int, left: float) -> Rows:
        """Rows that have a word and, with `left` more, would be among the best `n`."""
        seen = np.flatnonzero(sums)
        return seen[sums[seen] + left >= _bar(sums, n)]

    def _share(self, term: Term) -> np.float32:
        return np.float32(term.weight / self.asked[term.language])


def _bar(sums: Values, n: int) -> float:
    """Lower bound of the n-th best score, 0 if there are fewer; for float32 added in any order."""
    seen = sums[sums > 0]
    return float(np.partition(seen, -n)[-n]) * (1 - 1e-4) if len(seen) >= n else 0.0
