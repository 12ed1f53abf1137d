"""Two runs over the same questions -> the difference, and whether chance explains it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import permutation_test

from passages.errors import BadQuestions
from passages.evaluation.measures import Estimate, Judged, estimate, per_question

_PERMUTATIONS = 9999


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure of two runs: `second - first` with its 95 % interval.

    `p` is the share of random swaps of the two runs' values, question by question, that give a
    mean difference at least as large (paired randomisation test, two-sided).
    """

    measure: str
    first: float
    second: float
    difference: Estimate
    p: float


@dataclass(frozen=True, slots=True)
class Move:
    """A question whose first relevant passage stands at another rank; None is not in the top."""

    id: str
    question: str
    first: int | None
    second: int | None
    gain: float


def compare(first: Sequence[Judged], second: Sequence[Judged]) -> list[Difference]:
    """Compare two runs measure by measure.

    Raises:
        BadQuestions: the runs are not of the same questions in the same order.
    """
    if [judged.question for judged in first] != [judged.question for judged in second]:
        raise BadQuestions("the two runs are not of the same questions")
    values = per_question(first), per_question(second)
    return [_difference(name, values[0][name], values[1][name]) for name in values[0]]


def moves(first: Sequence[Judged], second: Sequence[Judged], most: int = 10) -> list[Move]:
    """The questions whose nDCG@10 differs most between the runs, largest difference first."""
    answerable = [pair for pair in zip(first, second, strict=True) if pair[0].places]
    gains = per_question(second)["nDCG@10"] - per_question(first)["nDCG@10"]
    order = [int(place) for place in np.argsort(-np.abs(gains), kind="stable")[:most]]
    return [_move(*answerable[place], float(gains[place])) for place in order if gains[place]]


def _difference(name: str, first: NDArray[np.float64], second: NDArray[np.float64]) -> Difference:
    gained = second - first
    if not gained.any():
        return Difference(name, first.mean(), second.mean(), Estimate(0.0, 0.0, 0.0), 1.0)
    test = permutation_test(
        (first, second),
        lambda a, b, axis: b.mean(axis=axis) - a.mean(axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=_PERMUTATIONS,
        rng=np.random.default_rng(0),
    )
    return Difference(
        name, float(first.mean()), float(second.mean()), estimate(gained), float(test.pvalue)
    )


def _move(first: Judged, second: Judged, gain: float) -> Move:
    ranks = [hit.rank if (hit := run.first_relevant) else None for run in (first, second)]
    return Move(first.question.id, first.question.question, ranks[0], ranks[1], gain)
