"""Whether a run is good enough to pass: least values, and no worse than a saved run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from passages.errors import BadSetting
from passages.evaluation.figures.comparison import differences
from passages.evaluation.figures.estimates import estimate
from passages.evaluation.figures.summary import measures_in
from passages.evaluation.lines import Line, column
from passages.evaluation.measures import LOWER_IS_BETTER, RANKING_MEASURES

_LEAST = re.compile(r"([^=<>\s]+)\s*=\s*(\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Least:
    """A measure and the value it must reach; of words to the answer, must not exceed."""

    measure: str
    value: float


def parse_least(text: str) -> Least:
    """`"nDCG@10=0.85"` -> `Least("nDCG@10", 0.85)`.

    Raises:
        BadSetting: it is not of that form.
    """
    found = _LEAST.fullmatch(text.strip())
    if found is None:
        raise BadSetting(f"{text!r}: expected MEASURE=NUMBER, such as nDCG@10=0.85")
    return Least(found[1], float(found[2]))


def below(lines: Sequence[Line], least: Sequence[Least]) -> list[str]:
    """For each measure that does not reach its value a sentence that says so.

    Raises:
        BadSetting: the run has no such measure.
    """
    said = []
    for bound in least:
        if bound.measure not in measures_in(lines):
            known = ", ".join(measures_in(lines)) or "none: no question has an answer"
            raise BadSetting(f"no measure {bound.measure!r}: there are {known}")
        found = estimate(column(lines, bound.measure))
        lower = bound.measure in LOWER_IS_BETTER
        if found.mean > bound.value if lower else found.mean < bound.value:
            side = "above" if lower else "below"
            said.append(
                f"{bound.measure} is {found.mean:.4f} ({found.low:.4f} to {found.high:.4f}), "
                f"{side} {bound.value:g}"
            )
    return said


def worse(
    lines: Sequence[Line],
    saved: Sequence[Line],
    alpha: float,
    measures: Sequence[str] = RANKING_MEASURES,
) -> list[str]:
    """For each measure that is worse than in a saved run, beyond chance, a sentence that says so.

    Beyond chance: p below `alpha`, corrected for the number of measures looked at.

    Raises:
        BadQuestions: the saved run is of other questions, or lacks a measure.
    """
    said = []
    for row in differences(saved, {"now": lines}, measures):
        gained = -row.difference.mean if row.measure in LOWER_IS_BETTER else row.difference.mean
        if gained < 0 and row.p_holm < alpha:
            said.append(
                f"{row.measure} went from {row.first:.4f} to {row.second:.4f} "
                f"({row.difference.mean:+.4f}, p {row.p_holm:.4f}, corrected)"
            )
    return said
