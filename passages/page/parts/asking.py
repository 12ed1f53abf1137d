"""The question and the filter, each in the address, in its widget and in the history of the tab.

The address leads: Back, Forward, a shared link and an example all change it, and the widgets
follow. A form, because a bare box that commits when it loses the focus swallows the next click;
return values, because callbacks are lost on the first click after the server was restarted.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from passages.page import links
from passages.page import state as server
from passages.page.parts import chrome
from passages.page.settings import settings
from passages.page.wording import counted, tr

if TYPE_CHECKING:
    from passages import Index

LONGEST = 2_000
"""Characters of a question that are kept: an address has its limits, and an encoder reads fewer."""

CHOICES = 500
"""Articles among which a reader can choose; a longer list helps nobody."""


def ask() -> str:
    """Draw the search box and return the question, "" if none was asked."""
    state = st.session_state
    asked = _clean(st.query_params.get("q", ""))
    fresh = "_asked" not in state
    if not fresh and (state["_asked"] != asked or "q_box" not in state):
        state["q_box"] = asked
    with (
        st.form("ask", border=False),
        st.container(horizontal=True, vertical_alignment="bottom", gap="small"),
    ):
        typed = st.text_input(
            tr("Your question"),
            value=asked if fresh else "",
            key="q_box",
            type="search",
            placeholder=tr("Your question, in your own words"),
            label_visibility="collapsed",
            autocomplete="off",
        )
        go = st.form_submit_button(tr("Search"), type="primary", key="go")
    _beside_the_box()
    question = _clean(typed or "")
    if go and question != asked:
        asked = question
        if question:
            st.query_params["q"] = question
        else:
            st.query_params.pop("q", None)
    state["_asked"] = asked
    return asked


def ask_from_elsewhere() -> None:
    """Draw the search box on another screen; a question leads to its results."""
    asked = _clean(st.query_params.get("q", ""))
    with (
        st.form("ask_elsewhere", border=False),
        st.container(key="elsewhere", horizontal=True, vertical_alignment="bottom", gap="small"),
    ):
        typed = st.text_input(
            tr("Your question"),
            value=asked,
            type="search",
            placeholder=tr("Your question, in your own words"),
            label_visibility="collapsed",
            autocomplete="off",
        )
        go = st.form_submit_button(tr("Search"), key="go_elsewhere")
    _beside_the_box()
    if go and (question := _clean(typed or "")):
        st.switch_page(chrome.SEARCH, query_params=links.results(question, ()))


def _beside_the_box() -> None:
    """The operator's own line, and what the script of suggestions says."""
    notice = server.appearance().notice
    found = tr("{number} suggestions; the arrow keys lead to them")
    names = f'data-suggest="{tr("Suggestions")}" data-found="{found}"'
    line = f'<p class="line">{escape(notice)}</p>' if notice else ""
    if server.question_log():
        kept = counted(
            settings().gaps_days,
            "Your question is kept for the editors for one day, without your name.",
            "Your question is kept for the editors for {number} days, without your name.",
        )
        line += f'<p class="line">{kept}</p>'
    st.html(f"<span hidden {names}></span>{line}")


def narrow(index: Index) -> tuple[str, ...]:
    """Draw the choice of articles, if there is one, and return the chosen ids; none: all."""
    titles = server.titles(index) if 1 < index.about.articles <= CHOICES else {}
    if not titles:
        return ()
    state = st.session_state
    wanted = [name for name in st.query_params.get_all("in") if name in titles]
    if state.get("_wanted") != wanted or "in_box" not in state:
        state["in_box"] = wanted
    chosen = st.multiselect(
        tr("Search only in"),
        titles,
        key="in_box",
        format_func=titles.__getitem__,
        placeholder=tr("All articles"),
        select_all=False,
    )
    if chosen != wanted:
        st.query_params["in"] = chosen
    state["_wanted"] = list(chosen)
    return tuple(chosen)


def _clean(text: str) -> str:
    return " ".join(text[:LONGEST].split())
