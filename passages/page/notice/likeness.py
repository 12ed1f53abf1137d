"""Whether a message is more like some examples than like others: by its words, or by its vector.

Both are ridge regressions on examples of the two kinds, fitted in a moment. By words no model is
needed, and misspelt ones count, since pieces of words do.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from passages.page.notice.emergency import tokens

FEWEST = 20
"""Examples of either kind below which nothing can be learnt from them."""

_RIDGE = 0.3
_ALARMS = 0.01
"""Share of the harmless examples that would be taken for the others, each left out in turn."""

_WORDS, _LETTERS = (1, 2, 3), (3, 4, 5)

Values = NDArray[np.float32]

Columns = dict[str, tuple[int, float]]
"""A part of the examples -> the number of its column, and its idf."""


def kinds_of(examples: Sequence[str], others: Sequence[str]) -> Values:
    """The kind of each of both, (examples + others,): 1 or -1."""
    return np.repeat(np.array([1, -1], np.float32), [len(examples), len(others)])


@dataclass(frozen=True, slots=True)
class Ridge:
    """A regression of the kind, 1 or -1; `left_out` (examples,) is that of each by the others."""

    mean: Values
    weights: Values
    bias: float
    left_out: Values

    def of(self, row: Values) -> float:
        """How much a row (dimension,) is like the examples of kind 1."""
        return float((row - self.mean) @ self.weights) + self.bias


@dataclass(frozen=True, slots=True)
class ByWords:
    """The same for texts, by the words and pieces of words of the examples."""

    columns: tuple[Columns, Columns]
    ridge: Ridge

    def of(self, text: str) -> float:
        """How much a text is like the examples of kind 1."""
        return self.ridge.of(_row(text, self.columns))


def fit(rows: Values, kinds: Values) -> Ridge:
    """Fit on rows (examples, dimension) and their kinds (examples,), 1 or -1."""
    mean, bias = rows.mean(axis=0), float(kinds.mean())
    centred = rows - mean
    alike = centred @ centred.T
    inverse = np.linalg.inv(alike + _RIDGE * np.eye(len(rows), dtype=np.float32))
    rest = kinds - bias
    dual = inverse @ rest
    return Ridge(mean, centred.T @ dual, bias, kinds - dual / np.diag(inverse))


def fit_words(texts: Sequence[str], kinds: Values) -> ByWords:
    """Fit on texts and their kinds (examples,), 1 or -1."""
    counted = [_parts(text) for text in texts]
    columns = _columns([words for words, _ in counted]), _columns([part for _, part in counted])
    return ByWords(columns, fit(np.array([_row(text, columns) for text in texts]), kinds))


def least(left_out: Values, kinds: Values) -> float:
    """From where on a message is taken for one of kind 1."""
    others = np.sort(left_out[kinds < 0])[::-1]
    return max(0.0, float(others[min(len(others) - 1, max(1, int(_ALARMS * len(others))))]))


def _parts(text: str) -> tuple[Counter[str], Counter[str]]:
    """The runs of words of a text, and the runs of letters in them."""
    words = tokens(text)
    runs = Counter(
        " ".join(words[at : at + size]) for size in _WORDS for at in range(len(words) - size + 1)
    )
    letters = Counter(
        padded[at : at + size]
        for padded in (f"_{word}_" for word in words)
        for size in _LETTERS
        for at in range(len(padded) - size + 1)
    )
    return runs, letters


def _columns(counted: Sequence[Counter[str]]) -> Columns:
    texts = Counter(part for parts in counted for part in parts)
    shared = [(part, n) for part, n in texts.items() if n > 1]
    return {
        part: (column, 1 + math.log((1 + len(counted)) / (1 + n)))
        for column, (part, n) in enumerate(shared)
    }


def _row(text: str, columns: tuple[Columns, Columns]) -> Values:
    """Words and letters, each half of length 1, one number for every part that is known."""
    halves = []
    for parts, known in zip(_parts(text), columns, strict=True):
        half = np.zeros(len(known), np.float32)
        for part in parts.keys() & known.keys():
            column, idf = known[part]
            half[column] = (1 + math.log(parts[part])) * idf
        halves.append(half / max(float(np.linalg.norm(half)), 1e-9))
    return np.concatenate(halves)
