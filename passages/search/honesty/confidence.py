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
from passages.search.sources.source import Signals

_RIVALS = 5


def without_lacking(question: str, text: str, code: str = ENGLISH) -> str:
    """The question without its words that a text in the language `code` lacks.

    `("is tea safe for babies", "Tea is safe.")` gives `"is tea safe for"`.
    """
    held = frozenset(stems_of(text, code))
    return " ".join(word for word in question.split() if held.issuperset(stems_of(word, code)))


def features(
    signals: Signals,
    known: float,
    words: int,
    covered: float,
    calibration: Calibration,
    rise: float,
    lacks: Lacking,
) -> NDArray[np.float64]:
    """The `calibration.FEATURES` of a question, of its candidates' signals and its best passage.

    The logarithm of the number of words, for a long question finds less of itself in any passage;
    the share of the weighted words that any passage has (`known`); `covered`, how near the best
    passages come to the word that they come least near to, NaN without codes of tokens; how far the
    nearest sentence's cosine is ahead of the mean of the next five, and `rise`, in units of the
    encoder's spread; how rare the rarest word is that the best passage lacks, and whether it lacks
    a name or a number.

    `rise` is how far the sentence's cosine rises when the words that the best passage lacks are
    left out. Of "is ketamine safe for babies" an article that speaks of safety but of no babies
    answers the rest better than the whole.
    """
    nearest = np.sort(signals.sentence)[::-1][: _RIVALS + 1]
    ahead = nearest[0] - nearest[1:].mean() if len(nearest) > 1 else 0.0
    return np.array(
        [
            math.log1p(words),
            known,
            covered,
            ahead / calibration.spread,
            rise / calibration.spread,
            lacks.rarest,
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
