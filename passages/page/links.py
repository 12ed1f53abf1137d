"""Addresses of passages: they outlive a rebuild, and say when the passage is not what it was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from passages.articles.chunking import Passage

Parameters = dict[str, str | list[str]]


def results(question: str, articles: Sequence[str]) -> Parameters:
    """The parameters of the results of a question asked of some articles (all: none named)."""
    asked: Parameters = {"q": question} if question else {}
    return {**asked, "in": list(articles)} if articles else asked


def reader(passage: Passage, question: str, articles: Sequence[str]) -> Parameters:
    """The parameters of a passage in its article, the question kept."""
    from passages.search.answer import key

    return {"a": passage.article.id, "p": key(passage), **results(question, articles)}
