"""Articles and their passages as JSON, and back again without a difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from passages.articles.chunking import Passage
from passages.articles.corpus import Article
from passages.articles.markup.mapped import Mapped
from passages.models.supply import Model
from passages.search.answer import key
from passages.search.sources.source import About

_ARTICLE = ("id", "title", "text", "source", "url", "date", "language")


def article_json(article: Article, passages: Sequence[Passage]) -> dict[str, Any]:
    """The article, its text as Markdown, and how it is cut; offsets count characters."""
    own = {name: getattr(article, name) for name in _ARTICLE}
    return {**own, "passages": [passage_json(passage) for passage in passages]}


def passage_json(passage: Passage) -> dict[str, Any]:
    """A passage without its article's text.

    `words` is what a reader sees of it; its `runs` are pairs (offset in `words`, offset in the
    article's text), and its `sentences` pairs of offsets in `words`.
    """
    return {
        "key": key(passage),
        "headings": list(passage.headings),
        "anchor": passage.anchor,
        "start": passage.start,
        "end": passage.end,
        "prefix": passage.prefix,
        "words": passage.words,
        "runs": [list(run) for run in passage.visible.runs],
        "sentences": [list(span) for span in passage.sentences],
        "is_links": passage.is_links,
    }


def article_of(given: Mapping[str, Any]) -> tuple[Article, list[Passage]]:
    """The article and its passages, as `article_json` wrote them.

    Raises:
        KeyError: a field is missing.
        TypeError: a field is of another kind.
        ValueError: the same.
    """
    article = Article(**{name: given[name] for name in _ARTICLE})
    return article, [_passage(article, each) for each in given["passages"]]


def _passage(article: Article, given: Mapping[str, Any]) -> Passage:
    return Passage(
        article=article,
        headings=tuple(given["headings"]),
        anchor=given["anchor"],
        prefix=given["prefix"],
        start=given["start"],
        end=given["end"],
        sentences=tuple(_pair(span) for span in given["sentences"]),
        visible=Mapped(given["words"], tuple(_pair(run) for run in given["runs"])),
        is_links=given["is_links"],
    )


def _pair(given: Sequence[int]) -> tuple[int, int]:
    first, second = given
    return int(first), int(second)


def about_json(about: About, version: str) -> dict[str, Any]:
    """What a service says of itself; neither its folders nor its editors' problems."""
    return {
        "snapshot": about.name,
        "created": about.created,
        "articles": about.articles,
        "sections": about.sections,
        "passages": about.passages,
        "sentences": about.sentences,
        "model": about.model.to_json(),
        "version": version,
    }


def about_of(given: Mapping[str, Any]) -> About:
    """What `about_json` wrote; the rest is empty."""
    return About(
        name=given["snapshot"],
        created=given["created"],
        corpus="",
        model=Model(**given["model"]),
        articles=given["articles"],
        sections=given["sections"],
        passages=given["passages"],
        sentences=given["sentences"],
        calibration={},
        problems=(),
    )
