"""What an index holds, counted once a snapshot for the index page."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from passages import Index

SAMPLE = 5_000
"""Passages whose tokens are counted; evenly spread where there are more."""


@dataclass(frozen=True, slots=True)
class Contents:
    """Counts of an index; `tokens` are those of the passages looked at."""

    sections: int
    tokens: tuple[int, ...]


def contents(index: Index) -> Contents:
    """Count, at the first call for a snapshot."""
    return _contents(index, index.snapshot.folder.name)


@st.cache_resource(max_entries=2, show_spinner="Counting …")
def _contents(_index: Index, snapshot: str) -> Contents:
    opened = _index.snapshot
    step = max(1, len(opened) // SAMPLE)
    sample = [opened.passage(row).encoder_text for row in range(0, len(opened), step)]
    return Contents(opened.sections, tuple(_index.encoder().count_tokens(sample)))
