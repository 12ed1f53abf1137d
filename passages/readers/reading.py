"""What every reader returns."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reading:
    """One file as Markdown, what it says of itself, and notes on what had to be guessed."""

    text: str
    title: str | None = None
    source: str | None = None
    url: str | None = None
    date: str | None = None
    notes: tuple[str, ...] = ()
