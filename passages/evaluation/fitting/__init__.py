"""Judged questions -> the calibration of one encoder: its scale, and when to say "not covered".

An encoder of the catalogue has it in its record, printed by `python -m benchmarks.calibrate`. Any
other encoder is calibrated at its first build, on the shipped articles and the "fit" half of their
judged questions.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from passages.evaluation.fitting.sampling import (
    Collection,
    Sample,
    gathered,
    ids_of,
    scale_of_headings,
    shipped_collection,
)
from passages.extras import needs
from passages.models.calibration import FEATURES, HIT_FEATURES, Calibration
from passages.models.catalogue import DEFAULT_MODEL, ENCODERS
from passages.models.encoder import TextEncoder
from passages.models.supply import calibration_of

REFUSED = 0.05
"""Share of the answerable questions below the threshold, where it is fitted."""

RIGHT, SURELY_RIGHT, FEWEST = 0.85, 0.80, 50
"""How often a first hit that is called strong answers, the lower bound of that with 90 %
confidence, and of how many hits."""

UNCOVERED_ANSWERED = 0.15
"""Share of the questions without an answer that are said to be answered, at most."""


_COVERED = FEATURES.index("covered")
_FOLDS = 8


Judged = tuple[NDArray[np.float64], NDArray[np.bool_]]
"""Probabilities of hits, and which of them answer."""


def calibration_for(
    encoder: TextEncoder, before: Calibration | None = None, corpus: Path | None = None
) -> Calibration:
    """The encoder's calibration: shipped, or from the last snapshot, or fitted now.

    An installed package has no judged questions to fit on: there it is borrowed, in units of the
    encoder's own cosines over `corpus`.

    Raises:
        FileNotFoundError: there are no judged questions, and no corpus is given.
    """
    known = calibration_of(encoder.model.name) or before
    if known:
        return known
    try:
        shipped = shipped_collection()
    except FileNotFoundError:
        if corpus is None:
            raise
        return borrowed(encoder, corpus)
    return calibrate(encoder, [shipped], "the fit half of evaluation/")


def borrowed(encoder: TextEncoder, corpus: Path) -> Calibration:
    """What was fitted for the default encoder, in units of this one's cosines.

    A cosine between a heading and a passage stands in for one between a question and a passage. It
    tells no strong match: nobody has measured that.
    """
    known = ENCODERS[DEFAULT_MODEL].calibration
    assert known is not None  # noqa: S101  # it was fitted
    centre, spread = scale_of_headings(encoder, corpus)
    return replace(
        known,
        centre=_four(centre),
        spread=_four(spread) or known.spread,  # 0 where there is one passage
        fitted_on=f"what was fitted for {DEFAULT_MODEL}, not measured with this encoder",
        hits=(),
        strong=None,
        judged=(),
        strong_elsewhere=None,
    )


def calibrate(
    encoder: TextEncoder, collections: Sequence[Collection], fitted_on: str
) -> Calibration:
    """Fit a calibration on the first collection; see `fitted`."""
    start, samples = gathered(encoder, collections)
    return fitted(start, samples, fitted_on, ids_of(collections[0]))


def fitted(
    start: Calibration, samples: Sequence[Sample], fitted_on: str, judged: tuple[str, ...]
) -> Calibration:
    """Fit on the first sample, whose articles are `judged`; answerable or not weigh the same.

    The others say whether words of strength hold over articles that nothing was fitted on.
    """
    with needs("evaluate", "calibrating an encoder"):
        import sklearn.linear_model  # noqa: F401, a second of import

    given = samples[0]
    calibration = _confidence(start, given)
    sure = np.array([calibration.confidence(row) for row in given.features])
    capped = given.features[:, FEATURES.index("capped")] > 0
    threshold = _four(float(np.quantile(sure[given.answerable], REFUSED)))
    uncovered = np.where(capped, 0.0, sure)[~given.answerable]
    answered = _four(float(np.quantile(uncovered, 1 - UNCOVERED_ANSWERED)))
    n = given.answerable.sum()
    calibration = replace(
        calibration,
        threshold=threshold,
        sure=max(threshold, 0.5, answered),
        fitted_on=f"{fitted_on}: {n} answerable, {len(given.answerable) - n} not",
    )
    calibration = _with_hits(calibration, given, judged)
    return replace(calibration, strong_elsewhere=_holds_elsewhere(calibration, samples[1:]))


def _confidence(start: Calibration, *samples: Sample) -> Calibration:
    """The calibration with a logistic regression on standardised features of the samples."""
    from sklearn.linear_model import LogisticRegression

    rows = np.concatenate([given.features for given in samples])
    answerable = np.concatenate([given.answerable for given in samples])
    weights = np.concatenate([_weights(given.answerable) for given in samples])
    lacks = np.isnan(rows[:, _COVERED])
    covered = 0.0 if lacks.all() else _four(float(rows[~lacks, _COVERED].mean()))
    rows = np.where(np.isnan(rows), covered, rows)
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    model = LogisticRegression(C=1.0, max_iter=1000)
    model.fit((rows - mean) / spread, answerable, weights)
    coefficients = model.coef_[0] / spread
    return replace(
        start,
        coefficients=_rounded(coefficients),
        intercept=_four(float(model.intercept_[0] - coefficients @ mean)),
        covered=covered,
    )


def left_out(start: Calibration, samples: Sequence[Sample]) -> Iterator[NDArray[np.float64]]:
    """For each sample the confidence (questions,) by a fit on the others; none for a single one."""
    for given in samples if len(samples) > 1 else ():
        others = _confidence(start, *(each for each in samples if each is not given))
        yield _confidences(others, given)


def held_out(start: Calibration, given: Sample) -> NDArray[np.float64]:
    """The confidence (questions,) of each question, fitted on the folds that it is not in."""
    from sklearn.model_selection import StratifiedKFold

    found = np.zeros(len(given.answerable))
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    for known, rest in folds.split(given.features, given.answerable):
        calibration = _confidence(start, _part(given, known))
        found[rest] = _confidences(calibration, _part(given, rest))
    return found


def _part(given: Sample, rows: NDArray[np.int64]) -> Sample:
    return replace(given, features=given.features[rows], answerable=given.answerable[rows])


def _confidences(calibration: Calibration, given: Sample) -> NDArray[np.float64]:
    return np.array([calibration.confidence(row) for row in given.features])


def _with_hits(calibration: Calibration, given: Sample, judged: tuple[str, ...]) -> Calibration:
    """The calibration with the probability of a hit, and the threshold for calling it strong.

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
    coefficients = *_rounded(fitted.coef_[0]), _four(float(fitted.intercept_[0]))
    left, likely = logits.copy(), np.zeros(len(given.right))
    questions = np.arange(len(logits))
    for known, rest in GroupKFold(_FOLDS).split(questions, groups=questions):
        without = _confidence(calibration, _part(given, known))
        left[rest] = [without.logit(row) for row in given.features[rest]]
    rows = _rows(given, left)
    for known, rest in GroupKFold(_FOLDS).split(rows, groups=given.asked):
        likely[rest] = model.fit(rows[known], given.right[known]).predict_proba(rows[rest])[:, 1]
    strong = least_right([_first_hits(rows, likely, given.right)])
    return replace(calibration, hits=coefficients, strong=strong, judged=judged)


