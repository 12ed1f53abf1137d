"""The lines of a run -> its means and shares with intervals, overall and by kind of question."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any, get_args

import numpy as np

from passages.evaluation.figures.estimates import Estimate, auroc_estimate, estimate, share
from passages.evaluation.lines import Line, column
from passages.search.answer import Verdict


def summarise(lines: Sequence[Line]) -> dict[str, Any]:
    """All measures of a run as JSON values, and its lines under `per_question`."""
    names = measures_in(lines)
    intervals = {name: estimate(column(lines, name)) for name in names}
    refusing = refusals(lines)
    return {
        "questions": len(lines),
        "not_covered": sum(not line.answerable for line in lines),
        "measures": {
            **{name: interval.mean for name, interval in intervals.items()},
            "words_to_answer_median": _percentile(column(lines, "words_to_answer"), 50),
            **milliseconds(lines),
            **{name: found.mean for name, found in refusing.items()},
        },
        "intervals": {name: [interval.low, interval.high] for name, interval in intervals.items()},
        "refusals": {name: _json(found) for name, found in refusing.items()},
        "kinds": by_kind(lines),
        "languages": by_language(lines),
        "per_question": [line.to_json() for line in lines],
    }


def measures_in(lines: Sequence[Line]) -> list[str]:
    """The measures that apply to at least one question, in their order."""
    names = dict.fromkeys(name for line in lines for name in line.measures)
    return [name for name in names if len(column(lines, name))]


def refusal_names(kinds: Iterable[str]) -> list[str]:
    """What `refusals` gives, of uncovered questions of these kinds."""
    names = "AUROC", "AUROC_near_miss", "answerable_refused", "uncovered_answered"
    by_kind = (f"{what}: {kind}" for kind in sorted(set(kinds)) for what in ("answered", "AUROC"))
    return [*names, "near_miss_answered", *by_kind]


def refusals(lines: Sequence[Line]) -> dict[str, Estimate]:
    """How well verdict and confidence tell answerable questions from uncovered ones.

    For each kind of uncovered questions also `answered: KIND` and `AUROC: KIND`.
    """
    answerable = [line for line in lines if line.answerable]
    uncovered = [line for line in lines if not line.answerable]
    near = [line for line in uncovered if line.kind == "near-miss"]
    found = {
        "AUROC": _auroc(answerable, uncovered),
        "AUROC_near_miss": _auroc(answerable, near),
        "answerable_refused": share(not line.covered for line in answerable),
        "uncovered_answered": share(line.covered for line in uncovered),
        "near_miss_answered": share(line.covered for line in near),
    }
    for kind in sorted({line.kind for line in uncovered}):
        own = [line for line in uncovered if line.kind == kind]
        found[f"answered: {kind}"] = share(line.covered for line in own)
        found[f"AUROC: {kind}"] = _auroc(answerable, own)
    return found


def by_kind(lines: Sequence[Line]) -> dict[str, dict[str, Any]]:
    """For each kind its questions, its means, and the share of each verdict.

    `answered` is the share that was not refused: answered, or something related found. Questions
    that the articles do not cover have no means.
    """
    return _by(lines, attrgetter("kind"))


def by_language(lines: Sequence[Line]) -> dict[str, dict[str, Any]]:
    """The same for each language, by its code."""
    return _by(lines, attrgetter("language"))


def _by(lines: Sequence[Line], group: Callable[[Line], str]) -> dict[str, dict[str, Any]]:
    names = measures_in(lines)
    groups = {}
    for key in sorted(set(map(group, lines))):
        own = [line for line in lines if group(line) == key]
        answered = share(line.covered for line in own)
        groups[key] = {
            "questions": len(own),
            "not_covered": sum(not line.answerable for line in own),
            **{name: _mean(own, name) for name in names},
            "answered": answered.mean,
            "answered_interval": [answered.low, answered.high],
            "verdicts": {
                verdict: sum(line.verdict == verdict for line in own) / len(own)
                for verdict in get_args(Verdict)
            },
        }
    return groups


def milliseconds(lines: Sequence[Line]) -> dict[str, float]:
    """How long a question took, all settings of its pass together, models loaded before."""
    taken = np.array([line.milliseconds for line in lines])
    return {
        "milliseconds_median": _percentile(taken, 50),
        "milliseconds_p95": _percentile(taken, 95),
    }


def finite(value: Any) -> Any:
    """The value with None for every number that JSON cannot write."""
    if isinstance(value, dict):
        return {name: finite(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [finite(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _auroc(answerable: Sequence[Line], uncovered: Sequence[Line]) -> Estimate:
    sure, unsure = ([line.confidence for line in given] for given in (answerable, uncovered))
    return auroc_estimate(sure, unsure)


def _mean(lines: Sequence[Line], measure: str) -> float:
    values = column(lines, measure)
    return float(values.mean()) if len(values) else float("nan")


def _percentile(values: Any, percent: float) -> float:
    return float(np.percentile(values, percent)) if len(values) else float("nan")


def _json(found: Estimate) -> dict[str, float]:
    return {"mean": found.mean, "low": found.low, "high": found.high}
