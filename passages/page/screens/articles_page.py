"""The page "Articles": what there is to read, to browse without a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from passages.page import links
from passages.page import state as server
from passages.page.parts import chrome
from passages.page.screens import missing
from passages.page.settings import settings
from passages.page.wording import counted, tr

if TYPE_CHECKING:
    from passages import Index
    from passages.articles.corpus import Article
    from passages.articles.sections import Section

LISTED = 20
"""Articles on one page of the list: each is read whole, to count its sections and words."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An article of the list, with the sections that have a heading."""

    article: Article
    sections: tuple[Section, ...]
    size: str


def main() -> None:
    """A box to find a title by, the list, the way to its other pages."""
    st.html(f'<div class="page-head"><h1>{tr("Articles")}</h1></div>')
    index = server.wait_for_index()
    if index is None:
        missing.draw()
        return
    titles = server.titles(index)
    if len(titles) > LISTED:
        wanted = st.text_input(tr("Find an article by its title"), key="title").casefold().split()
        titles = {
            name: title
            for name, title in titles.items()
            if all(word in title.casefold() for word in wanted)
        }
    if not titles:
        chrome.note(f"<p>{tr('No article has these words in its title.')}</p>")
    number = _page_number(len(titles))
    first = number * LISTED
    shown = sorted(titles, key=lambda name: titles[name].casefold())[first : first + LISTED]
    entries = _entries(index, index.about.name, tuple(shown))
    several = len({entry.article.language for entry in entries}) > 1
    for entry in entries:
        st.html(_entry_html(entry, several))
    if len(titles) > LISTED:
        _steps(number, len(titles))
    state = tr("For editors: how the articles were read")
    gaps = (
        f' <a data-app href="gaps">{tr("What readers asked in vain")}</a>'
        if settings().gaps
        else ""
    )
    st.html(
        f'<nav class="steps" aria-label="{tr("For editors")}">'
        f'<a data-app href="index">{state}</a>{gaps}</nav>'
    )


def _page_number(articles: int) -> int:
    asked = st.query_params.get("page", "1")
    number = int(asked) - 1 if asked.isdecimal() and len(asked) < 9 else 0
    return min(max(0, number), max(0, articles - 1) // LISTED)


def _steps(number: int, articles: int) -> None:
    """Links to the pages of the list before and after this one."""
    said = tr("{first} to {last} of {number}").format(
        first=number * LISTED + 1, last=min(articles, (number + 1) * LISTED), number=f"{articles:,}"
    )
    steps = [f"<span>{said}</span>"]
    if number > 0:
        steps.insert(0, f'<a data-app href="articles?page={number}">{tr("Previous")}</a>')
    if (number + 1) * LISTED < articles:
        steps.append(f'<a data-app href="articles?page={number + 2}">{tr("Next")}</a>')
    st.html(f'<nav class="steps" aria-label="{tr("Articles")}">{"".join(steps)}</nav>')


@st.cache_resource(max_entries=64, show_spinner=False)
def _entries(_index: Index, snapshot: str, names: Sequence[str]) -> list[Entry]:
    from passages.articles.sections import split_sections

    found = []
    for name in names:
        article = _index.article(name)
        if article is not None:  # a service may have another snapshot by now
            headed = tuple(each for each in split_sections(article) if each.headings)
            found.append(Entry(article, headed, _size(_index, article)))
    return found


def _size(index: Index, article: Article) -> str:
    """How much there is to read: words, or characters where a language has no spaces."""
    from passages.language.languages import language

    texts = [passage.visible.text for passage in index.passages_of(article.id)]
    if not language(article.code).spaces:
        letters = sum(len("".join(text.split())) for text in texts)
        return counted(letters, "{number} character", "{number} characters")
    return counted(sum(len(text.split()) for text in texts), "{number} word", "{number} words")


def _entry_html(entry: Entry, tell_language: bool) -> str:
    """The title as a link to the whole article, what is known of it, its sections to unfold."""
    from passages.language.languages import language
    from passages.page.reading.origin import origin_html
    from passages.page.reading.render import language_attributes

    article = entry.article
    where = escape(links.address({"a": article.id}, "article"))
    spoken = language_attributes(article)
    name = ""
    if article.language and tell_language:
        name = f'<bdi lang="{escape(article.code)}">{escape(language(article.code).name)}</bdi>'
    sections = counted(len(entry.sections), "{number} section", "{number} sections")
    facts = (origin_html(article), name, sections, entry.size)
    items = "".join(_section_html(article, section) for section in entry.sections)
    unfolded = f"<details><summary>{tr('Sections')}</summary><ul{spoken}>{items}</ul></details>"
    return (
        f'<article class="entry"><h2{spoken}><a data-app href="{where}">{escape(article.title)}</a>'
        f'</h2><p class="origin">{" · ".join(filter(None, facts))}</p>'
        f"{unfolded if items else ''}</article>"
    )


def _section_html(article: Article, section: Section) -> str:
    where = escape(links.address({"a": article.id, "s": section.anchor}, "article"))
    depth = min(len(section.headings) - 1, 2)
    words = escape(section.headings[-1])
    return f'<li class="depth{depth}"><a data-app href="{where}">{words}</a></li>'


main()
