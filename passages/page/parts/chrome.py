"""What every page has: its title, the way to the other pages, the state of the index below."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from passages.page import state as server
from passages.page.wording import counted, tr

if TYPE_CHECKING:
    from passages import Index

NAME = "Passages"
_PAGE = Path(__file__).resolve().parents[1]
SEARCH, ARTICLE, EVALUATE, INDEX, JUDGE = (
    str(_PAGE / "screens" / f"{name}_page.py")
    for name in ("search", "article", "evaluate", "index", "judging")
)
_HERE = _PAGE / "static"
_STYLE = (_HERE / "style.css").read_text(encoding="utf-8")
_SCRIPTS = "<span hidden>&nbsp;</span>" + "".join(
    (_HERE / f"{name}.html").read_text(encoding="utf-8") for name in ("keys", "places", "own")
)


def header() -> None:
    """The style, the scripts, and the name, which leads to the first screen."""
    st.html(f"<style>{_STYLE}</style>")
    st.html(_SCRIPTS, unsafe_allow_javascript=True)
    st.html(f'<p class="brand"><a data-app href="./">{NAME}</a></p>')


def title(words: str) -> None:
    """The title of the browser's tab; a question may be long."""
    st.set_page_config(page_title=f"{words[:80]} – {NAME}" if words else NAME)


def footer() -> None:
    """The way to the other pages, and the age and state of the articles: quiet, always there."""
    index = server.live().index
    said = _state(index) if index else tr("No index yet")
    st.html(
        f'<footer class="state"><nav aria-label="{tr("More")}">'
        f'<a data-app href="index">{tr("Articles")}</a>'
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


def count(number: int, noun: str) -> str:
    """`1 article`, `1,204 articles`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def when(moment: str) -> str:
    """`2026-11-23T18:09:20+00:00` -> `23 November 2026, 18:09 UTC`."""
    utc = datetime.fromisoformat(moment).astimezone(UTC)
    return f"{utc.day} {utc:%B %Y, %H:%M} UTC"


def script_argument(value: object) -> str:
    """A value as a literal for a script inside HTML."""
    return json.dumps(value).replace("<", "\\u003c")


def _state(index: Index) -> str:
    about = index.about
    held = tr("{passages} in {articles}").format(
        passages=counted(about.passages, "{number} passage", "{number} passages"),
        articles=counted(about.articles, "{number} article", "{number} articles"),
    )
    parts = [held, tr("indexed {moment}").format(moment=when(about.created))]
    return " · ".join([*parts, *_warnings(index)])


def _warnings(index: Index) -> Iterable[str]:
    if server.live().problem:
        yield "<strong>a newer index is damaged, this one serves on</strong>"
    if server.being_built():
        yield "<strong>a new index is being built</strong>"
    elif changes := server.changes(index):
        changed = len(changes.added) + len(changes.changed) + len(changes.removed)
        what = count(changed, "article") if changed else "synonyms"
        yield f"<strong>{what} changed since</strong>"
