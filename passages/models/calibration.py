"""What turns an encoder's cosines into a scale, and a question's signals into a probability.

Both belong to one encoder: centre and spread say where its cosines lie, and the coefficients were
fitted on cosines in those units. `passages.evaluation.fitting` fits a calibration; what the signals
are computed from is in `passages.search.honesty.confidence`.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FEATURES = ("length", "known", "covered", "ahead", "rise", "rarest", "capped")
"""The signals that a probability is computed from, in the order of the coefficients."""

HIT_FEATURES = ("confidence", "rank", "fall", "lacking", "capped", "found")
"""The signals that a hit's probability is computed from, in the order of its coefficients."""

MEASURED = frozenset({"en"})
"""The languages of the judged questions that calibrations are fitted on: elsewhere a probability
orders answers, and says no more."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """What turns signals into a probability, for one encoder.

    `centre` and `spread` are mean and standard deviation of question-to-passage cosines;
    `coefficients` belong to `FEATURES`. A question counts as covered from `threshold` on, and as
    answered from `sure` on. `covered` stands in for that feature where passages have no codes of
    tokens. `hits` belong to `HIT_FEATURES`, the last being the intercept; empty
    where no judgements were pooled. A first hit is called strong from the probability `strong` on,
    over the articles `judged` (ids) that this was measured on, and from `strong_elsewhere` on over
    any others; None where that was not true, or not measured.
    """

    centre: float
    spread: float
    coefficients: tuple[float, ...]
    intercept: float
    threshold: float
    fitted_on: str
    sure: float = 0.5
    covered: float = 0.0
    hits: tuple[float, ...] = ()
    strong: float | None = None
    judged: tuple[str, ...] = ()
    strong_elsewhere: float | None = None

    def to_json(self) -> dict[str, Any]:
        """The fields as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Calibration:
        """What `to_json` gave.

        Raises:
            ValueError: the fields are not those of a calibration.
        """
        try:
            names = "centre", "spread", "intercept", "threshold", "sure", "covered"
            numbers = {name: float(fields[name]) for name in names}
            lists = {name: tuple(map(float, fields[name])) for name in ("coefficients", "hits")}
            judged = tuple(map(str, fields["judged"]))
            given = cls(**{**fields, **numbers, **lists, "judged": judged})
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"no calibration ({error!r})") from error
        if (
            not all(map(math.isfinite, (*numbers.values(), *lists["coefficients"], *lists["hits"])))
            or given.spread <= 0
        ):
            raise ValueError("a calibration with impossible numbers")
        if len(given.coefficients) != len(FEATURES):
            raise ValueError(f"a calibration for other signals than {', '.join(FEATURES)}")
        if given.hits and len(given.hits) != len(HIT_FEATURES) + 1:
            raise ValueError(f"a calibration for other signals than {', '.join(HIT_FEATURES)}")
        return given

    def strong_over(self, articles: Collection[str]) -> float | None:
        """From which probability on a first hit over these articles (ids) is called strong."""
        return self.strong if set(articles) == set(self.judged) else self.strong_elsewhere

    def logit(self, features: NDArray[np.float64]) -> float:
        """The logarithm of the odds that the articles answer the question."""
        filled = np.where(np.isnan(features), self.covered, features)
        return float(filled @ np.array(self.coefficients)) + self.intercept

    def confidence(self, features: NDArray[np.float64]) -> float:
        """The probability, 0 to 1, that the articles answer the question."""
        return _probability(self.logit(features))

    def probability(self, features: Sequence[float]) -> float | None:
        """The probability that a hit answers, of its `HIT_FEATURES`; None where none was fitted."""
        if not self.hits:
            return None
        *weights, intercept = self.hits
        return _probability(float(np.dot(features, weights)) + intercept)


def _probability(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
