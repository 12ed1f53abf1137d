"""The screens that stand in for an index: none yet, being built, damaged."""

from __future__ import annotations

from html import escape

import streamlit as st

from passages.errors import IndexDamaged, PassagesError
from passages.page import state as server
from passages.page.parts import chrome
from passages.page.settings import build_command, default_corpus, settings
from passages.page.wording import tr


def draw() -> None:
    """Say what is wrong and how to mend it; start a build only from the default folder."""
    problem = server.live().problem
    if settings().service:
        _say(
            tr("The articles cannot be searched now"),
            tr("They are at a service."),
            str(problem or ""),
        )
        _follow(problem)
        return
    builder = server.builder()
    corpus = server.corpus(None)
    by_default = corpus.resolve() == default_corpus().resolve() and corpus.is_dir()
    if by_default and not (problem or builder.error or builder.report):
        builder.start(corpus)
    if server.being_built():
        _say(tr("Getting ready"), tr("The articles are being read. This happens once."))
        watch()
        return
    if problem:
        damaged()
    else:
        _say(
            tr("There is no index yet"),
            tr("The articles must be read once before they can be searched."),
        )
    if builder.error:
        failed(builder.error)
    chrome.command(build_command(corpus, settings().index))
    if (by_default or settings().allow_rebuild) and st.button(tr("Build the index"), key="build"):
        builder.start(corpus)
        st.rerun()
    _follow(problem)


def damaged(still_serving: bool = False) -> None:
    """Say that the newest snapshot is not used, and why."""
    problem = server.live().problem
    if settings().service:
        _say(
            tr("The service does not answer"),
            tr("What it said before is shown."),
            str(problem or ""),
        )
        return
    if not isinstance(problem, IndexDamaged):
        before = tr("The one before is used meanwhile.") if still_serving else tr("It is not used.")
        _say(tr("The index cannot be used"), before, str(problem or ""))
        return
    serving = (
        tr("The one before is used meanwhile. A new build mends it.")
        if still_serving
        else tr("It is not used. A new build mends it.")
    )
    _say(tr("The index is damaged"), serving, str(problem))


def unusable(error: PassagesError) -> None:
    """Say why the index that is there cannot be asked; no build is started for that."""
    _say(tr("The index cannot be searched"), tr("Something that it needs is missing."), str(error))


def failed(error: str) -> None:
    """Say why the last build published nothing."""
    _say(tr("The build failed"), tr("What was there before still serves."), error)


@st.fragment(run_every=0.5)
def watch() -> None:
    """Show how far the running build is; draw the page anew when its index serves or it failed."""
    builder = server.builder()
    share = builder.done / builder.total if builder.total else 0.0
    said = tr("Building the index: reading the articles")
    if builder.total:
        said = tr("Building the index: {done} of {total} texts").format(
            done=f"{builder.done:,}", total=f"{builder.total:,}"
        )
    st.progress(share, text=said)
    if not server.being_built():
        st.rerun()


@st.fragment(run_every=1)
def _follow(shown: PassagesError | None) -> None:
    """Redraw the page when another process has built the index, or the problem has changed."""
    following = server.live()
    if following.problem is not shown or (following.index is not None and not following.problem):
        st.rerun()


def _say(heading: str, words: str, detail: str = "") -> None:
    shown = f'<p class="detail">{escape(detail)}</p>'
    more = f"<details><summary>{tr('Details')}</summary>{shown}</details>"
    chrome.note(f"<h2>{heading}</h2><p>{words}</p>{more if detail else ''}")
