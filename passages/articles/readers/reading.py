"""What every reader returns."""

from __future__ import annotations

from dataclasses import dataclass

from passages.articles.readers.decoding import one_line
from passages.errors import UnreadableFile

MAX_CHARS = 2_000_000
"""The longest article, some 300,000 words: the longest novels. It takes seconds to divide."""

MAX_LINE = 300
"""Characters of a title, and of a line of the report. What they name may be as long as the file."""


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


def report_line(text: str, longest: int = MAX_LINE) -> str:
    """The text on one line that is no longer than that, without what cannot be printed."""
    line = one_line(text) or ""
    return line if len(line) <= longest else f"{line[: longest - 2].rstrip()} …"


def within_bounds(text: str) -> str:
    """The text as it is; asked before work that takes as long as the text is.

    Raises:
        UnreadableFile: it is longer than an article may be.
    """
    if len(text) > MAX_CHARS:
        raise UnreadableFile(
            f"{len(text):,} characters: an article has at most {MAX_CHARS:,}; divide it"
        )
    return text
