"""An article as HTML: the outline of its headings, its text, one passage marked in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from passages import Answer
from passages.articles import Article
from passages.chunking import Passage
from passages.sections import Section, split_sections
from ui import chrome
from ui.passage import Mark, render
from ui.results import best_marks, word_marks

_SCROLL = (Path(__file__).parent / "scroll.html").read_text(encoding="utf-8")


def html(
    article: Article, passages: Sequence[Passage], target: Passage | None, answer: Answer | None
) -> str:
    """The article in full; `target` is marked as the answer had it."""
    sections = [section for section in split_sections(article) if section.headings]
    outline = _outline(sections, target.anchor if target else None)
    origin = " · ".join(escape(part) for part in (article.source, article.date) if part)
    body = "".join(_body(split_sections(article), passages, target, answer))
    return (
        f'<div class="reader">'
        f'<details class="outline narrow"><summary>Contents</summary>{outline}</details>'
        f'<nav class="outline side" aria-label="Contents">{outline}</nav>'
        f"<article><h1>{escape(article.title)}</h1>"
        f'<p class="origin">{origin}</p><div class="prose">{body}</div></article></div>'
    )


def scroll_script(passage_key: str) -> str:
    """A script that brings the marked passage to the middle; anew for each passage."""
    return _SCROLL.replace('"PASSAGE"', chrome.script_argument(passage_key))


def _outline(sections: Sequence[Section], here: str | None) -> str:
    items = []
    top = min((section.level for section in sections), default=1)
    for section in sections:
        current = ' aria-current="true"' if section.anchor == here else ""
        items.append(
            f'<li class="depth{min(section.level - top, 2)}">'
            f'<a href="#{_id(section)}"{current}>{escape(section.headings[-1])}</a></li>'
        )
    return f"<ul>{''.join(items)}</ul>"


def _body(
    sections: Sequence[Section],
    passages: Sequence[Passage],
    target: Passage | None,
    answer: Answer | None,
) -> Iterator[str]:
    for section in sections:
        if section.headings:
            level = max(2, section.level)
            yield f'<h{level} id="{_id(section)}">{escape(section.headings[-1])}</h{level}>'
        for passage in passages:
            if passage.anchor == section.anchor:
                yield _passage(passage, passage == target, answer)


def _passage(passage: Passage, is_target: bool, answer: Answer | None) -> str:
    if not is_target:
        return render(passage.text)
    marks = list(_marks(passage, answer))
    return (
        f'<section class="target" tabindex="-1" aria-label="The passage that was found">'
        f"{render(passage.text, marks)}</section>"
    )


def _marks(passage: Passage, answer: Answer | None) -> Iterator[Mark]:
    if answer is None:
        return
    for hit in answer.hits:
        if hit.passage == passage:
            yield from best_marks(hit)
    yield from word_marks(answer.question, passage.text)


def _id(section: Section) -> str:
    """An id of its own kind: a heading may be called what Streamlit calls one of its parts."""
    return escape(f"section-{section.anchor}")
