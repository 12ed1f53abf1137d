"""Judged questions -> the calibration of one encoder: its scale, and when to say "not covered".

An encoder of the catalogue has it in its record, printed by `python -m benchmarks.calibrate`. Any
other encoder is calibrated at its first build, on the shipped articles and the "fit" half of their
judged questions.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from passages.building.cutting import CHUNKING, cut
from passages.building.intake import read_synonyms, take_in
from passages.evaluation.judgements import JudgedQuestion, read_questions
from passages.extras import needs
from passages.index.snapshot import Snapshot
from passages.index.writer import Origin, write_snapshot
from passages.language.synonyms import parse_synonyms
from passages.models.calibration import FEATURES, Calibration
from passages.models.encoder import TextEncoder
from passages.models.supply import record_of
from passages.search.opened import index_of_snapshot
from passages.search.scoring import RANKINGS
from passages.search.searcher import Index

REFUSED = 0.05
"""Share of the answerable questions below the threshold, where it is fitted."""

UNFITTED = Calibration(0.0, 1.0, (0.0,) * len(FEATURES), 0.0, 0.0, "nothing")

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Collection:
    """A folder of articles and judged questions on them."""

    corpus: Path
    questions: Sequence[JudgedQuestion]


@dataclass(frozen=True, slots=True)
class Sample:
    """Features (questions, features) of a collection, and which questions are answerable."""

    features: NDArray[np.float64]
    answerable: NDArray[np.bool_]


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
    fitted = LogisticRegression(C=1.0).fit(features, answerable, weights)
    calibration = replace(
        start,
        coefficients=tuple(float(value) for value in fitted.coef_[0].round(4)),
        intercept=float(fitted.intercept_[0].round(4)),
        fitted_on=f"{fitted_on}: {answerable.sum()} answerable, {(~answerable).sum()} not",
    )
    sure = [
        np.quantile(
            [calibration.confidence(row) for row in given.features[given.answerable]], REFUSED
        )
        for given in samples
    ]
    return replace(calibration, threshold=round(float(np.mean(sure)), 4))


def scale(snapshot: Snapshot, encoder: TextEncoder, collection: Collection) -> tuple[float, float]:
    """Mean of question-to-passage cosines, and their standard deviation over passages."""
    asked = [question.text for question in collection.questions]
    questions = encoder.encode_questions(asked)
    passages = snapshot.vectors[: len(snapshot)].astype(np.float32)
    cosines = questions @ passages.T
    return float(cosines.mean()), float(cosines.std(axis=1).mean())


def sample(index: Index, collection: Collection) -> Sample:
    """Ask the questions and keep what the confidence is computed from."""
    names = {name for name, _ in index.articles()}
    rows, answerable = [], []
    has_uncovered = any(not question.relevant for question in collection.questions)
    for question in collection.questions:
        rows.append(index.search(question.text, k=1).features)
        answerable.append(bool(question.relevant))
        if not has_uncovered:
            others = names - {str(quote.article) for quote in question.relevant}
            rows.append(index.search(question.text, k=1, articles=others).features)
            answerable.append(False)
    return Sample(np.array(rows), np.array(answerable))


def index_of(collection: Collection, encoder: TextEncoder, folder: Path) -> Index:
    """An index of the collection in the new folder `folder`, not calibrated yet."""
    done = cut(take_in(collection.corpus, None, passages_hold=False)[0], encoder)
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
    return index_of_snapshot(snapshot, lambda model: encoder).ranked_by(RANKINGS["full"])


def _weights(answerable: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Weights that sum to 1, half of it for either kind."""
    share = answerable.mean()
    weights: NDArray[np.float64] = np.where(answerable, 0.5 / share, 0.5 / (1 - share))
    return weights / len(answerable) * 100
