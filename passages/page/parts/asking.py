"""The question and the filter: forms of plain HTML, whose answers stand in the address.

The address leads: Back, Forward, a shared link and an example all change it. A form is sent by a
script without a reload, and by the browser where the script cannot (`static/keys.html`).
Streamlit's own widgets would cost a reader two dozen requests before the box is there.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from passages.page import state as server
from passages.page.settings import settings
from passages.page.wording import counted, tr

if TYPE_CHECKING:
    from passages import Index

LONGEST = 2_000
"""Characters of a question that are kept: an address has its limits, and an encoder reads fewer."""

CHOICES = 500
"""Articles among which a reader can choose; a longer list helps nobody."""


def question() -> str:
    """The question of the address, "" if none is asked."""
    return " ".join(st.query_params.get("q", "")[:LONGEST].split())


def box() -> None:
    """Draw the search box, the same on every screen: a script writes the question into it."""
    words, found = tr("Your question"), tr("{number} suggestions; the arrow keys lead to them")
    st.html(
        '<form class="ask" role="search" action="./" method="get"><div class="field">'
        f'<input type="search" name="q" aria-label="{words}" autocomplete="off" '
        f'placeholder="{tr("Your question, in your own words")}" '
        f'data-suggest="{tr("Suggestions")}" data-found="{found}"></div>'
        f'<button type="submit">{tr("Search")}</button></form>{_beside_the_box()}'
    )


def _beside_the_box() -> str:
    """The operator's own line, and what becomes of the question."""
    notice = server.appearance().notice
    line = f'<p class="line">{escape(notice)}</p>' if notice else ""
    if server.question_log():
        kept = counted(
            settings().gaps_days,
            "Your question is kept for the editors for one day, without your name.",
            "Your question is kept for the editors for {number} days, without your name.",
        )
        line += f'<p class="line">{kept}</p>'
    return line


def narrow(index: Index, asked: str) -> tuple[str, ...]:
    """Draw the choice of articles, if there is one, and return the chosen ids; none: all."""
    titles = server.titles(index) if 1 < index.about.articles <= CHOICES else {}
    if not titles:
        return ()
    chosen = [name for name in st.query_params.get_all("in") if name in titles]
    items = "".join(
        f'<li><label><input type="checkbox" name="in" value="{escape(name)}"'
        f"{' checked' if name in chosen else ''}> {escape(title)}</label></li>"
        for name, title in titles.items()
    )
    said = ", ".join(escape(titles[name]) for name in chosen) or tr("All articles")
    st.html(
        f'<details class="narrow"><summary>{tr("Search only in")}: {said}</summary>'
        f'<form class="narrow" action="./" method="get" aria-label="{tr("Search only in")}">'
        f'<input type="hidden" name="q" value="{escape(asked)}"><ul>{items}</ul>'
        f'<button type="submit">{tr("Apply")}</button></form></details>'
    )
    return tuple(chosen)