def _holds_elsewhere(calibration: Calibration, others: Sequence[Sample]) -> float | None:
    """From where on a word of strength holds over every one of the others.

    One quote a question has a label there, so that a passage which answers as well counts as wrong.
    """
    if not others or not calibration.hits:
        return None
    first = []
    for given in others:
        logits = np.array([calibration.logit(row) for row in given.features])
        rows = _rows(given, logits)
        likely = np.array([calibration.probability(row) or 0.0 for row in rows.tolist()])
        first.append(_first_hits(rows, likely, given.right))
    return least_right(first)


def _first_hits(
    rows: NDArray[np.float64], likely: NDArray[np.float64], right: NDArray[np.bool_]
) -> Judged:
    """Of the first hits that lack no name and no number."""
    capped = rows[:, HIT_FEATURES.index("capped")] > 0
    first = (rows[:, HIT_FEATURES.index("rank")] == 0) & ~capped
    return likely[first], right[first]


def _rows(given: Sample, logits: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack([logits[given.asked], given.hits[:, 1:]])


def least_right(judged: Sequence[Judged]) -> float | None:
    """The least probability from which on, wherever it is cut, hits are right often enough.

    Often enough of each collection's hits; None where that is nowhere so.
    """
    found = None
    for least in np.arange(0.95, 0.45, -0.05):
        chosen = [right[likely >= least] for likely, right in judged]
        if any(len(right) < FEWEST for right in chosen):
            continue
        if not all(_is_right(right) for right in chosen):
            break
        found = round(float(least), 2)
    return found


def _is_right(right: NDArray[np.bool_]) -> bool:
    mean = float(right.mean())
    lower = mean - 1.2816 * math.sqrt(mean * (1 - mean) / len(right))
    return mean >= RIGHT and lower >= SURELY_RIGHT


def _rounded(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(map(_four, values))


def _four(value: float) -> float:
    return round(float(value), 4)


def _weights(answerable: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Weights that sum to 1, half for each kind."""
    share = answerable.mean()
    weights: NDArray[np.float64] = np.where(answerable, 0.5 / share, 0.5 / (1 - share))
    return weights / len(answerable) * 100
