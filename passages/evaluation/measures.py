"""Judged questions -> runs -> measures, each with its interval.

A run is what `search` returned for every question. Every measure is a number a question first; a
mean is only ever taken over all questions, those with nothing found included as zeros.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import ir_measures
import numpy as np
from ir_measures import Qrel, ScoredDoc
from numpy.typing import NDArray
from scipy.stats import mannwhitneyu

from passages.evaluation.judgements import JudgedQuestion, Place, QuoteFinder
from passages.search.answer import Answer, Hit
from passages.search.searcher import Index

CUTOFF = 10
RANKING_MEASURES = ("nDCG@10", "RR@10", "Success@1", "R@10")
_RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Judged:
    """A question as it was answered, in `seconds`; `places` are where its quotes stand."""

    question: JudgedQuestion
    places: tuple[Place, ...]
    answer: Answer
    seconds: float = 0.0

    @property
    def first_relevant(self) -> Hit | None:
        """The first hit that overlaps a quote."""
        return next((hit for hit in self.answer.hits if self._answers(hit)), None)

    @property
    def words_to_answer(self) -> int:
        """Words a reader goes through until the answer: the passages above it and its own."""
        last = self.first_relevant
        hits = self.answer.hits[: last.rank if last else CUTOFF]
        return sum(len(hit.passage.text.split()) for hit in hits)

    @property
    def marked(self) -> bool:
        """Whether the marked sentence of the first relevant passage overlaps a quote."""
        hit = self.first_relevant
        if hit is None:
            return False
        start = hit.passage.start
        article, span = hit.passage.article.id, (start + hit.span[0], start + hit.span[1])
        return any(place.overlaps(article, *span) for place in self.places)

    def gains(self) -> list[list[int]]:
        """For each hit the quotes (numbers) that it is the first to overlap."""
        open_quotes = dict(enumerate(self.places))
        gains = []
        for hit in self.answer.hits:
            passage = hit.passage
            found = [
                number
                for number, place in open_quotes.items()
                if place.overlaps(passage.article.id, passage.start, passage.end)
            ]
            for number in found:
                del open_quotes[number]
            gains.append(found)
        return gains

    def _answers(self, hit: Hit) -> bool:
        passage = hit.passage
        span = passage.start, passage.end
        return any(place.overlaps(passage.article.id, *span) for place in self.places)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over questions with its 95 % bootstrap interval (percentiles of resampled means)."""

    mean: float
    low: float
    high: float


def quote_finder(index: Index) -> QuoteFinder:
    """Finds quotes in the articles of an index."""
    found = (index.article(name) for name, _ in index.articles())
    return QuoteFinder(article for article in found if article is not None)


def ask(
    questions: Sequence[JudgedQuestion],
    find: Callable[[JudgedQuestion], Sequence[Place]],
    search: Callable[[str], Answer],
    progress: Callable[[int], object] = lambda newly_done: None,
) -> list[Judged]:
    """Ask every question. All quotes are found first: a wrong judgement stops before any work.

    Raises:
        BadQuestions: a quote is not in the articles.
    """
    places = [tuple(find(question)) for question in questions]
    run = []
    for question, where in zip(questions, places, strict=True):
        started = time.perf_counter()
        answer = search(question.question)
        run.append(Judged(question, where, answer, time.perf_counter() - started))
        progress(1)
    return run


def as_trec(run: Iterable[Judged]) -> tuple[list[Qrel], list[ScoredDoc]]:
    """A run as qrels and scored documents that give each quote one gain.

    A document is a quote at the first passage that overlaps it, or else the passage. So a quote
    cut in two passages counts once, a passage with two quotes stands for both, and a quote that
    no passage covers stays in the ideal.
    """
    qrels, scored = [], []
    for judged in run:
        name = judged.question.id
        qrels += [Qrel(name, f"quote-{number}", 1) for number in range(len(judged.places))]
        documents: list[str] = []
        for hit, quotes in zip(judged.answer.hits, judged.gains(), strict=True):
            passage = hit.passage
            place = f"{passage.article.id}:{passage.start}-{passage.end}"
            documents += [f"quote-{number}" for number in quotes] or [place]
        # Ranks, not scores, decide: equal scores would be put in another order by the tools.
        scored += [ScoredDoc(name, doc, -float(rank)) for rank, doc in enumerate(documents)]
    return qrels, scored


