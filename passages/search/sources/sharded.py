"""Several shards as one source: they answer to the last bit as one snapshot of all would.

Each shard names its best candidates, and the best of all are taken by score; among equals the first
by article id and number, as one snapshot takes the first by row. So places are numbered in that
order, and all that depends on order or on sums is the same.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from passages.articles.chunking import Passage
from passages.articles.corpus import Article
from passages.index.collection import Collection
from passages.index.snapshot import Rows, Snapshot
from passages.index.words.vocabulary import Vocabulary
from passages.models.token_codes import projection
from passages.search.query import Query
from passages.search.sources.fleet import Fleet, LocalFleet
from passages.search.sources.late import late_interaction
from passages.search.sources.shard import Ranked, Shard, ShardFound, ShardSignals
from passages.search.sources.source import About, Found, Places, Read, Signals, Values


@dataclass(frozen=True, slots=True)
class Numbering:
    """The places of each shard's rows: by article id, then by number in the article."""

    places: Sequence[Places]

    @classmethod
    def of(cls, snapshots: Sequence[Snapshot]) -> Numbering:
        """Number the passages of these snapshots."""
        homes = [
            (name, shard, row)
            for shard, snapshot in enumerate(snapshots)
            for row, name in enumerate(snapshot.manifest.articles)
        ]
        places = [np.empty(len(snapshot), np.int64) for snapshot in snapshots]
        first = 0
        for _, shard, article in sorted(homes):
            rows = snapshots[shard].passage_rows(article)
            places[shard][rows.start : rows.stop] = np.arange(first, first + len(rows))
            first += len(rows)
        return cls(places)

    def rows(self, places: Places) -> dict[int, tuple[Rows, NDArray[np.int64]]]:
        """For each shard that has any of `places` its rows, and where these stand in `places`."""
        found = {}
        for shard, of_shard in enumerate(self.places):
            if not len(of_shard):
                continue
            rows = np.searchsorted(of_shard, places).clip(max=len(of_shard) - 1)
            here = np.flatnonzero(of_shard[rows] == places)
            if len(here):
                found[shard] = rows[here], here
        return found


class ShardedSource:
    """The shards of a collection, asked through a fleet."""

    def __init__(
        self,
        about: About,
        collection: Collection,
        snapshots: Sequence[Snapshot],
        fleet: Fleet | None = None,
    ) -> None:
        """Ask these snapshots as one.

        Args:
            about: what the collection says of itself.
            collection: what is true of all shards together.
            snapshots: the shards; no two have an article in common.
            fleet: how they are asked; by default here, one after another.
        """
        self.about = about
        self._collection = collection
        self._snapshots = snapshots
        self._fleet = fleet or LocalFleet([Shard(snapshot) for snapshot in snapshots])
        self._numbering = Numbering.of(snapshots)

    @property
    def words(self) -> Vocabulary:
        """The words of all shards together."""
        return self._collection.vocabulary

    def find(self, query: Query, n: int) -> Found:
        """The `n` nearest passages and the `n` best by words."""
        asked = {number: (query, n) for number in range(len(self._snapshots))}
        replies: dict[int, ShardFound] = self._fleet.ask("find", asked)
        nearest = self._best({number: found.nearest for number, found in replies.items()}, n)
        best = self._best({number: found.best for number, found in replies.items()}, n)
        known = frozenset[str]().union(*(found.known for found in replies.values()))
        return Found(np.union1d(nearest, best), known)

    def signals(self, query: Query, places: Places) -> Signals:
        """What scores these candidates."""
        homes = self._numbering.rows(places)
        boilerplate = self._collection.boilerplate
        asked = {number: (query, rows, boilerplate) for number, (rows, _) in homes.items()}
        replies: dict[int, ShardSignals] = self._fleet.ask("signals", asked)
        back = np.argsort(np.concatenate([here for _, here in homes.values()]))
        parts = [replies[number] for number in homes]
        languages = [code for part in parts for code in part.languages]
        return Signals(
            passage=np.concatenate([part.passage for part in parts])[back],
            sentence=np.concatenate([part.sentence for part in parts])[back],
            bm25=np.concatenate([part.bm25 for part in parts])[back],
            found=np.concatenate([part.found for part in parts])[back],
            boilerplate=np.concatenate([part.boilerplate for part in parts])[back],
            languages=tuple(languages[place] for place in back),
            late=_late(query, parts, back),
        )

    def read(self, places: Sequence[int]) -> list[Read]:
        """The passages in these places, in this order."""
        homes = self._numbering.rows(np.array(places, np.int64))
        boilerplate = self._collection.boilerplate
        replies: dict[int, list[Read]] = self._fleet.ask(
            "read", {number: (rows, boilerplate) for number, (rows, _) in homes.items()}
        )
        found = {
            int(place): read
            for number, (_, here) in homes.items()
            for place, read in zip(here, replies[number], strict=True)
        }
        return [found[place] for place in range(len(places))]

    def article(self, article_id: str) -> Article | None:
        """The article with this id, or None."""
        for snapshot in self._snapshots:
            if (row := snapshot.article_row(article_id)) is not None:
                return snapshot.article(row)
        return None

    def passages_of(self, article_id: str) -> list[Passage]:
        """The passages of an article in the order of its text."""
        for snapshot in self._snapshots:
            if (row := snapshot.article_row(article_id)) is not None:
                return [snapshot.passage(place) for place in snapshot.passage_rows(row)]
        return []

    def articles(self) -> Iterator[tuple[str, str]]:
        """Id and title of every article, in the order of the ids."""
        return heapq.merge(*map(_titles, self._snapshots))

    @property
    def verified(self) -> bool:
        """Whether every byte was compared with its hash since this was opened."""
        return all(snapshot.verified for snapshot in self._snapshots)

    def verify(self) -> None:
        """Compare every byte with its hash."""
        for snapshot in self._snapshots:
            if not snapshot.verified:
                snapshot.verify()

    def _best(self, ranked: dict[int, Ranked], n: int) -> Places:
        """Places of the `n` best of all; of equals the first."""
        of_all = [self._numbering.places[number][one.rows] for number, one in ranked.items()]
        places = np.concatenate(of_all)
        scores = np.concatenate([one.scores for one in ranked.values()])
        return places[np.lexsort((places, -scores))][:n]


def _titles(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    for row, name in enumerate(snapshot.manifest.articles):
        yield name, snapshot.title(row)


def _late(query: Query, parts: Sequence[ShardSignals], back: NDArray[np.int64]) -> Values:
    """Late interaction of all candidates, in the order of their places."""
    counts = np.concatenate([part.counts for part in parts])
    codes = [part.codes for part in parts if part.codes is not None]
    if not codes or not query.tokens:
        return np.full(len(counts), np.nan, np.float32)
    together = np.concatenate(codes)
    starts = (np.cumsum(counts) - counts)[back]
    counts = counts[back]
    ends = np.cumsum(counts)
    order = np.arange(counts.sum()) + np.repeat(starts - (ends - counts), counts)
    return late_interaction(query.tokens, projection().decode(together[order]), counts)
