"""One snapshot as a source."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import numpy as np

from passages.articles.chunking import Passage
from passages.articles.corpus import Article
from passages.index.snapshot import Rows, Snapshot
from passages.index.words.vocabulary import Vocabulary
from passages.models.token_codes import projection
from passages.search.query import Query
from passages.search.sources.late import late_interaction
from passages.search.sources.matching import Match
from passages.search.sources.source import About, Found, Places, Read, Signals, Values


class SingleSource:
    """A snapshot; its places are the rows of the snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._boilerplate = snapshot.collection.boilerplate
        manifest = snapshot.manifest
        self.about = About(
            name=snapshot.name,
            created=manifest.created,
            corpus=manifest.corpus,
            model=manifest.model,
            articles=len(manifest.articles),
            sections=snapshot.sections,
            passages=manifest.passages,
            sentences=manifest.sentences,
            calibration=manifest.calibration,
            token_model=manifest.token_model,
            problems=manifest.problems,
        )

    @property
    def words(self) -> Vocabulary:
        """The words of the snapshot."""
        return self.snapshot.collection.vocabulary

    def find(self, query: Query, n: int) -> Found:
        """The `n` nearest passages and the `n` best by words."""
        within = self._rows_of(query.within)
        match = Match.of(query, self.snapshot.postings)
        nearest = self.snapshot.nearest(query.vector, n, within)
        return Found(np.union1d(nearest, match.best(n, within)), match.known(within))

    def signals(self, query: Query, places: Places) -> Signals:
        """What scores these candidates."""
        match = Match.of(query, self.snapshot.postings)
        return Signals(
            passage=self.snapshot.passage_cosines(query.vector, places),
            sentence=self.snapshot.best_sentence_cosines(query.vector, places, self._boilerplate),
            bm25=match.scores(places),
            found=match.found(places),
            boilerplate=self.snapshot.is_boilerplate(places, self._boilerplate),
            languages=self.snapshot.languages(places),
            late=self._late(query, places),
        )

    def _late(self, query: Query, places: Places) -> Values:
        if self.snapshot.tokens is None or not query.tokens:
            return np.full(len(places), np.nan, np.float32)
        codes, counts = self.snapshot.tokens.of(places)
        return late_interaction(query.tokens, projection().decode(codes), counts)

    def read(self, places: Sequence[int]) -> list[Read]:
        """The passages in these rows."""
        snapshot, boilerplate = self.snapshot, self._boilerplate
        return [
            Read(snapshot.passage(row), *snapshot.sentence_vectors(row, boilerplate))
            for row in places
        ]

    def article(self, article_id: str) -> Article | None:
        """The article with this id, or None."""
        row = self.snapshot.article_row(article_id)
        return None if row is None else self.snapshot.article(row)

    def passages_of(self, article_id: str) -> list[Passage]:
        """The passages of an article in the order of its text."""
        row = self.snapshot.article_row(article_id)
        rows = range(0) if row is None else self.snapshot.passage_rows(row)
        return [self.snapshot.passage(place) for place in rows]

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

    def _rows_of(self, articles: Collection[str] | None) -> Rows | None:
        if articles is None:
            return None
        found = (self.snapshot.article_row(article) for article in sorted(articles))
        ranges = [self.snapshot.passage_rows(row) for row in found if row is not None]
        return np.concatenate([np.empty(0, np.int64), *ranges]).astype(np.int64)
