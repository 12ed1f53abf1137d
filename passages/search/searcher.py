"""Question -> answer: candidates, scoring, and whether the articles cover it at all.

The one search there is: the page, the command line and the evaluation call it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from passages.articles.chunking import Passage
from passages.articles.corpus import Article
from passages.errors import IndexDamaged
from passages.index.arrays import Values
from passages.models.calibration import MEASURED, Calibration
from passages.models.catalogue import CROSS_ENCODER
from passages.models.encoder import LazyEncoder
from passages.models.engines.cross_encoder import cross_encoder
from passages.models.supply import languages_of
from passages.models.token_codes import TokenVectors
from passages.models.token_encoder import TokenTextEncoder, token_encoder
from passages.search.answer import Answer, Hit
from passages.search.candidates import Candidates, hit_signals
from passages.search.honesty.asked import Asked, asked_of
from passages.search.honesty.confidence import features, hit_features, without_lacking
from passages.search.honesty.coverage import coverage
from passages.search.honesty.lacking import lacking
from passages.search.query import Query, clean, make_query
from passages.search.rerank import MOST, Logits, rerank, shipped_logits
from passages.search.same_text import Ordered, ordered, repeats
from passages.search.scoring import RANKINGS, SHIPPED, Ranking, put_last, score, without_tokens
from passages.search.sources.source import About, Read, Source
from passages.search.unserved import best_sentence, led_by_words

CANDIDATES = 100
"""Passages whose sentences are read and scored, from each of FAISS and BM25."""

COVERING = 5
"""Passages that may together cover a question."""


class Index:
    """A source ready to be asked. Safe to share between threads."""

    def __init__(
        self,
        source: Source,
        encoder: LazyEncoder,
        ranking: Ranking = RANKINGS[SHIPPED],
        calibration: Calibration | None = None,
        logits: Logits = shipped_logits,
        tokens: Callable[[], TokenTextEncoder] = token_encoder,
    ) -> None:
        """Ask `source` with `encoder`.

        Args:
            source: what answers a query with candidates.
            encoder: the encoder that the source's vectors come from.
            ranking: what a passage's score is made of.
            calibration: the source's own where none is given.
            logits: scores a question with passages, read together; higher is more relevant.
            tokens: the encoder of tokens, where the source has codes of them.
        """
        self.source = source
        self.encoder = encoder
        self.ranking = ranking
        self.calibration = calibration or Calibration.from_json(dict(source.about.calibration))
        self._logits = logits
        self._tokens = tokens

    @property
    def about(self) -> About:
        """What the source says of itself."""
        return self.source.about

    def article(self, article_id: str) -> Article | None:
        """The article with this id, or None."""
        return self.source.article(article_id)

    def articles(self) -> Iterator[tuple[str, str]]:
        """Id and title of every article, in the order of the ids."""
        return self.source.articles()

    def passages_of(self, article_id: str) -> list[Passage]:
        """The passages of an article in the order of its text."""
        return self.source.passages_of(article_id)

    def load(self, rankings: Iterable[Ranking] = ()) -> None:
        """Load the models of these rankings (none given: of its own) before a question needs them.

        Raises:
            PassagesError: one cannot be loaded.
        """
        wanted = list(rankings) or [self.ranking]
        self.encoder()
        if any(ranking.late for ranking in wanted):
            self._token_encoder()
        if any(ranking.rerank for ranking in wanted):
            cross_encoder()

    def calibrated(self, calibration: Calibration) -> Index:
        """The same index with another calibration, to fit one."""
        return Index(
            self.source, self.encoder, self.ranking, calibration, self._logits, self._tokens
        )

    def ranked_by(self, ranking: Ranking) -> Index:
        """The same index with another ranking."""
        return Index(
            self.source, self.encoder, ranking, self.calibration, self._logits, self._tokens
        )

    def search(self, question: str, k: int = 10, articles: Collection[str] | None = None) -> Answer:
        """The `k` passages that answer the question best, among `articles` (ids) if given."""
        return self.answers(question, {"": self.ranking}, k, articles)[""]

    def answers(
        self,
        question: str,
        rankings: Mapping[str, Ranking],
        k: int = 10,
        articles: Collection[str] | None = None,
    ) -> dict[str, Answer]:
        """The answer by each ranking, by its name: the candidates are gathered and read once."""
        candidates = self.gather(question, articles) if k >= 1 else None
        return {
            name: Answer(question, covered=False, confidence=0.0, hits=())
            if candidates is None
            else self._answer(question, candidates, ranking, k)
            for name, ranking in rankings.items()
        }

    def gather(self, question: str, articles: Collection[str] | None = None) -> Candidates | None:
        """All that scores the passages found for a question; None where nothing is found."""
        asked = clean(question)
        if not asked or (articles is not None and not articles):
            return None
        tokens = self._token_encoder()
        query = make_query(asked, self.source.words, self.encoder(), articles, tokens)
        found = self.source.find(query, CANDIDATES)
        if not len(found.places):
            return None
        signals = self.source.signals(query, found.places)
        if not self._serves(signals.languages):
            centre = self.calibration.centre
            signals = led_by_words(signals, self._languages or (), centre)
        return Candidates(query, found, signals, {})

    @cached_property
    def _languages(self) -> tuple[str, ...] | None:
        """The languages that the encoder serves; None where it is not known."""
        return languages_of(self.encoder().model.name)

    def _serves(self, codes: Iterable[str]) -> bool:
        return self._languages is None or all(code in self._languages for code in codes)

    def _token_encoder(self) -> TokenTextEncoder | None:
        built_with = self.about.token_model
        if built_with is None:
            return None
        encoder = self._tokens()
        if encoder.model != built_with:
            raise IndexDamaged(
                f"the codes of tokens come from {built_with.name} {built_with.fingerprint}, "
                f"this program has {encoder.model.fingerprint}: build the index anew"
            )
        return encoder

    def _answer(self, question: str, given: Candidates, ranking: Ranking, k: int) -> Answer:
        if self.about.token_model is None:
            ranking = without_tokens(ranking)
        scores = self._scores(given, ranking)
        found = self._ordered(given, scores, max(k, MOST, COVERING))
        order = found.order
        asked = asked_of(given.query, self.source.words)
        seen = self._features(given, order, asked)
        closest = [given.read[int(place)].passage.article.code for place in order[:MOST]]
        if ranking.rerank and all(code in CROSS_ENCODER.languages for code in closest):
            text = lambda place: given.read[place].passage.encoder_text  # noqa: E731
            scores = rerank(
                given.query.text, found.once(scores), text, self._logits, ranking.rerank
            )
            order = np.argsort(-scores, kind="stable")[: len(order)]
        confidence = self.calibration.confidence(seen)
        plain_hits = self._hits(given, scores, order[:k], found, asked)
        hits = self._judged(plain_hits, self.calibration.logit(seen))
        return Answer(
            question,
            covered=confidence >= self.calibration.threshold,
            confidence=confidence,
            hits=hits,
            sure=confidence >= self.calibration.sure and not hits[0].lacking.caps,
            unknown=asked.unknown,
            wording=given.query.wording.text,
            replaced=given.query.wording.replaced,
            stems=given.query.stems,
            features=seen,
            measured=closest[0] in MEASURED,
        )

    def _scores(self, given: Candidates, ranking: Ranking) -> Values:
        scores = score(given.signals, self.calibration.spread, ranking)
        return put_last(scores, given.signals.boilerplate)

    def _ordered(self, given: Candidates, scores: Values, n: int) -> Ordered:
        """The candidates best first, each text once; the best `n` are read."""
        texts = given.signals.texts
        best = np.argsort(-scores, kind="stable")[:n]
        self._read(given, np.concatenate([best, repeats(texts)]))
        found = ordered(scores, texts, lambda place: given.read[place].passage)
        self._read(given, found.order[:n])
        return found

    def _read(self, given: Candidates, order: NDArray[np.int64]) -> None:
        wanted = sorted({int(place) for place in order if int(place) not in given.read})
        if not wanted:
            return
        found = self.source.read([int(given.found.places[place]) for place in wanted])
        given.read.update(zip(wanted, found, strict=True))

    def _features(
        self, given: Candidates, order: NDArray[np.int64], asked: Asked
    ) -> NDArray[np.float64]:
        query, best = given.query, given.read[int(order[0])]
        lacks, rise = lacking(asked, best.passage), self._rise(query, best)
        known, words = query.share_of(given.found.known), len(query.terms)
        covered = coverage(query.words, self._tokens_of(given, order[:COVERING]))
        return features(given.signals, known, words, covered, self.calibration, rise, lacks)

    def _tokens_of(self, given: Candidates, places: NDArray[np.int64]) -> list[TokenVectors]:
        """The vectors of the tokens of these candidates, of those that have any."""
        codes = [given.read[int(place)].codes for place in places]
        encoder = self._token_encoder()
        return [encoder.decode(each) for each in codes if encoder and each is not None]

    def _rise(self, query: Query, best: Read) -> float:
        """How far the best sentence's cosine rises without the words that its passage lacks."""
        passage = best.passage
        if not self._serves([passage.article.code]):
            return 0.0
        rest = without_lacking(query.corrected, passage.encoder_text, passage.article.code)
        if rest in ("", query.corrected):
            return 0.0
        wordings = query.vector, self.encoder().encode_questions([rest])[0]
        whole, part = (best.cosines(vector).max() for vector in wordings)
        return float(part - whole)

    def _hits(
        self,
        given: Candidates,
        scores: Values,
        order: NDArray[np.int64],
        found: Ordered,
        asked: Asked,
    ) -> tuple[Hit, ...]:
        hits = []
        for rank, place in enumerate(order.tolist(), start=1):
            read = given.read[place]
            passage = read.passage
            if self._serves([passage.article.code]):
                best = int(read.cosines(given.query.vector).argmax())
            else:
                best = best_sentence(given.query, read)
            start, end = passage.sentences[best]
            span = passage.in_text((start, end))
            words = passage.words[start:end]
            lacks = lacking(asked, passage, (start, end))
            value, signals = float(scores[place]), hit_signals(given, place)
            others = [given.read[other].passage for other in found.repeated.get(place, ())]
            hit = Hit(rank, value, passage, words, span, lacks, signals=signals)
            hits.append(replace(hit, other_places=tuple(others)))
        return tuple(hits)

    def _judged(self, hits: Sequence[Hit], logit: float) -> tuple[Hit, ...]:
        """The hits with the probability that each answers."""
        strong = self._strong
        judged = []
        for hit, row in zip(hits, hit_rows(hits, logit), strict=True):
            likely = self.calibration.probability(row)
            is_strong = likely is not None and strong is not None and likely >= strong
            is_strong = is_strong and hit.rank == 1 and not hit.lacking.caps
            judged.append(replace(hit, probability=likely, strong=is_strong))
        return tuple(judged)

    @cached_property
    def _strong(self) -> float | None:
        """From which probability on a word of strength holds over these articles."""
        alike = self.about.articles == len(self.calibration.judged)
        return self.calibration.strong_over([name for name, _ in self.articles()] if alike else ())


def hit_rows(hits: Sequence[Hit], logit: float) -> list[list[float]]:
    """The `HIT_FEATURES` of each hit of an answer with this logit."""
    return [
        hit_features(
            logit,
            hit.rank,
            hits[0].score - hit.score,
            hit.lacking,
            hits[0].lacking,
            _found(hit) - _found(hits[0]),
        )
        for hit in hits
    ]


def _found(hit: Hit) -> float:
    return hit.signals.found if hit.signals else 0.0
