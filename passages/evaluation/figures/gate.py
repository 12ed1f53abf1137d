"""Whether a run is good enough to pass: least values, and no worse than a saved run."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from passages.errors import BadSetting
from passages.evaluation.figures.comparison import differences
from passages.evaluation.figures.summary import refusal_names
from passages.evaluation.judgements import JudgedQuestion
from passages.evaluation.lines import Line
from passages.evaluation.measures import LOWER_IS_BETTER, RANKING_MEASURES, measure_names

TIMES = "milliseconds_median", "milliseconds_p95"

_LEAST = re.compile(r"([^=<>\s](?:[^=<>]*[^=<>\s])?)\s*=\s*(\d+(?:\.\d+)?)")
_NONE = (math.nan, math.nan)


@dataclass(frozen=True, slots=True)
class Least:
    """A measure and the value it must reach, or must not exceed where lower is better.

    That is so of words to the answer, of milliseconds, and of what is refused or answered by
    mistake.
    """

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


def check_names(
    least: Sequence[Least], questions: Sequence[JudgedQuestion], ks: Sequence[int]
) -> None:
    """Refuse an unknown measure before any question is asked.

    Raises:
        BadSetting: there is no such measure; the message names those that there are.
    """
    uncovered = (question.kind for question in questions if not question.relevant)
    known = [*measure_names(ks), *refusal_names(uncovered), *TIMES]
    for bound in least:
        if bound.measure not in known:
            raise BadSetting(f"no measure {bound.measure!r}: there are {', '.join(known)}")


def below(summary: Mapping[str, Any], least: Sequence[Least]) -> list[str]:
    """A sentence for each measure of a run's summary that does not reach its value.

    Raises:
        BadSetting: the measure means nothing for these questions.
    """
    said = []
    for bound in least:
        mean = summary["measures"].get(bound.measure)
        if mean is None or math.isnan(mean):
            raise BadSetting(
                f"{bound.measure} says nothing of these questions: it cannot be a gate"
            )
        lower = _lower_is_better(bound.measure)
        if mean > bound.value if lower else mean < bound.value:
            said.append(
                f"{bound.measure} is {mean:.4f}{_between(summary, bound.measure)}, "
                f"{'above' if lower else 'below'} {bound.value:g}"
            )
    return said


def worse(
    lines: Sequence[Line],
    saved: Sequence[Line],
    alpha: float,
    measures: Sequence[str] = RANKING_MEASURES,
) -> list[str]:
    """A sentence for each measure that is worse than in a saved run, beyond chance.

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


def _lower_is_better(measure: str) -> bool:
    is_share = measure.endswith(("_refused", "_answered")) or measure.startswith("answered: ")
    return is_share or measure in LOWER_IS_BETTER or measure in TIMES


def _between(summary: Mapping[str, Any], measure: str) -> str:
    found = summary["refusals"].get(measure)
    low, high = (found["low"], found["high"]) if found else summary["intervals"].get(measure, _NONE)
    return "" if math.isnan(low) else f" ({low:.4f} to {high:.4f})"
