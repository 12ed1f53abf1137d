"""What every page has: its title, the way to the other pages, the state of the index below."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import fields
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from passages.errors import IndexDamaged
from passages.page import state as server
from passages.page.appearance import Appearance, Colours
from passages.page.reading import dates
from passages.page.wording import counted, tr

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from passages import Index

_PAGE = Path(__file__).resolve().parents[1]
SEARCH, ARTICLE, ARTICLES, EVALUATE, INDEX, JUDGE, GAPS = (
    str(_PAGE / "screens" / f"{name}_page.py")
    for name in ("search", "article", "articles", "evaluate", "index", "judging", "gaps")
)
_HERE = _PAGE / "static"
_SCRIPTS = "<span hidden>&nbsp;</span>" + "".join(
    (_HERE / f"{name}.html").read_text(encoding="utf-8")
    for name in ("suggest", "keys", "places", "own")
)


def header(looks: Appearance, *, wide: bool) -> DeltaGenerator:
    """The scripts, and the name, which leads to the first screen; its place.

    A `wide` screen says so from the beginning, so that nothing moves when it is drawn.
    """
    with st.container(key="scripts"):
        st.html(_SCRIPTS, unsafe_allow_javascript=True)
    place = st.empty()
    brand(place, looks, wide=wide)
    return place


def brand(place: DeltaGenerator, looks: Appearance, *, wide: bool) -> None:
    """Draw the operator's colours, logo and name; no name where another page frames this one."""
    colours = "".join(
        f"--{each.name}:light-dark({getattr(looks.light, each.name)},"
        f"{getattr(looks.dark, each.name)});"
        for each in fields(Colours)
    )
    kind = ' class="wide"' if wide else ""
    shown = f"<span{kind} hidden>&nbsp;</span>"  # something must stand before the style
    if not st.context.is_embedded:
        logo = f'<img src="{looks.logo}" alt="">' if looks.logo else ""
        link = f'<a data-app href="./">{logo}{escape(looks.title)}</a>'
        shown = f'<div{kind}><p class="brand">{link}</p></div>'
    place.html(f"{shown}<style>.stApp{{{colours}}}</style>")


def heading(*, first: bool, question: str) -> None:
    """The heading above the box of the first screen, that of the results for screen readers."""
    words = server.appearance().heading or tr("Ask the articles")
    if first and not question:
        st.html(f'<div class="hero"><h1>{escape(words)}</h1></div>')
        return
    with st.container(key="unseen"):  # the box keeps its place from screen to screen
        shown = f'<h1 class="unseen">{tr("Results")}</h1>' if first else ""
        st.html(shown or "<span hidden>&nbsp;</span>")


def title(words: str) -> None:
    """The title of the browser's tab; a question may be long."""
    name = server.appearance().title
    st.set_page_config(page_title=f"{words[:80]} – {name}" if words else name)


def footer() -> None:
    """The way to the other pages, and the age and state of the articles: quiet, always there."""
    index = server.live().index
    said = _state(index) if index else tr("The articles are not ready yet")
    if not st.context.is_embedded:
        st.html(
            f'<footer class="state"><nav aria-label="{tr("About the articles")}">'
            f'<a data-app href="articles">{tr("Articles")}</a>'
            f'<a data-app href="evaluation">{tr("How good is it?")}</a></nav>'
            f"<p>{said}</p></footer>"
        )
    if index:
        _newer(index.about.name)


@st.fragment(run_every=5)
def _newer(shown: str) -> None:
    """Say that the articles were indexed anew while this page stood open, and offer to show it."""
    index = server.live().index
    if index is None or index.about.name == shown:
        return
    with st.container(key="newer", horizontal=True, vertical_alignment="center"):
        words = tr("The articles have been updated.")
        st.html(f'<p role="status">{words}</p>', width="content")
        if st.button(tr("Show the new version"), key="show_newer", type="tertiary"):
            st.rerun()


def ready(page: str, question: str) -> None:
    """Say in the page, unseen, that this question is fully drawn: what a browser test waits for."""
    st.html(f'<span data-ready="{escape(page)}" hidden>{escape(question)}</span>')


def note(html: str, kind: str = "") -> None:
    """A paragraph or two in a quiet box; `html` is escaped by the caller."""
    st.html(f'<div class="note {kind}">{html}</div>')


def command(words: str) -> None:
    """A command to copy."""
    st.code(words, language=None, wrap_lines=True)


def literal(text: str) -> str:
    """Text for a label that Streamlit reads as Markdown, with nothing in it to be read so.

    Emoji and icons (`:home:`) are found even where the colon is escaped, so an invisible character
    parts the two.
    """
    escaped = re.sub(r"([\\`*_{}\[\]()#+\-.!|~$<>&^=])", r"\\\1", " ".join(text.split()))
    return escaped.replace(":", ":\u2060")


def script_argument(value: object) -> str:
    """A value as a literal for a script inside HTML."""
    return json.dumps(value).replace("<", "\\u003c")


def _state(index: Index) -> str:
    about = index.about
    held = tr("{passages} in {articles}").format(
        passages=counted(about.passages, "{number} passage", "{number} passages"),
        articles=counted(about.articles, "{number} article", "{number} articles"),
    )
    parts = [held, tr("indexed {moment}").format(moment=dates.when(about.created))]
    return " · ".join([*parts, *_warnings(index)])


def _warnings(index: Index) -> Iterable[str]:
    if problem := server.live().problem:
        damaged = tr("a newer index is damaged, this one serves on")
        other = tr("a newer index cannot be used, this one serves on")
        yield f"<strong>{damaged if isinstance(problem, IndexDamaged) else other}</strong>"
    if server.being_built():
        yield f"<strong>{tr('a new index is being built')}</strong>"
    elif changes := server.changes(index):
        changed = len(changes.added) + len(changes.changed) + len(changes.removed)
        what = tr("synonyms changed since")
        if changed:
            what = counted(
                changed, "{number} article changed since", "{number} articles changed since"
            )
        yield f"<strong>{what}</strong>"
