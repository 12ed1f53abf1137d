"""A question -> the passages to judge: the best of several searches, and all that is quoted."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from passages.articles.chunking import Passage
from passages.evaluation.quotes import Place
from passages.search.scoring import Ranking
from passages.search.searcher import Index

DEPTH = 5
"""Passages of each search."""

SETTINGS = ("bm25", "encoder", "rrf", "full", "shipped")
"""The searches: as unlike each other as there are, so that each finds what others miss."""


def pool(
    index: Index,
    question: str,
    places: Sequence[Place],
    rankings: Mapping[str, Ranking],
    depth: int = DEPTH,
) -> list[Passage]:
    """The passages to judge, in the order of the articles: nothing in it says what found them.

    Args:
        index: the index to ask.
        question: as it is asked.
        places: what was judged to answer it before; the passages that overlap it are in the pool.
        rankings: the searches.
        depth: passages of each.
    """
    answers = index.answers(question, rankings, depth).values()
    found = {_place(hit.passage): hit.passage for answer in answers for hit in answer.hits}
    for place in places:
        if not place.whole:
            for passage in index.passages_of(place.article):
                if place.overlaps(passage.article.id, passage.start, passage.end):
                    found[_place(passage)] = passage
    return [found[place] for place in sorted(found)]


def shuffled(passages: Sequence[Passage], question: str, judge: str) -> list[Passage]:
    """The passages in an order of this judge's own, the same whenever the judge comes back."""

    def order(passage: Passage) -> bytes:
        known = repr((judge, question, passage.article.id, passage.start))
        return hashlib.sha256(known.encode()).digest()

    return sorted(passages, key=order)


def _place(passage: Passage) -> tuple[str, int]:
    return passage.article.id, passage.start
