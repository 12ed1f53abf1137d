"""Two runs over the same questions -> the difference, and whether chance explains it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from passages.errors import BadQuestions
from passages.evaluation.figures.estimates import Estimate, estimate, holm, paired_p
from passages.evaluation.figures.summary import measures_in
from passages.evaluation.lines import Line

MOVING = "nDCG@10"
_NAMED = 5  # ids of questions in a message


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure of two runs: `second - first` with its 95 % interval.

    `p` is that of the paired randomisation test, `p_holm` the same corrected for the number of
    comparisons that were made together.
    """

    setting: str
    measure: str
    first: float
    second: float
    difference: Estimate
    p: float
    p_holm: float


@dataclass(frozen=True, slots=True)
class Move:
    """A question whose first relevant passage moved; None means below the cut-off."""

    id: str
    question: str
    first: int | None
    second: int | None
    gain: float


def differences(
    first: Sequence[Line],
    others: Mapping[str, Sequence[Line]],
    measures: Sequence[str] | None = None,
) -> list[Difference]:
    """How far each other run differs from the first, measure by measure.

    Args:
        first: the run that the others are compared with.
        others: runs of the same questions, by the names of their settings.
        measures: those to compare; by default all that both runs have.

    Raises:
        BadQuestions: a run is of other questions, or of questions judged otherwise,
            or has not all the measures.
    """
    rows = []
    for setting, second in others.items():
        pairs = paired(first, second)
        both = [name for name in measures_in(first) if name in measures_in(second)]
        if lacking := [name for name in measures or () if name not in both]:
            raise BadQuestions(f"no measure {lacking[0]!r} in both runs: {', '.join(both)}")
        rows += [_difference(setting, name, pairs) for name in measures or both]
    corrected = holm([row.p for row in rows])
    return [replace(row, p_holm=p) for row, p in zip(rows, corrected, strict=True)]


def paired(first: Sequence[Line], second: Sequence[Line]) -> list[tuple[Line, Line]]:
    """The lines of both runs question by question, in the order of the first.

    Raises:
        BadQuestions: the runs are of other questions, or of questions judged otherwise.
    """
    lines = {line.id: line for line in second}
    ids = {line.id for line in first}
    if only := sorted(ids ^ lines.keys()):
        named = ", ".join(only[:_NAMED]) + (", …" if only[_NAMED:] else "")
        raise BadQuestions(
            f"the two runs are not of the same questions: {len(ids)} and {len(lines)}, "
            f"{len(only)} in one of them alone ({named})"
        )
    for line in first:
        other = lines[line.id]
        if (line.question, line.answerable) != (other.question, other.answerable):
            raise BadQuestions(f"question {line.id!r} is not the same in the two runs")
    return [(line, lines[line.id]) for line in first]


def moves(first: Sequence[Line], second: Sequence[Line], most: int = 10) -> list[Move]:
    """The questions whose nDCG@10 differs most between the runs, largest difference first."""
    moved = [
        Move(a.id, a.question, a.first_relevant_rank, b.first_relevant_rank, gain)
        for a, b in paired(first, second)
        if (gain := (b.measures.get(MOVING) or 0.0) - (a.measures.get(MOVING) or 0.0))
    ]
    return sorted(moved, key=lambda move: -abs(move.gain))[:most]


def _difference(setting: str, measure: str, pairs: Sequence[tuple[Line, Line]]) -> Difference:
    both = [(a.measures.get(measure), b.measures.get(measure)) for a, b in pairs]
    values = [(a, b) for a, b in both if a is not None and b is not None]
    first, second = np.array(values, np.float64).reshape(-1, 2).T
    gained = second - first
    same = Estimate(0.0, 0.0, 0.0)
    return Difference(
        setting=setting,
        measure=measure,
        first=float(first.mean()),
        second=float(second.mean()),
        difference=estimate(gained) if gained.any() else same,
        p=paired_p(first, second),
        p_holm=1.0,
    )