def per_question(run: Sequence[Judged]) -> dict[str, NDArray[np.float64]]:
    """Each measure for each answerable question of the run, in its order.

    nDCG, RR, Success and R by `ir_measures` with the gains of `as_trec`; `words_to_answer` in
    words, capped at ten passages; `marked` is 1 where the marked sentence overlaps a quote.
    """
    answerable = [judged for judged in run if judged.places]
    places = {judged.question.id: place for place, judged in enumerate(answerable)}
    values = {name: np.zeros(len(answerable)) for name in RANKING_MEASURES}
    qrels, scored = as_trec(answerable)
    measures = [ir_measures.parse_measure(name) for name in RANKING_MEASURES]
    if qrels:
        for metric in ir_measures.iter_calc(measures, qrels, scored):
            values[str(metric.measure)][places[metric.query_id]] = metric.value
    values["words_to_answer"] = np.array([float(judged.words_to_answer) for judged in answerable])
    values["marked"] = np.array([float(judged.marked) for judged in answerable])
    return values


def estimate(values: NDArray[np.float64], seed: int = 0) -> Estimate:
    """Mean of `values` (questions,) and its 95 % interval by resampling questions."""
    if not len(values):
        return Estimate(float("nan"), float("nan"), float("nan"))
    picks = np.random.default_rng(seed).integers(0, len(values), (_RESAMPLES, len(values)))
    low, high = np.percentile(values[picks].mean(axis=1), [2.5, 97.5])
    return Estimate(float(values.mean()), float(low), float(high))


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Probability that a random positive scores above a random negative (ties count half)."""
    if not positive or not negative:
        return float("nan")
    return float(mannwhitneyu(positive, negative).statistic) / (len(positive) * len(negative))


def refusals(run: Sequence[Judged]) -> dict[str, float]:
    """How well `covered` and `confidence` tell answerable questions from uncovered ones."""
    answerable = [judged.answer for judged in run if judged.places]
    uncovered = [judged.answer for judged in run if not judged.places]
    near = [j.answer for j in run if not j.places and j.question.kind == "near-miss"]
    sure = [answer.confidence for answer in answerable]
    return {
        "AUROC": auroc(sure, [answer.confidence for answer in uncovered]),
        "AUROC_near_miss": auroc(sure, [answer.confidence for answer in near]),
        "answerable_refused": _share(not answer.covered for answer in answerable),
        "uncovered_answered": _share(answer.covered for answer in uncovered),
        "near_miss_answered": _share(answer.covered for answer in near),
    }


def summarise(run: Sequence[Judged]) -> dict[str, Any]:
    """All measures of a run as JSON values: overall with intervals, and by kind of question."""
    kinds = sorted({judged.question.kind for judged in run if judged.places})
    values = per_question(run)
    intervals = {name: estimate(column) for name, column in values.items()}
    return {
        "questions": len(run),
        "not_covered": sum(not judged.places for judged in run),
        "measures": {
            **{name: interval.mean for name, interval in intervals.items()},
            "words_to_answer_median": _median(values["words_to_answer"]),
            "milliseconds_median": _median([judged.seconds * 1000 for judged in run]),
            **refusals(run),
        },
        "intervals": {name: [interval.low, interval.high] for name, interval in intervals.items()},
        "kinds": {kind: _means(run, values, kind) for kind in kinds},
        "per_question": [_line(judged) for judged in run],
    }


def finite(value: Any) -> Any:
    """The value with None for every number that JSON cannot write."""
    if isinstance(value, dict):
        return {name: finite(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [finite(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _means(
    run: Sequence[Judged], values: dict[str, NDArray[np.float64]], kind: str
) -> dict[str, float]:
    wanted = np.array([judged.question.kind == kind for judged in run if judged.places])
    means = {name: float(column[wanted].mean()) for name, column in values.items()}
    return {"questions": int(wanted.sum()), **means}


def _line(judged: Judged) -> dict[str, Any]:
    first = judged.first_relevant
    return {
        "id": judged.question.id,
        "question": judged.question.question,
        "kind": judged.question.kind,
        "first_relevant_rank": first.rank if first else None,
        "covered": judged.answer.covered,
        "confidence": round(judged.answer.confidence, 4),
    }


def _median(values: Sequence[float] | NDArray[np.float64]) -> float:
    return float(np.median(values)) if len(values) else float("nan")


def _share(flags: Iterable[bool]) -> float:
    listed = list(flags)
    return sum(listed) / len(listed) if listed else float("nan")
