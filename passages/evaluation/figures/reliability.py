"""How often each word that the page says was right on judged questions.

Only questions whose judgements were pooled count: where one quote a question was written down, a
passage that answers as well has no label, and would count as wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from passages.evaluation.asking import CUTOFF
from passages.evaluation.figures.estimates import Estimate, share
from passages.evaluation.lines import Line
from passages.search.honesty.strength import STRONG

RANKS = {"1": (1, 1), "2 to 5": (2, 5)}
NO_WORD = "no word"


def _first(line: Line) -> bool:
    return 1 in line.ranks


def _first_ten(line: Line) -> bool:
    return any(rank <= CUTOFF for rank in line.ranks)


VERDICTS: tuple[tuple[str, str, Callable[[Line], bool]], ...] = (
    ("answered", "the first passage answers", _first),
    ("answered", "one of the first ten passages answers", _first_ten),
    ("related", "one of the first ten passages answers", _first_ten),
    ("not found", "no article answers", lambda line: not line.answerable),
)
"""Each verdict with what it takes to be right: "answered" says two things, that there is an answer
and that it stands on top."""


@dataclass(frozen=True, slots=True)
class Row:
    """A word, how often it was said, and how often it was right.

    `where` says of what: the answer, or the hits of these ranks.
    """

    word: str
    where: str
    right_means: str
    n: int
    right: Estimate


def reliability(lines: Sequence[Line]) -> tuple[list[Row], int]:
    """A row for each verdict and each strength, and how many questions counted.

    A word that was never said has a row too, with n = 0. Without a pooled question there are none.
    """
    pooled = [line for line in lines if line.pooled]
    if not pooled:
        return [], 0
    return [*_verdicts(pooled), *_strengths(pooled)], len(pooled)


def _verdicts(lines: Sequence[Line]) -> list[Row]:
    rows = []
    for verdict, meaning, is_right in VERDICTS:
        own = [is_right(line) for line in lines if line.verdict == verdict]
        rows.append(Row(verdict, "answer", meaning, len(own), share(own)))
    return rows


def _strengths(lines: Sequence[Line]) -> list[Row]:
    rows = []
    for where, (first, last) in RANKS.items():
        hits = [hit for line in lines for hit in line.hits if first <= hit["rank"] <= last]
        said = [str(hit.get("strength") or NO_WORD) for hit in hits]
        for word in dict.fromkeys((STRONG, *sorted(set(said)))):
            own = [
                bool(hit["relevant"]) for hit, its in zip(hits, said, strict=True) if its == word
            ]
            rows.append(
                Row(word, f"hits, rank {where}", "the passage answers", len(own), share(own))
            )
    return rows
