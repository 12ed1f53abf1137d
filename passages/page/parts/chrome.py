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
_KEYS = (_HERE / "keys.html").read_text(encoding="utf-8")


def header() -> None:
    """The style, the keys, the name, and the links to the other pages."""
    st.html(f"<style>{_STYLE}</style>")
    st.html(_KEYS, unsafe_allow_javascript=True)
    with st.container(key="header", horizontal=True, horizontal_alignment="distribute"):
        with st.container(key="brand", width="content"):
            st.page_link(SEARCH, label=NAME)
        with st.container(key="links", horizontal=True, width="content", gap="medium"):
            st.page_link(EVALUATE, label=tr("Evaluation"))
            st.page_link(INDEX, label=tr("Index"))


def title(words: str) -> None:
    """The title of the browser's tab; a question may be long."""
    st.set_page_config(page_title=f"{words[:80]} – {NAME}" if words else NAME)


def footer() -> None:
    """The age and state of the index: always there, quiet."""
    index = server.live().index
    said = _state(index) if index else tr("No index yet")
    st.html(f'<footer class="state"><p>{said}</p></footer>')


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
