"""A service as an index: the questions are answered there, and come back to the last digit."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NoReturn
from urllib.parse import quote, urlencode

from passages.articles.chunking import Passage
from passages.articles.corpus import Article
from passages.errors import BadSetting, PassagesError, ServiceUnavailable
from passages.index.words.vocabulary import Vocabulary
from passages.models.calibration import Calibration
from passages.models.encoder import Encoder, LazyEncoder
from passages.models.supply import find_model
from passages.search.answer import Answer
from passages.search.candidates import Candidates
from passages.search.query import MAX_QUESTION, Query, clean
from passages.search.scoring import RANKINGS, SHIPPED, Ranking
from passages.search.searcher import Index
from passages.search.sources.source import About, Found, Places, Read, Signals
from passages.service.client import Client
from passages.service.contract.wire import about_of, answer_of, article_of

KEPT = 256
"""Articles that are kept with their passages, of the snapshot that answered last."""

TRIES = 3
"""How often a question is asked anew where another snapshot began to serve in between."""

Cut = tuple[Article, dict[tuple[int, int], Passage]]


class RemoteSource:
    """What is looked up at a service: articles and passages. What scores them stays there."""

    def __init__(self, service: Client) -> None:
        """Ask the service what it serves.

        Raises:
            ServiceUnavailable: it cannot be reached, or is none.
        """
        self.service = service
        self._lock = threading.Lock()
        self._about = service.get("/api/about", about_of)
        self._cut: dict[str, Cut] = {}

    @property
    def about(self) -> About:
        """What the snapshot that answered last says of itself."""
        return self._about

    @property
    def verified(self) -> bool:
        """The service has compared the bytes, or will."""
        return True

    def verify(self) -> None:
        """Do nothing: the bytes are at the service."""

    def now_serves(self, snapshot: str) -> None:
        """Change over to the snapshot that an answer came from."""
        with self._lock:
            if self._about.name != snapshot:
                self._about = self.service.get("/api/about", about_of)
                self._cut = {}

    def article(self, article_id: str) -> Article | None:
        """The article with this id, or None."""
        found = self._of(article_id)
        return found[0] if found else None

    def passages_of(self, article_id: str) -> list[Passage]:
        """The passages of an article in the order of its text."""
        found = self._of(article_id)
        return list(found[1].values()) if found else []

    def passage(self, article_id: str, start: int, end: int) -> Passage:
        """The passage of an article in this place.

        Raises:
            KeyError: there is none: the article has changed meanwhile.
        """
        found = self._of(article_id)
        return (found[1] if found else {})[start, end]

    def articles(self) -> Iterator[tuple[str, str]]:
        """Id and title of every article, in the order of the ids."""
        after: str | None = ""
        while after is not None:
            path = f"/api/articles?{urlencode({'after': after})}"
            entries, after = self.service.get(
                path,
                lambda got: (
                    [(each["id"], each["title"]) for each in got["articles"]],
                    got["next"],
                ),
            )
            yield from entries

    def _of(self, article_id: str) -> Cut | None:
        with self._lock:
            kept = self._cut
        if article_id not in kept:
            path = f"/api/articles/{quote(article_id, safe='')}"
            found = self.service.find(path, article_of)
            if found is None:
                return None
            article, passages = found
            if len(kept) >= KEPT:
                kept.pop(next(iter(kept)), None)
            kept[article_id] = article, {(each.start, each.end): each for each in passages}
        return kept.get(article_id)

    @property
    def words(self) -> Vocabulary:
        """Refuse: the service does not give it."""
        self._refuse()

    def find(self, query: Query, n: int) -> Found:
        """Refuse: the service does not give it."""
        self._refuse()

    def signals(self, query: Query, places: Places) -> Signals:
        """Refuse: the service does not give it."""
        self._refuse()

    def read(self, places: Sequence[int]) -> list[Read]:
        """Refuse: the service does not give it."""
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise BadSetting(f"{self.service.address}: a service gives answers, not what scores them")


def snapshot_at(address: str) -> str:
    """The snapshot that a service serves; a sentence where it serves none or does not answer."""
    try:
        return Client(address, patience=0).get("/api/about", lambda got: str(got["snapshot"]))
    except PassagesError as error:
        return str(error)


class RemoteIndex(Index):
    """An index that is asked over HTTP. Safe to share between threads."""

    def __init__(self, service: Client) -> None:
        """Ask the service what it serves.

        Raises:
            ServiceUnavailable: it cannot be reached, or is none.
        """
        self._remote = RemoteSource(service)
        model = self._remote.about.model
        super().__init__(
            self._remote,
            LazyEncoder(model, lambda: Encoder(find_model(model.name, model.precision))),
        )

    def load(self, rankings: Iterable[Ranking] = ()) -> None:
        """Do nothing: the models are at the service."""

    def ranked_by(self, ranking: Ranking) -> Index:
        """The same index, where the ranking is the service's own.

        Raises:
            BadSetting: another ranking.
        """
        self._check([ranking])
        return self

    def calibrated(self, calibration: Calibration) -> Index:
        """Refuse: the calibration is the service's.

        Raises:
            BadSetting: always.
        """
        raise BadSetting(
            f"{self._remote.service.address}: a service cannot be calibrated from here"
        )

    def gather(self, question: str, articles: Collection[str] | None = None) -> Candidates | None:
        """Refuse: what scores the passages stays at the service.

        Raises:
            BadSetting: always.
        """
        raise BadSetting(f"{self._remote.service.address}: a service gives answers only")

    def answers(
        self,
        question: str,
        rankings: Mapping[str, Ranking],
        k: int = 10,
        articles: Collection[str] | None = None,
    ) -> dict[str, Answer]:
        """The service's answer, by each of the names.

        Raises:
            BadSetting: a ranking other than the service's own, or more than it allows.
            ServiceUnavailable: it cannot be reached, or does not answer as a service does.
        """
        self._check(rankings.values())
        return dict.fromkeys(rankings, self._ask(question, k, articles))

    def _check(self, rankings: Iterable[Ranking]) -> None:
        if any(ranking != RANKINGS[SHIPPED] for ranking in rankings):
            raise BadSetting(
                f"{self._remote.service.address}: a service answers by its own ranking; "
                "--settings, --setting and --no-rerank need an index folder"
            )

    def _ask(self, question: str, k: int, articles: Collection[str] | None) -> Answer:
        nothing = Answer(question, covered=False, confidence=0.0, hits=())
        source = self._remote
        if articles is not None:
            articles = [each for each in articles if source.article(each) is not None]
        if k < 1 or not clean(question) or (articles is not None and not articles):
            return nothing
        sent = question if len(question) <= MAX_QUESTION else clean(question)
        body = {"question": sent, "k": k, "whole": True}
        for _ in range(TRIES):
            got = source.service.post(
                "/api/search", body if articles is None else {**body, "articles": articles}
            )
            source.now_serves(got.snapshot)
            try:
                return answer_of({**got.value, "question": question}, source.passage)
            except (KeyError, TypeError, ValueError) as error:
                missed = error
        raise ServiceUnavailable(
            f"{source.service.address}: its answer cannot be read ({missed!r}): "
            "is it of this version?"
        )
