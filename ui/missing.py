"""The screens that stand in for an index: none yet, being built, damaged."""

from __future__ import annotations

from html import escape

import streamlit as st

from ui import chrome, server
from ui.settings import SHIPPED_CORPUS, build_command, settings


def draw() -> None:
    """Say what is wrong and what mends it; build by itself only the shipped articles' index."""
    problem = server.live().problem
    builder = server.builder()
    corpus = server.corpus(None)
    shipped = corpus.resolve() == SHIPPED_CORPUS
    if not problem and not builder.error and shipped and not builder.report:
        builder.start(corpus, settings().index)
    if server.being_built() or (builder.report and not problem):
        _watch()
        return
    if problem:
        _say("The index is damaged", "It will not be used. A new build mends it.", problem)
    else:
        _say("There is no index yet", "The articles must be read once before they can be searched.")
    if builder.error:
        chrome.note(f"<p>The build failed: {escape(builder.error)}</p>", "bad")
    chrome.command(build_command(corpus, settings().index))
    allowed = shipped or settings().allow_rebuild
    if allowed and st.button("Build the index", key="build", type="primary"):
        builder.start(corpus, settings().index)
        st.rerun()


def progress() -> None:
    """How far the running build is."""
    builder = server.builder()
    share = builder.done / builder.total if builder.total else 0.0
    said = (
        f"{builder.done:,} of {builder.total:,} texts" if builder.total else "reading the articles"
    )
    st.progress(share, text=f"Building the index: {said}")


@st.fragment(run_every=0.5)
def _watch() -> None:
    """Follow the build; when its index serves, draw the page anew."""
    following = server.live()
    if following.index is not None and not following.problem:
        st.rerun()
    if server.builder().error or (not server.being_built() and following.problem):
        st.rerun()
    _say("Getting ready", "The articles are being read; this happens once.")
    progress()


def _say(heading: str, words: str, detail: str = "") -> None:
    more = f'<details><summary>Details</summary><p class="detail">{escape(detail)}</p></details>'
    chrome.note(f"<h2>{heading}</h2><p>{words}</p>{more if detail else ''}")
