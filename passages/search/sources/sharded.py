"""Several shards as one source: they answer to the last bit as one snapshot of all would.

Each shard names its best candidates, and the best of all are taken by score; among equals the first
by article id and number, as one snapshot takes the first by row. So places are numbered in that
order, and all that depends on order or on sums is the same.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from passages.articles.chunking import Passage
from passages.articles.corpus import Article
from passages.index.arrays import Rows, Values
from passages.index.collection import Collection, shard_of
from passages.index.words.vocabulary import Vocabulary
from passages.models.token_codes import projection
from passages.search.query import Query
from passages.search.sources.fleet import Call, Fleet
from passages.search.sources.late import late_interaction
from passages.search.sources.shard import Outline, Ranked, ShardFound, ShardSignals
from passages.search.sources.source import About, Found, Places, Read, Signals


class Numbering:
    """Places of all passages: by article id, then by number in the article.

    Kept article by article, for there are many times more passages.
    """

    def __init__(self, outlines: Sequence[Outline]) -> None:
        """Number the passages of these shards."""
        homes = sorted(
            (name, shard, row)
            for shard, outline in enumerate(outlines)
            for row, name in enumerate(outline.articles)
        )
        self._shards = np.array([shard for _, shard, _ in homes], np.int64)
        rows = np.array([row for _, _, row in homes], np.int64)
        self._first_rows = np.zeros(len(homes), np.int64)
        sizes = np.zeros(len(homes), np.int64)
        self._of_shards = []
        for shard, outline in enumerate(outlines):
            mine = self._shards == shard
            self._first_rows[mine] = outline.first_passages[rows[mine]]
            sizes[mine] = np.diff(outline.first_passages)[rows[mine]]
            self._of_shards.append(outline.first_passages)
        self._first_places = np.cumsum(sizes) - sizes
        self._places = [self._first_places[self._shards == shard] for shard in range(len(outlines))]

    def places(self, shard: int, rows: Rows) -> Places:
        """The places of these rows of a shard."""
        first = self._of_shards[shard]
        articles = np.searchsorted(first, rows, side="right") - 1
        places: Places = self._places[shard][articles] + rows - first[articles]
        return places

    def rows(self, places: Places) -> dict[int, tuple[Rows, NDArray[np.int64]]]:
        """For each shard that has any of `places` its rows, and where these stand in `places`."""
        articles = np.searchsorted(self._first_places, places, side="right") - 1
        rows = self._first_rows[articles] + places - self._first_places[articles]
        shards = self._shards[articles]
        homes = {int(shard): np.flatnonzero(shards == shard) for shard in np.unique(shards)}
        return {shard: (rows[here], here) for shard, here in homes.items()}


class ShardedSource:
    """The shards of a collection, asked through a fleet; safe to share between threads."""

    def __init__(self, about: About, collection: Collection, fleet: Fleet) -> None:
        """Ask these shards as one; no two have an article in common.

        Args:
            about: what the collection says of itself.
            collection: what is true of all shards together.
            fleet: the shards; an article is in the one of `shard_of`.
        """
        self.about = about
        self._collection = collection
        self._fleet = fleet
        outlines = self._ask_all("outline")
        self._articles = [outline.articles for outline in outlines]
        self._numbering = Numbering(outlines)

    @property
    def words(self) -> Vocabulary:
        """The words of all shards together."""
        return self._collection.vocabulary

    def find(self, query: Query, n: int) -> Found:
        """The `n` nearest passages and the `n` best by words."""
        replies: list[ShardFound] = self._ask_all("find", query, n)
        nearest = self._best([found.nearest for found in replies], n)
        best = self._best([found.best for found in replies], n)
        known = frozenset[str]().union(*(found.known for found in replies))
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
            texts=np.concatenate([part.texts for part in parts])[back],
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
        found: Article | None = self._ask_home("article", article_id)
        return found

    def passages_of(self, article_id: str) -> list[Passage]:
        """The passages of an article in the order of its text."""
        found: list[Passage] = self._ask_home("passages_of", article_id)
        return found

    def articles(self) -> Iterator[tuple[str, str]]:
        """Id and title of every article, in the order of the ids."""
        titles = self._ask_all("titles")
        return heapq.merge(*map(zip, self._articles, titles))

    @property
    def verified(self) -> bool:
        """Whether every byte was compared with its hash since this was opened."""
        return all(self._ask_all("verified"))

    def verify(self) -> None:
        """Compare every byte with its hash."""
        self._collection.verify()
        self._ask_all("verify")

    def _ask_all(self, call: Call, *arguments: object) -> list[Any]:
        """What each shard answers, in the order of their numbers."""
        replies = self._fleet.ask(call, dict.fromkeys(range(len(self._fleet)), arguments))
        return [replies[number] for number in range(len(self._fleet))]

    def _ask_home(self, call: Call, article_id: str) -> Any:
        """What the shard of an article answers."""
        home = shard_of(article_id, len(self._fleet))
        return self._fleet.ask(call, {home: (article_id,)})[home]

    def _best(self, ranked: Sequence[Ranked], n: int) -> Places:
        """Places of the `n` best of all; of equals the first."""
        of_all = [self._numbering.places(shard, one.rows) for shard, one in enumerate(ranked)]
        places = np.concatenate(of_all)
        scores = np.concatenate([one.scores for one in ranked])
        return places[np.lexsort((places, -scores))][:n]


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
