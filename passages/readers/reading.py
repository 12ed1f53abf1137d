"""What every reader returns."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reading:
    """One file as Markdown, and what it says of itself.

    `notes` tell what had to be guessed or was lost, `advice` what an editor may want to look at.
    """

    text: str
    title: str | None = None
    source: str | None = None
    url: str | None = None
    date: str | None = None
    notes: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
