"""A cross-encoder that reads question and passage together and reorders the closest few.

A passage that it reads costs more than all the rest of a question, so it reads only those whose
scores are close to the best, often none (`benchmarks/README.md`, "Answers"). Its files come with
the package that ships the default encoder. It is loaded at the first question that needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from passages.index.arrays import Values
from passages.models.engines.cross_encoder import cross_encoder

CLOSE = 1.0
"""How far below the best score a passage is still read."""
MOST = 4
"""Passages that are read at most; `python -m benchmarks.fit_scoring --rerank` has the tables."""

Logits = Callable[[str, Sequence[str]], NDArray[np.float32]]
"""A question and texts -> how relevant each text is, (texts,): higher is more."""


def rerank(
    question: str, scores: Values, read: Callable[[int], str], logits: Logits, weight: float
) -> Values:
    """Reorder the passages whose scores are close to the best; the others stay below them.

    Args:
        question: as it was asked.
        scores: (candidates,), higher is better.
        read: the text of a candidate, under its headings, by its place in `scores`.
        logits: the cross-encoder.
        weight: score that one unit of its logit is worth.

    Returns:
        The same scores, with the close passages' scores permuted into the new order.
    """
    order = np.argsort(-scores, kind="stable")[:MOST]
    close = order[scores[order] >= scores[order[0]] - CLOSE] if len(order) else order
    if len(close) < 2:
        return scores
    relevance = logits(question, [read(int(place)) for place in close])
    better = np.argsort(-(scores[close] + np.float32(weight) * relevance), kind="stable")
    permuted = scores.copy()
    permuted[close[better]] = scores[close]
    return permuted


def shipped_logits(question: str, texts: Sequence[str]) -> NDArray[np.float32]:
    """The shipped cross-encoder's logit of each text, (texts,)."""
    return cross_encoder().logits(question, list(texts))
