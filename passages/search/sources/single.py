"""One snapshot as a source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from passages.articles.chunking import Passage
from passages.articles.corpus import Article
from passages.index.snapshot import Snapshot
from passages.index.words.vocabulary import Vocabulary
from passages.models.token_codes import projection
from passages.search.query import Query
from passages.search.sources.late import late_interaction
from passages.search.sources.shard import Shard
from passages.search.sources.source import About, Found, Places, Read, Signals


class SingleSource:
    """A snapshot; its places are the rows of the snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._shard = Shard(snapshot)
        self._boilerplate = snapshot.collection.boilerplate
        self.about = About.of(snapshot.name, snapshot.manifest, snapshot.sections)

    @property
    def words(self) -> Vocabulary:
        """The words of the snapshot."""
        return self.snapshot.collection.vocabulary

    def find(self, query: Query, n: int) -> Found:
        """The `n` nearest passages and the `n` best by words."""
        found = self._shard.find(query, n)
        return Found(np.union1d(found.nearest.rows, found.best.rows), found.known)

    def signals(self, query: Query, places: Places) -> Signals:
        """What scores these candidates."""
        found = self._shard.signals(query, places, self._boilerplate)
        late = np.full(len(places), np.nan, np.float32)
        if found.codes is not None:
            vectors = projection().decode(found.codes)
            late = late_interaction(query.tokens, vectors, found.counts)
        return Signals(
            passage=found.passage,
            sentence=found.sentence,
            bm25=found.bm25,
            found=found.found,
            boilerplate=found.boilerplate,
            languages=found.languages,
            late=late,
            texts=found.texts,
        )

    def read(self, places: Sequence[int]) -> list[Read]:
        """The passages in these rows."""
        return self._shard.read(np.array(places, np.int64), self._boilerplate)

    def article(self, article_id: str) -> Article | None:
        """The article with this id, or None."""
        return self._shard.article(article_id)

    def passages_of(self, article_id: str) -> list[Passage]:
        """The passages of an article in the order of its text."""
        return self._shard.passages_of(article_id)

    def articles(self) -> Iterator[tuple[str, str]]:
        """Id and title of every article."""
        for row, name in enumerate(self.snapshot.manifest.articles):
            yield name, self.snapshot.title(row)

    @property
    def verified(self) -> bool:
        """Whether every byte was compared with its hash since this was opened."""
        return self.snapshot.verified

    def verify(self) -> None:
        """Compare every byte with its hash."""
        self.snapshot.verify()
