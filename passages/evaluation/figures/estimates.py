"""One number per question -> means and shares with 95 % intervals, and paired tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.stats import binomtest, mannwhitneyu

from passages.evaluation.measures import Values

_RESAMPLES = 2000
_PERMUTATIONS = 10_000
_AT_ONCE = 500  # permutations, for the sake of memory
_NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean or a share with its 95 % interval; not a number where there is nothing to measure."""

    mean: float
    low: float
    high: float


def estimate(values: Values, seed: int = 0) -> Estimate:
    """Mean of `values` (questions,) and its interval: percentiles of resampled means."""
    if not len(values):
        return Estimate(_NAN, _NAN, _NAN)
    picks = np.random.default_rng(seed).integers(0, len(values), (_RESAMPLES, len(values)))
    low, high = np.percentile(values[picks].mean(axis=1), [2.5, 97.5])
    return Estimate(float(values.mean()), float(low), float(high))


def share(flags: Iterable[bool]) -> Estimate:
    """Share of the flags that are set and its Wilson interval, which none or all set have too."""
    listed = list(flags)
    if not listed:
        return Estimate(_NAN, _NAN, _NAN)
    interval = binomtest(sum(listed), len(listed)).proportion_ci(0.95, method="wilson")
    return Estimate(sum(listed) / len(listed), float(interval.low), float(interval.high))


def auroc(positive: Sequence[float] | Values, negative: Sequence[float] | Values) -> float:
    """Probability that a random positive scores above a random negative (ties count half)."""
    if not len(positive) or not len(negative):
        return _NAN
    return float(mannwhitneyu(positive, negative).statistic) / (len(positive) * len(negative))


def auroc_estimate(positive: Sequence[float], negative: Sequence[float]) -> Estimate:
    """`auroc` and its interval by resampling both sides."""
    if not positive or not negative:
        return Estimate(_NAN, _NAN, _NAN)
    above, below = np.array(positive), np.array(negative)
    random = np.random.default_rng(0)
    drawn = [
        auroc(random.choice(above, len(above)), random.choice(below, len(below)))
        for _ in range(_RESAMPLES // 4)
    ]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Estimate(auroc(positive, negative), float(low), float(high))


def paired_p(first: Values, second: Values) -> float:
    """Share of random swaps, question by question, that give a mean difference at least as large.

    The paired randomisation test, two-sided; exact where 13 questions or fewer differ. A swap is a
    change of sign, so that equal sums are equal: means of swapped values differ by rounding alone,
    which would make the difference of a single question significant or not by chance.
    """
    gained = second - first
    gained = gained[gained != 0]
    if not len(gained):
        return 1.0
    observed = abs(gained.sum()) - 1e-9 * np.abs(gained).sum()
    if 2 ** len(gained) <= _PERMUTATIONS:
        signs = np.array(list(product((-1.0, 1.0), repeat=len(gained))))
        return float((np.abs(signs @ gained) >= observed).mean())
    random, as_large = np.random.default_rng(0), 1
    for _ in range(0, _PERMUTATIONS, _AT_ONCE):
        signs = random.integers(0, 2, (_AT_ONCE, len(gained))) * 2.0 - 1.0
        as_large += int((np.abs(signs @ gained) >= observed).sum())
    return as_large / (_PERMUTATIONS + 1)


def holm(ps: Sequence[float]) -> list[float]:
    """P values corrected for their number by Holm's step-down method, in their order.

    `[0.01, 0.04, 0.03]` -> `[0.03, 0.06, 0.06]`.
    """
    corrected = [0.0] * len(ps)
    highest = 0.0
    for place, number in enumerate(sorted(range(len(ps)), key=lambda number: ps[number])):
        highest = max(highest, min(1.0, (len(ps) - place) * ps[number]))
        corrected[number] = highest
    return corrected
