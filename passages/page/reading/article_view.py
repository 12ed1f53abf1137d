"""An article as HTML: the outline of its headings, its text, one passage marked in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from passages.articles.chunking import Passage
from passages.articles.corpus import Article
from passages.articles.sections import Section, split_sections
from passages.page.parts import chrome
from passages.page.reading.origin import origin_html
from passages.page.reading.render import Mark, language_attributes, render_passage
from passages.page.wording import language_of_words, tr

_SCROLL = (Path(__file__).parents[1] / "static" / "scroll.html").read_text(encoding="utf-8")


def html(
    article: Article,
    passages: Sequence[Passage],
    target: Passage | None,
    marks: Sequence[Mark],
    *,
    changed: bool = False,
    back: str | None = None,
) -> str:
    """The article in full; `target` is set off, with `marks` in it.

    Beside the target stand the way `back` to the results and, where the article has `changed`
    since the link to it was made, a word of that.
    """
    sections = split_sections(article)
    spoken = language_attributes(article)
    outline = f"<div{spoken}>{_outline(sections, target.anchor if target else None)}</div>"
    beside = ""
    own = f'lang="{language_of_words()}" dir="ltr"'
    if changed:
        words = tr(
            "The article has changed since this link was made. "
            "This is the nearest to what stood here."
        )
        beside = f'<p class="changed" {own}>{words}</p>'
    if back:
        link = f'<a data-app data-back href="{escape(back)}">{tr("Return to the results")}</a>'
        beside += f'<p class="back" {own}>{link}</p>'
    body = "".join(
        _target(passage, marks, beside) if passage and passage == target else shown
        for passage, shown in _body(sections, passages)
    )
    return (
        f'<div class="reader">'
        f'<details class="outline narrow"><summary>{tr("Contents")}</summary>{outline}</details>'
        f'<nav class="outline side" aria-label="{tr("Contents")}">{outline}</nav>'
        f"<article{spoken}><h1>{escape(article.title)}</h1>"
        f'<p class="origin">{origin_html(article)}</p>'
        f'<div class="prose">{body}</div></article></div>'
    )


def scroll_script(passage_key: str, anchor: str = "") -> str:
    """A script that brings the marked passage to the middle, or else a section to the top."""
    section = chrome.script_argument(f"section-{anchor}" if anchor else "")
    key = chrome.script_argument(passage_key)
    return _SCROLL.replace('"PASSAGE"', key).replace('"SECTION"', section)


def _outline(sections: Sequence[Section], here: str | None) -> str:
    headed = [section for section in sections if section.headings and not section.goes_on]
    top = min((section.level for section in headed), default=1)
    items = []
    for section in headed:
        current = ' aria-current="true"' if section.anchor == here else ""
        items.append(
            f'<li class="depth{min(section.level - top, 2)}">'
            f'<a href="#{_id(section)}"{current}>{escape(section.headings[-1])}</a></li>'
        )
    return f"<ul>{''.join(items)}</ul>"


def _body(
    sections: Sequence[Section], passages: Sequence[Passage]
) -> Iterator[tuple[Passage | None, str]]:
    """Headings, and passages each with what they are as HTML."""
    for section in sections:
        if section.headings and not section.goes_on:
            level = max(2, section.level)
            words = escape(section.headings[-1])
            yield None, f'<h{level} id="{_id(section)}">{words}</h{level}>'
        for passage in passages:
            if section.start <= passage.start < section.end:
                yield passage, render_passage(passage)


def _target(passage: Passage, marks: Sequence[Mark], beside: str) -> str:
    return (
        f'<section class="target" tabindex="-1" aria-label="{tr("The passage that was found")}">'
        f"{beside}{render_passage(passage, marks)}</section>"
    )


def _id(section: Section) -> str:
    """An id of its own kind: a heading may be called what Streamlit calls one of its parts."""
    return escape(f"section-{section.anchor}")
