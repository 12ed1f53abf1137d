"""What all sessions share: the index that is served, the build that runs, answers found before.

The library is imported inside the functions: it costs seconds, and a page that only wants to draw
its search box should not wait for it.
"""

from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from passages.page.appearance import Appearance
from passages.page.appearance import appearance as appearance_of
from passages.page.gaps.log import QuestionLog
from passages.page.settings import default_corpus, settings

if TYPE_CHECKING:
    from passages import Answer, Index
    from passages.building.changes import Changes
    from passages.page.builder import Builder
    from passages.page.measuring import Measurer
    from passages.search.serving.live import LiveIndex

logger = logging.getLogger(__name__)

PAGE = 5
"""Hits that are shown at first, and those that "Show more" adds."""

HITS = 4 * PAGE
"""Hits that are asked for."""


def live() -> LiveIndex:
    """The index of the configured folder; the first call starts to load it in the background."""
    return _live(str(settings().index))


def builder() -> Builder:
    """The one that builds the configured index."""
    return _builder(str(settings().index))


def measurer() -> Measurer:
    """The one that asks the configured index the judged questions."""
    return _measurer(str(settings().index))


def wait_for_index(seconds: float = 20) -> Index | None:
    """The index that serves now, or None: at start it may take a moment to be opened."""
    following = live()
    deadline = time.monotonic() + seconds
    while following.index is None and time.monotonic() < deadline:
        if following.looked.wait(0.05):
            break
    return following.index


def is_loading() -> bool:
    """Whether the encoder is still being loaded: the first question then takes seconds."""
    return not live().looked.is_set()


def answer(index: Index, question: str, articles: tuple[str, ...] = ()) -> Answer:
    """Ask the index; the same question to the same snapshot is computed once."""
    return _answer(index, index.about.name, question, articles)


def search(index: Index, question: str, k: int, articles: tuple[str, ...] = ()) -> Answer:
    """Ask the index anew; questions that come together are encoded together."""
    return index.search(question, k=k, articles=articles or None)


def changes(index: Index) -> Changes | None:
    """How the articles differ from those in the index, at most ten seconds ago; None: not known."""
    if settings().service:
        return None
    return _changes(str(settings().index), index.about.name, str(corpus(index)))


def titles(index: Index) -> dict[str, str]:
    """The titles of all articles by their ids."""
    return _titles(index, index.about.name)


def appearance() -> Appearance:
    """The operator's words and colours for the articles that serve; waits for no index."""
    following = _following.get(str(settings().index))
    index = following.index if following else None
    built_from = Path(index.about.corpus) if index else None
    return appearance_of(settings().corpus or built_from)


def question_log() -> QuestionLog | None:
    """Where what readers ask is kept for the editors, None where the operator names no folder."""
    folder = settings().gaps
    return QuestionLog(folder, settings().gaps_days) if folder else None


def being_built() -> bool:
    """Whether a build of the configured index runs, in this process or another."""
    from passages.index.storage.lock import build_running

    return builder().running or build_running(settings().index)


def corpus(index: Index | None) -> Path:
    """The folder of articles: the configured one, or the one the index was built from."""
    built_from = Path(index.about.corpus) if index else default_corpus()
    return settings().corpus or built_from


_following: dict[str, LiveIndex] = {}
"""What `_live` has made, for whoever does not want to wait for it."""


@st.cache_resource(show_spinner=False)
def _live(folder: str) -> LiveIndex:
    from passages.opening import follow

    _following[folder] = follow(folder)
    return _following[folder]


@st.cache_resource(show_spinner=False)
def _builder(folder: str) -> Builder:
    from passages.page.builder import Builder

    return Builder(_live(folder))


@st.cache_resource(show_spinner=False)
def _measurer(folder: str) -> Measurer:
    from passages.page.measuring import Measurer

    return Measurer(Path(folder))


@st.cache_resource(max_entries=256, show_spinner=False)
def _answer(_index: Index, snapshot: str, question: str, articles: tuple[str, ...]) -> Answer:
    return search(_index, question, HITS, articles)


@st.cache_resource(max_entries=2, show_spinner=False)
def _titles(_index: Index, snapshot: str) -> dict[str, str]:
    return dict(_index.articles())


@st.cache_resource(ttl=10, max_entries=4, show_spinner=False)
def _changes(index: str, snapshot: str, corpus: str) -> Changes | None:
    from passages.building.changes import changes_since
    from passages.errors import IndexDamaged
    from passages.index.generation import whole_manifest
    from passages.opening import local_folder

    try:
        return changes_since(whole_manifest(local_folder(index) / snapshot), Path(corpus))
    except (OSError, IndexDamaged):
        logger.warning("the articles in %s cannot be compared with the index", corpus)
        return None
