"""One shard among several: what it can say by itself, in terms of its own rows.

What is global comes with each call: in the query the words with their frequencies, and the hashes
of boilerplate. All that goes in and out is a plain value, so a shard may be in another process.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from passages.articles.boilerplate import Boilerplate, Hashes
from passages.articles.chunking import Passage
from passages.articles.corpus import Article
from passages.index.arrays import Rows, Values
from passages.index.snapshot import Snapshot
from passages.models.token_codes import Codes
from passages.search.query import Query
from passages.search.sources.matching import Match
from passages.search.sources.source import Read


@dataclass(frozen=True, slots=True)
class Ranked:
    """Rows of a shard, the best first, with what they are ranked by."""

    rows: Rows
    scores: Values


@dataclass(frozen=True, slots=True)
class ShardFound:
    """The nearest passages of a shard, the best by words, and the stems that any passage has."""

    nearest: Ranked
    best: Ranked
    known: frozenset[str]


@dataclass(frozen=True, slots=True)
class ShardSignals:
    """`Signals` of a shard's candidates, with the codes of their tokens instead of `late`.

    Vectors of tokens are compared all at once, as a matrix: parts of it would be rounded otherwise.
    `counts` (candidates,) tells how many of `codes` each has.
    """

    passage: Values
    sentence: Values
    bm25: Values
    found: Values
    boilerplate: NDArray[np.bool_]
    languages: tuple[str, ...]
    texts: Hashes
    codes: Codes | None
    counts: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Outline:
    """What a shard holds: the ids of its articles, and (articles + 1,) where passages begin."""

    articles: tuple[str, ...]
    first_passages: Rows


class Shard:
    """A snapshot asked as a part of a collection; safe to share between threads."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    def outline(self) -> Outline:
        """The articles in the order of their ids, and how many passages each has."""
        snapshot = self.snapshot
        return Outline(tuple(snapshot.manifest.articles), snapshot.first_passages())

    def find(self, query: Query, n: int) -> ShardFound:
        """The `n` nearest passages and the `n` best by words."""
        within = self._rows_of(query.within)
        match = Match.of(query, self.snapshot.postings)
        best = match.best(n, within)
        return ShardFound(
            Ranked(*self.snapshot.nearest(query.vector, n, within)),
            Ranked(best, match.scores(best)),
            match.known(within),
        )

    def signals(self, query: Query, rows: Rows, boilerplate: Boilerplate) -> ShardSignals:
        """What scores these candidates."""
        snapshot = self.snapshot
        match = Match.of(query, snapshot.postings)
        codes, counts = None, np.zeros(len(rows), np.int64)
        if snapshot.tokens is not None and query.tokens:
            codes, counts = snapshot.tokens.of(rows)
        return ShardSignals(
            passage=snapshot.passage_cosines(query.vector, rows),
            sentence=snapshot.best_sentence_cosines(query.vector, rows, boilerplate),
            bm25=match.scores(rows),
            found=match.found(rows),
            boilerplate=snapshot.is_boilerplate(rows, boilerplate),
            languages=snapshot.languages(rows),
            texts=snapshot.text_hashes(rows),
            codes=codes,
            counts=counts,
        )

    def read(self, rows: Rows, boilerplate: Boilerplate) -> list[Read]:
        """The passages in these rows."""
        snapshot = self.snapshot
        return [
            Read(
                snapshot.passage(int(row)),
                *snapshot.sentence_vectors(int(row), boilerplate),
                None if snapshot.tokens is None else snapshot.tokens.of(np.array([row]))[0],
            )
            for row in rows
        ]

    def article(self, article_id: str) -> Article | None:
        """The article with this id, or None."""
        row = self.snapshot.article_row(article_id)
        return None if row is None else self.snapshot.article(row)

    def passages_of(self, article_id: str) -> list[Passage]:
        """The passages of an article in the order of its text; none where there is no such id."""
        row = self.snapshot.article_row(article_id)
        rows = range(0) if row is None else self.snapshot.passage_rows(row)
        return [self.snapshot.passage(place) for place in rows]

    def titles(self) -> list[str]:
        """The title of every article, in the order of the ids."""
        return [self.snapshot.title(row) for row in range(len(self.snapshot.manifest.articles))]

    def verified(self) -> bool:
        """Whether every byte was compared with its hash since the shard was opened."""
        return self.snapshot.verified

    def verify(self) -> None:
        """Compare every byte with its hash, unless that was done.

        Raises:
            IndexDamaged: something is not as the manifest says.
        """
        if not self.snapshot.verified:
            self.snapshot.verify()

    def _rows_of(self, articles: Collection[str] | None) -> Rows | None:
        if articles is None:
            return None
        found = (self.snapshot.article_row(article) for article in sorted(articles))
        ranges = [self.snapshot.passage_rows(row) for row in found if row is not None]
        return np.concatenate([np.empty(0, np.int64), *ranges]).astype(np.int64)
