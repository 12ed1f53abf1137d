"""Answers, articles and passages as JSON, and back again without a difference."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from passages.articles.chunking import Passage
from passages.articles.corpus import Article
from passages.articles.markup.mapped import Mapped
from passages.models.supply import Model
from passages.search.answer import Answer, Hit, HitSignals, key
from passages.search.honesty.lacking import Lacking, OtherNumber
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


def answer_json(answer: Answer, *, whole: bool) -> dict[str, Any]:
    """The answer's one JSON; `whole` adds what `answer_of` needs to make an equal one."""
    shown = answer.to_json()
    if whole:
        for hit, each in zip(answer.hits, shown["hits"], strict=True):
            each["signals"] = asdict(hit.signals) if hit.signals else None
            each["lacking"] = asdict(hit.lacking)
        shown["sure"] = answer.sure
    return shown


def answer_of(given: Mapping[str, Any], passage: Callable[[str, int, int], Passage]) -> Answer:
    """The answer that `answer_json` wrote whole.

    Args:
        given: the JSON.
        passage: the passage of an article, by its id, from a start to an end.

    Raises:
        KeyError: a field or a passage is missing.
        TypeError: a field is of another kind.
        ValueError: the same.
    """
    wording = given["wording"]
    return Answer(
        question=given["question"],
        covered=given["covered"],
        confidence=float(given["confidence"]),
        hits=tuple(_hit(hit, passage) for hit in given["hits"]),
        wording=wording["text"],
        replaced=tuple((each["typed"], each["read"]) for each in wording["replaced"]),
        stems=frozenset(given["stems"]),
        measured=given["measured"],
        sure=given["sure"],
        unknown=tuple(given["unknown"]),
    )


def _hit(given: Mapping[str, Any], passage: Callable[[str, int, int], Passage]) -> Hit:
    lacking, signals = given["lacking"], given["signals"]
    return Hit(
        rank=int(given["rank"]),
        score=float(given["score"]),
        passage=passage(given["article"], given["start"], given["end"]),
        sentence=given["sentence"],
        span=_pair(given["span"]),
        lacking=Lacking(
            missing=tuple(lacking["missing"]),
            numbers=tuple(OtherNumber(**number) for number in lacking["numbers"]),
            names=lacking["names"],
            rarest=float(lacking["rarest"]),
            share=float(lacking["share"]),
        ),
        probability=None if given["probability"] is None else float(given["probability"]),
        strong=bool(given["strong"]),
        other_places=tuple(
            passage(other["article"], other["start"], other["end"])
            for other in given.get("other_places", ())
        ),
        signals=HitSignals(**signals) if signals else None,
    )


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
        "calibration": dict(about.calibration),
        "version": version,
    }


def about_of(given: Mapping[str, Any]) -> About:
    """What `about_json` wrote; the rest is empty.

    Raises:
        KeyError: a field is missing.
        TypeError: a field is of another kind.
    """
    return About(
        name=given["snapshot"],
        created=given["created"],
        corpus="",
        model=Model(**given["model"]),
        articles=given["articles"],
        sections=given["sections"],
        passages=given["passages"],
        sentences=given["sentences"],
        calibration=given["calibration"],
        problems=(),
    )
