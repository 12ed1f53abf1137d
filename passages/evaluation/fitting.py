"""Judged questions -> the calibration of one encoder: its scale, and when to say "not covered".

An encoder of the catalogue has it in its record, printed by `python -m benchmarks.calibrate`. Any
other encoder is calibrated at its first build, on the shipped articles and the "fit" half of their
judged questions.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from passages.building.cutting import CHUNKING, cut
from passages.building.intake import read_corpus, read_synonyms
from passages.evaluation.asking import Answered
from passages.evaluation.judgements import JudgedQuestion, read_questions
from passages.evaluation.quotes import quote_finder
from passages.extras import needs
from passages.index.generation import Generation
from passages.index.snapshot import Snapshot
from passages.index.writer import Origin, write_snapshot
from passages.language.synonyms import parse_synonyms
from passages.models.calibration import FEATURES, HIT_FEATURES, Calibration
from passages.models.encoder import TextEncoder
from passages.models.supply import record_of
from passages.search.opened import index_of_published
from passages.search.scoring import RANKINGS, SHIPPED
from passages.search.searcher import Index, hit_rows

REFUSED = 0.05
"""Share of the answerable questions below the threshold, where it is fitted."""

RIGHT, SURELY_RIGHT, FEWEST = 0.85, 0.80, 50
"""How often a first hit that is called strong answers, the lower bound of that with 90 %
confidence, and of how many hits."""

UNCOVERED_ANSWERED = 0.15
"""Share of the questions without an answer that are said to be answered, at most."""

_HITS = 5
_FOLDS = 8

UNFITTED = Calibration(0.0, 1.0, (0.0,) * len(FEATURES), 0.0, 0.0, "nothing")

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Collection:
    """A folder of articles and judged questions on them."""

    corpus: Path
    questions: Sequence[JudgedQuestion]


@dataclass(frozen=True, slots=True)
class Sample:
    """Features (questions, features) of a collection, and which questions are answerable.

    `hits` (hits, hit features) are those of pooled questions, with the logit still to be put
    first; `right` (hits,) says which of them answer, and `asked` (hits,) is the question's row.
    """

    features: NDArray[np.float64]
    answerable: NDArray[np.bool_]
    hits: NDArray[np.float64]
    right: NDArray[np.bool_]
    asked: NDArray[np.int64]


def calibration_for(encoder: TextEncoder, before: Calibration | None = None) -> Calibration:
    """The encoder's calibration: shipped, or from the last snapshot, or fitted now.

    Raises:
        FileNotFoundError: to be fitted now, and the shipped articles or questions are not there.
    """
    record = record_of(encoder.model.name)
    known = (record.calibration if record else None) or before
    if known:
        return known
    return calibrate(encoder, [shipped_collection()], "the fit half of evaluation/")


def shipped_collection() -> Collection:
    """The shipped articles with the half of their judged questions that is there to fit on.

    Raises:
        FileNotFoundError: the library stands without its articles and questions.
    """
    questions = read_questions(_ROOT / "evaluation" / "questions.jsonl")
    fit = [question for question in questions if question.half == "fit"]
    return Collection(_ROOT / "corpus", fit)


def calibrate(
    encoder: TextEncoder, collections: Sequence[Collection], fitted_on: str
) -> Calibration:
    """Fit a calibration; every collection weighs the same, and so do answerable and not.

    The encoder's scale is that of the first collection.

    A collection whose questions are all answerable is asked a second time, each question without
    the articles that answer it: so it has as many questions that the rest does not cover.
    """
    with needs("evaluate", "calibrating an encoder"):
        from sklearn.linear_model import LogisticRegression  # a second of import

    with tempfile.TemporaryDirectory() as folder:
        indexes = [
            index_of(collection, encoder, Path(folder) / str(number))
            for number, collection in enumerate(collections)
        ]
        first = Snapshot(Path(folder) / "0" / "snapshot")
        centre, spread = scale(first, encoder, collections[0])
        start = replace(UNFITTED, centre=round(centre, 4), spread=round(spread, 4))
        samples = [
            sample(index.calibrated(start), c)
            for index, c in zip(indexes, collections, strict=True)
        ]
    features = np.concatenate([given.features for given in samples])
    answerable = np.concatenate([given.answerable for given in samples])
    weights = np.concatenate([_weights(given.answerable) for given in samples])
    fitted = LogisticRegression(C=1.0, max_iter=1000).fit(features, answerable, weights)
    calibration = replace(
        start,
        coefficients=_rounded(fitted.coef_[0]),
        intercept=round(float(fitted.intercept_[0]), 4),
        fitted_on=f"{fitted_on}: {answerable.sum()} answerable, {(~answerable).sum()} not",
    )
    refused, answered = [], []
    for given in samples:
        sure = np.array([calibration.confidence(row) for row in given.features])
        capped = given.features[:, FEATURES.index("capped")] > 0
        refused.append(np.quantile(sure[given.answerable], REFUSED))
        uncovered = np.where(capped, 0.0, sure)[~given.answerable]
        answered.append(np.quantile(uncovered, 1 - UNCOVERED_ANSWERED))
    threshold = round(float(np.mean(refused)), 4)
    return _with_hits(
        replace(calibration, threshold=threshold, sure=max(threshold, 0.5, *map(_four, answered))),
        samples[0],
        tuple(sorted(name for name, _ in indexes[0].articles())),
    )


def _with_hits(calibration: Calibration, given: Sample, judged: tuple[str, ...]) -> Calibration:
    """The calibration with what tells a hit that answers, and from where on it is called strong.

    That is found on questions that were held out: neither the confidence nor the probability was
    fitted on them.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold

    if not len(given.right) or given.right.all() or not given.right.any():
        return calibration
    logits = np.array([calibration.logit(row) for row in given.features])
    model = LogisticRegression(C=1.0, max_iter=2000)
    fitted = model.fit(_rows(given, logits), given.right)
    coefficients = *_rounded(fitted.coef_[0]), round(float(fitted.intercept_[0]), 4)
    held_out, likely = logits.copy(), np.zeros(len(given.right))
    questions = np.arange(len(logits))
    for known, rest in GroupKFold(_FOLDS).split(questions, groups=questions):
        weights = _weights(given.answerable[known])
        model.fit(given.features[known], given.answerable[known], weights)
        held_out[rest] = model.decision_function(given.features[rest])
    rows = _rows(given, held_out)
    for known, rest in GroupKFold(_FOLDS).split(rows, groups=given.asked):
        likely[rest] = model.fit(rows[known], given.right[known]).predict_proba(rows[rest])[:, 1]
    capped = rows[:, HIT_FEATURES.index("capped")] > 0
    first = (rows[:, HIT_FEATURES.index("rank")] == 0) & ~capped
    strong = _least_right(likely[first], given.right[first])
    return replace(calibration, hits=coefficients, strong=strong, judged=judged)


