"""Headings -> questions whose answer is the section below: a start, and no measure of quality.

A heading was written by the author of the text it stands over, so it finds that text more easily
than a reader's words would. A heading that is a question, as in a list of frequent ones, is asked
as it stands; any other with the article's title, without which "Side effects" could be anybody's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from passages.articles.chunking import Passage
from passages.search.searcher import Index

FAQ, HEADING = "faq", "heading"
_QUESTION_MARKS = ("?", "？", "؟", ";")  # the third is Arabic, the last Greek


def from_headings(index: Index) -> list[dict[str, Any]]:
    """A judged question for every section with a heading of its own and a text.

    `kind` is `faq` where the heading is a question, else `heading`; `made_from` says so in words.
    """
    lines: dict[str, dict[str, Any]] = {}
    for name, _ in index.articles():
        for passages in _sections(index.passages_of(name)):
            line = _line(passages)
            lines.setdefault(line["id"], line)
    return list(lines.values())


def _sections(passages: list[Passage]) -> Iterator[list[Passage]]:
    """The passages of each section that has a heading, in the order of the text."""
    sections: dict[tuple[str, tuple[str, ...]], list[Passage]] = {}
    for passage in passages:
        if passage.headings:
            sections.setdefault((passage.anchor, passage.headings), []).append(passage)
    yield from sections.values()


def _line(passages: list[Passage]) -> dict[str, Any]:
    first, article = passages[0], passages[0].article
    heading = " ".join(first.headings[-1].split())
    is_question = heading.endswith(_QUESTION_MARKS)
    kind = FAQ if is_question else HEADING
    text = article.text[first.start : passages[-1].end]
    digest = hashlib.sha256(f"{article.id}#{first.anchor}".encode()).hexdigest()[:10]
    return {
        "id": f"{kind}-{digest}",
        "question": heading if is_question else f"{article.title}: {heading}",
        "kind": kind,
        "made_from": "a heading that is a question" if is_question else "a heading and the title",
        "relevant": [{"quote": text, "article": article.id}],
    }
