"""How well a hit answers, in the words that a reader sees beside it."""

from __future__ import annotations

from passages.search.answer import Answer, Hit

STRENGTHS = ("Strong match", "Good match", "Possible match", "Weak match")
_CONFIDENCES = (0.7, 0.45)  # the least calibrated confidence for the first and second strength
_FALLS = (0.06, 0.14)  # each share of the best score that a hit lacks costs it one strength


def strength(answer: Answer, hit: Hit) -> str:
    """How well a hit answers, in words: the calibrated confidence in the best, less for others."""
    if not answer.covered:
        return STRENGTHS[-1]
    steps = sum(answer.confidence < least for least in _CONFIDENCES)
    best = answer.hits[0].score
    if best > 0:
        steps += sum((best - hit.score) / best > fall for fall in _FALLS)
    return STRENGTHS[min(steps, len(STRENGTHS) - 1)]