def _rows(given: Sample, logits: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack([logits[given.asked], given.hits[:, 1:]])


def _least_right(likely: NDArray[np.float64], right: NDArray[np.bool_]) -> float | None:
    """The least probability from which on, wherever it is cut, hits are right often enough."""
    found = None
    for least in np.arange(0.95, 0.45, -0.05):
        chosen = right[likely >= least]
        if len(chosen) < FEWEST:
            continue
        mean = chosen.mean()
        if (
            mean < RIGHT
            or mean - 1.2816 * math.sqrt(mean * (1 - mean) / len(chosen)) < SURELY_RIGHT
        ):
            break
        found = round(float(least), 2)
    return found


def _rounded(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(map(_four, values))


def _four(value: float) -> float:
    return round(float(value), 4)


def scale(snapshot: Snapshot, encoder: TextEncoder, collection: Collection) -> tuple[float, float]:
    """Mean of question-to-passage cosines, and their standard deviation over passages."""
    asked = [question.text for question in collection.questions]
    questions = encoder.encode_questions(asked)
    passages = snapshot.vectors[: len(snapshot)].astype(np.float32)
    cosines = questions @ passages.T
    return float(cosines.mean()), float(cosines.std(axis=1).mean())


def sample(index: Index, collection: Collection) -> Sample:
    """Ask the questions and keep what confidence and probabilities are computed from."""
    names = {name for name, _ in index.articles()}
    features: list[NDArray[np.float64]] = []
    answerable: list[bool] = []
    hits: list[list[float]] = []
    right: list[bool] = []
    asked: list[int] = []
    has_uncovered = any(not question.relevant for question in collection.questions)
    rankings = {"plain": RANKINGS["full"], "shipped": RANKINGS[SHIPPED]}
    places = quote_finder(index).find(collection.questions)
    for question, there in zip(collection.questions, places, strict=True):
        pooled = rankings if question.pooled else {"plain": RANKINGS["full"]}
        answers = index.answers(question.text, pooled, _HITS)
        if question.pooled:
            answered = Answered(question, there, answers["shipped"])
            hits += hit_rows(answered.answer.hits, 0.0)
            right += [answered.answers(hit) for hit in answered.answer.hits]
            asked += [len(features)] * len(answered.answer.hits)
        features.append(answers["plain"].features)
        answerable.append(bool(question.relevant))
        if not has_uncovered:
            others = names - {str(quote.article) for quote in question.relevant}
            features.append(index.search(question.text, k=1, articles=others).features)
            answerable.append(False)
    return Sample(
        np.array(features),
        np.array(answerable),
        np.array(hits, np.float64).reshape(-1, len(HIT_FEATURES)),
        np.array(right, np.bool_),
        np.array(asked, np.int64),
    )


def index_of(collection: Collection, encoder: TextEncoder, folder: Path) -> Index:
    """An index of the collection in the new folder `folder`, not calibrated yet."""
    done = cut(read_corpus(collection.corpus)[0], encoder)
    articles = [item.article for item in done.taken]
    codes = sorted({article.code for article in articles})
    origin = Origin(
        corpus=str(collection.corpus),
        articles={item.article.id: item.file for item in done.taken},
        chunking=CHUNKING,
        calibration=UNFITTED,
    )
    snapshot = write_snapshot(
        folder / "snapshot",
        articles,
        done.passages,
        encoder,
        origin,
        synonyms=parse_synonyms(read_synonyms(collection.corpus).text, codes),
    )
    index = index_of_published(Generation.of(snapshot), lambda model: encoder)
    return index.ranked_by(RANKINGS["full"])


def _weights(answerable: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Weights that sum to 1, half of it for either kind."""
    share = answerable.mean()
    weights: NDArray[np.float64] = np.where(answerable, 0.5 / share, 0.5 / (1 - share))
    return weights / len(answerable) * 100
