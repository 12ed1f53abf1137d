"""How often each word that the page says was right on judged questions.

Only questions whose judgements were pooled count: where one quote a question was written down, a
passage that answers as well has no label, and would count as wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from passages.evaluation.figures.estimates import Estimate, share
from passages.evaluation.lines import Line

RANKS = {"1": (1, 1), "2 to 5": (2, 5)}


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
    """A row for each verdict and each strength that was said, and how many questions counted.

    Without a pooled question there are no rows.
    """
    pooled = [line for line in lines if line.pooled]
    return [*_verdicts(pooled), *_strengths(pooled)], len(pooled)


def _verdicts(lines: Sequence[Line]) -> list[Row]:
    rows = []
    for verdict in dict.fromkeys(sorted(line.verdict for line in lines)):
        own = [line for line in lines if line.verdict == verdict]
        if verdict == "answered":
            meaning, right = "the first passage answers", [1 in line.ranks for line in own]
        elif verdict == "not found":
            meaning, right = "no article answers", [not line.answerable for line in own]
        else:
            first_ten = [any(rank <= 10 for rank in line.ranks) for line in own]
            meaning, right = "one of the first ten passages answers", first_ten
        rows.append(Row(verdict, "answer", meaning, len(own), share(right)))
    return rows


def _strengths(lines: Sequence[Line]) -> list[Row]:
    rows = []
    for where, (first, last) in RANKS.items():
        hits = [hit for line in lines for hit in line.hits if first <= hit["rank"] <= last]
        for word in dict.fromkeys(sorted(str(hit.get("strength") or "no word") for hit in hits)):
            own = [hit for hit in hits if str(hit.get("strength") or "no word") == word]
            right = share(bool(hit["relevant"]) for hit in own)
            rows.append(Row(word, f"hits, rank {where}", "the passage answers", len(own), right))
    return rows
