"""Quotes that an edit of an article broke -> the same quotes in the article's new words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from passages.evaluation.judgements import JudgedQuestion
from passages.evaluation.quotes import QuoteFinder, QuotesNotFound, Unfound


@dataclass(frozen=True, slots=True)
class Rewording:
    """The proposed lines, which quotes were reworded, and which were not: nothing is near them."""

    lines: tuple[dict[str, Any], ...]
    reworded: tuple[Unfound, ...]
    left: tuple[Unfound, ...]


def reword(
    questions: Sequence[tuple[JudgedQuestion, dict[str, Any]]], finder: QuoteFinder
) -> Rewording:
    """Put the nearest text of the articles in the place of every quote that is not in them.

    A reader has to look at each: what is nearest may say something else.
    """
    try:
        finder.find([question for question, _ in questions])
        unfound: tuple[Unfound, ...] = ()
    except QuotesNotFound as error:
        unfound = error.unfound
    near = {(each.question, each.judgement.quote): each.near for each in unfound if each.near}
    lines = []
    for question, fields in questions:
        relevant = []
        for given in fields["relevant"]:
            found = near.get((question.id, given.get("quote")))
            new = {"quote": found.text, "article": found.article} if found else {}
            relevant.append({**given, **new})
        lines.append({**fields, "relevant": relevant})
    return Rewording(
        tuple(lines),
        tuple(each for each in unfound if each.near),
        tuple(each for each in unfound if not each.near),
    )
