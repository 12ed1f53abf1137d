"""How far judges agree beyond chance: Cohen's kappa for every pair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from passages.evaluation.judging.labels import Key


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two judges: how many passages both judged, the share they agree on, and kappa.

    `kappa` is not a number where both said the same of everything, or judged nothing in common.
    """

    first: str
    second: str
    passages: int
    agreed: float
    kappa: float


def agreements(judges: Mapping[str, Mapping[Key, bool]]) -> list[Agreement]:
    """The agreement of every pair of judges, by name."""
    return [_agreement(first, second, judges) for first, second in combinations(sorted(judges), 2)]


def kappa(first: Sequence[bool], second: Sequence[bool]) -> float:
    """Cohen's kappa of two judges' labels of the same passages: (p - e) / (1 - e).

    `p` is the share they agree on, `e` that which two who throw dice as often as they said yes
    would agree on.
    """
    n = len(first)
    if not n:
        return float("nan")
    agreed = sum(a == b for a, b in zip(first, second, strict=True)) / n
    yes = sum(first) / n, sum(second) / n
    expected = yes[0] * yes[1] + (1 - yes[0]) * (1 - yes[1])
    return float("nan") if expected == 1 else (agreed - expected) / (1 - expected)


def _agreement(first: str, second: str, judges: Mapping[str, Mapping[Key, bool]]) -> Agreement:
    both = [key for key in judges[first] if key in judges[second]]
    labels = [[judges[judge][key] for key in both] for judge in (first, second)]
    same = sum(a == b for a, b in zip(*labels, strict=True))
    agreed = same / len(both) if both else float("nan")
    return Agreement(first, second, len(both), agreed, kappa(*labels))
