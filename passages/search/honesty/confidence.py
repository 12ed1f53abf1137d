"""How sure it is that the articles cover the question at all: a calibrated probability.

A logistic regression over signals without units, so that it carries over to other articles. It is
fitted by `passages.evaluation.fitting` on judged questions, answerable and not.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from passages.language.languages import ENGLISH
from passages.language.words import stems_of
from passages.models.calibration import Calibration
from passages.search.honesty.lacking import Lacking
from passages.search.sources.source import Signals, Values

_RIVALS = 5


def without_lacking(question: str, text: str, code: str = ENGLISH) -> str:
    """The question without its words that a text in the language `code` lacks.

    `("is tea safe for babies", "Tea is safe.")` gives `"is tea safe for"`.
    """
    held = frozenset(stems_of(text, code))
    return " ".join(word for word in question.split() if held.issuperset(stems_of(word, code)))


def features(
    signals: Signals,
    scores: Values,
    order: NDArray[np.int64],
    known: float,
    words: int,
    calibration: Calibration,
    rise: float,
    lacks: Lacking,
) -> NDArray[np.float64]:
    """The `calibration.FEATURES` of a question, of its candidates' signals and scores.

    Cosine of the best passage's nearest sentence, above the usual and in units of the encoder's
    spread (that of the whole passage says the same again, and carries over worse); the share of
    the question's weighted words that stand in the best passage, and in any passage (`known`); how
    far the best score is above the mean of the next five in `order`; the logarithm of the number of
    words, for a long question finds less of itself in any passage; and `rise`, in units of the
    spread too.

    `rise` is how far the sentence's cosine rises when the words that the best passage lacks are
    left out. Of "is ketamine safe for babies" an article that speaks of safety but of no babies
    answers the rest better than the whole. (AUROC over the judged questions, and over the near
    misses, fitted on either half for the other: without it 0.873 and 0.789, with those words left
    out one at a time 0.899 and 0.838, all at once 0.903 and 0.854.)
    """
    best, rivals = order[0], order[1 : _RIVALS + 1]
    margin = scores[best] - (scores[rivals].mean() if len(rivals) else 0.0)
    return np.array(
        [
            (signals.sentence[best] - calibration.centre) / calibration.spread,
            signals.found[best],
            known,
            margin,
            math.log1p(words),
            rise / calibration.spread,
            lacks.share,
            float(lacks.caps),
        ],
        np.float64,
    )


def hit_features(
    logit: float, rank: int, fall: float, lacks: Lacking, best: Lacking, found: float
) -> list[float]:
    """The `calibration.HIT_FEATURES` of a hit.

    The logit of the answer's confidence; the logarithm of the rank; how far its score is below the
    best hit's; how much more of the question it lacks than the `best` hit, and whether it lacks a
    name or a number; `found`, the share of the question in it above that in the best hit.
    """
    share = lacks.share - best.share
    return [logit, math.log(rank), fall, share, float(lacks.caps), found]
