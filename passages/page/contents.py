"""What an index holds, counted once a snapshot for the index page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import streamlit as st

from passages import Index
from passages.articles.chunking import Passage
from passages.page.settings import settings

SAMPLE = 5_000
"""Passages whose tokens are counted; evenly spread where there are more."""


@dataclass(frozen=True, slots=True)
class Contents:
    """Counts of an index; `tokens` are those of the passages looked at, none of a service's."""

    sections: int
    tokens: tuple[int, ...]


def contents(index: Index) -> Contents:
    """Count, at the first call for a snapshot."""
    return _contents(index, index.about.name)


@st.cache_resource(max_entries=2, show_spinner=False)
def _contents(_index: Index, snapshot: str) -> Contents:
    if settings().service:
        return Contents(_index.about.sections, ())
    texts = [passage.encoder_text for passage in sample(_index, SAMPLE)]
    return Contents(_index.about.sections, tuple(_index.encoder().count_tokens(texts)))


def sample(index: Index, passages: int) -> Iterator[Passage]:
    """Passages of articles spread over the index, about as many as asked or all."""
    step = max(1, index.about.passages // passages)
    for article_id, _ in islice(index.articles(), 0, None, step):
        yield from index.passages_of(article_id)
