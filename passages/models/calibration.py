"""What turns an encoder's cosines into a scale, and a question's signals into a probability.

Both belong to one encoder: centre and spread say where its cosines lie, and the coefficients were
fitted on cosines in those units. `passages.evaluation.fitting` fits a calibration; what the signals
are computed from is in `passages.search.honesty.confidence`.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FEATURES = ("sentence", "found", "known", "margin", "length", "rise")
"""The signals that a probability is computed from, in the order of the coefficients."""

MEASURED = frozenset({"en"})
"""The languages of the judged questions that calibrations are fitted on: elsewhere a probability
orders answers, and says no more."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """What turns signals into a probability, for one encoder.

    `centre` and `spread` are mean and standard deviation of question-to-passage cosines;
    `coefficients` belong to `FEATURES`. A question counts as covered from `threshold` on,
    and as answered from `sure` on.
    """

    centre: float
    spread: float
    coefficients: tuple[float, ...]
    intercept: float
    threshold: float
    fitted_on: str
    sure: float = 0.5

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
            names = "centre", "spread", "intercept", "threshold", "sure"
            numbers = {
                name: float(fields.get(name, 0.5) if name == "sure" else fields[name])
                for name in names
            }
            coefficients = tuple(map(float, fields["coefficients"]))
            given = cls(**{**fields, **numbers, "coefficients": coefficients})
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"no calibration ({error!r})") from error
        if not all(map(math.isfinite, (*numbers.values(), *coefficients))) or given.spread <= 0:
            raise ValueError("a calibration with impossible numbers")
        if len(given.coefficients) != len(FEATURES):
            raise ValueError(f"a calibration for other signals than {', '.join(FEATURES)}")
        return given

    def confidence(self, features: NDArray[np.float64]) -> float:
        """The probability, 0 to 1, that the articles answer the question."""
        logit = float(features @ np.array(self.coefficients)) + self.intercept
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
