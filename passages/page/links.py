"""Addresses of passages: they outlive a rebuild, and say when the passage is not what it was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from passages.articles.chunking import Passage

Parameters = dict[str, str | list[str]]


def results(question: str, articles: Sequence[str]) -> Parameters:
    """The parameters of the results of a question asked of some articles (all: none named)."""
    asked: Parameters = {"q": question} if question else {}
    return {**asked, "in": list(articles)} if articles else asked


def address(parameters: Parameters, screen: str = "./") -> str:
    """A screen's address, relative to the page: for links in HTML."""
    return f"{screen}?{urlencode(parameters, doseq=True)}" if parameters else screen


def names(passages: Sequence[Passage]) -> list[str]:
    """What the links to passages are called, no two alike."""
    from passages.page.wording import tr

    headings = [
        passage.headings[-1] if passage.headings else passage.article.title for passage in passages
    ]
    return [
        tr("Read “{heading}” in the article").format(heading=heading)
        + (f" ({number})" if headings.count(heading) > 1 else "")
        for number, heading in enumerate(headings, start=1)
    ]


def reader(passage: Passage, question: str, articles: Sequence[str]) -> Parameters:
    """The parameters of a passage in its article, the question kept."""
    from passages.search.answer import key

    return {"a": passage.article.id, "p": key(passage), **results(question, articles)}
