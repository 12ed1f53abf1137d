"""Addresses of passages: they outlive a rebuild, and say when the passage is not what it was."""

from __future__ import annotations

import hashlib
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
    return {"a": passage.article.id, "p": key(passage), **results(question, articles)}


def key(passage: Passage) -> str:
    """Where the passage begins and a hash of its words: `1204-9f86d081`."""
    return f"{passage.start}-{_digest(passage)}"


def resolve(wanted: str, passages: Sequence[Passage]) -> Passage | None:
    """The passage of that key, or one of the same words elsewhere; None if the words changed."""
    digest = wanted.rpartition("-")[2]
    alike = [passage for passage in passages if _digest(passage) == digest]
    return next((passage for passage in alike if key(passage) == wanted), next(iter(alike), None))


def _digest(passage: Passage) -> str:
    return hashlib.sha256(passage.text.encode()).hexdigest()[:8]
