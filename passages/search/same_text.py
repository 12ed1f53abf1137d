"""The same text once: the best of the passages that say the same stands for all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from passages.articles.boilerplate import Hashes
from passages.articles.chunking import Passage
from passages.index.arrays import Values

SHORT = 40
"""Characters: a text of fewer, such as "Yes." or "Default: 10", says what its heading asks. It is
the same text only under the same heading."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """Candidates best first, each text once.

    `order` holds the candidate that stands for each text, `repeated` the others of its text, best
    first.
    """

    order: NDArray[np.int64]
    repeated: dict[int, list[int]]

    def once(self, scores: Values) -> Values:
        """The scores, those of repetitions minus infinity."""
        if not self.repeated:
            return scores
        lowered = scores.copy()
        lowered[[place for places in self.repeated.values() for place in places]] = -np.inf
        return lowered


def repeats(texts: Hashes) -> NDArray[np.int64]:
    """The candidates whose text comes more than once."""
    _, of_each, counts = np.unique(texts, return_inverse=True, return_counts=True)
    return np.flatnonzero(counts[of_each] > 1)


def ordered(scores: Values, texts: Hashes, read: Callable[[int], Passage]) -> Ordered:
    """Put candidates in order, best first, each text once.

    Args:
        scores: (candidates,), higher is better.
        texts: (candidates,), hashes of what a reader sees of each, the same if the words are.
        read: the passage of a candidate; called for `repeats` alone.
    """
    order = np.argsort(-scores, kind="stable")
    again = frozenset(texts[repeats(texts)].tolist())
    if not again:
        return Ordered(order, {})
    first: dict[tuple[int, str], int] = {}
    repeated: dict[int, list[int]] = {}
    kept = []
    for place, text in zip(order.tolist(), texts[order].tolist(), strict=True):
        if text in again:
            best = first.setdefault((text, _context(read(place))), place)
            if best != place:
                repeated.setdefault(best, []).append(place)
                continue
        kept.append(place)
    return Ordered(np.array(kept, np.int64), repeated)


def _context(passage: Passage) -> str:
    """The heading that a short text depends on; empty for one that speaks for itself."""
    if len(passage.words) >= SHORT:
        return ""
    return (passage.headings[-1] if passage.headings else passage.article.title).casefold()
