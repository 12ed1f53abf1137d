"""What every reader returns."""

from __future__ import annotations

import re
from dataclasses import dataclass

from passages.articles.readers.decoding import one_line
from passages.errors import UnreadableFile

MAX_CHARS = 2_000_000
"""The longest article, some 300,000 words: the longest novels. It takes seconds to divide."""

_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8}){0,4}")
_UNKNOWN = frozenset(["und", "zxx", "mul", "mis"])  # no language, or none that is known

MAX_LINE = 300
"""Characters of a title, and of a line of the report. What they name may be as long as the file."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One file as Markdown, and what it says of itself.

    `notes` tell what had to be guessed or was lost, `advice` what an editor may want to look at.
    `language` is a BCP 47 tag (`de`, `pt-BR`) where the file names its language.
    A `draft` is what its author has not published yet.
    """

    text: str
    title: str | None = None
    source: str | None = None
    url: str | None = None
    date: str | None = None
    notes: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    language: str | None = None
    draft: bool = False


def language_tag(text: str | None) -> str | None:
    """The language tag that a file gives itself, None if it is none: `pt_BR` -> `pt-BR`."""
    match = _LANGUAGE.fullmatch((text or "").strip())
    return match[0].replace("_", "-") if match and match[1].lower() not in _UNKNOWN else None


def report_line(text: str, longest: int = MAX_LINE) -> str:
    """The text on one line that is no longer than that, without what cannot be printed."""
    line = one_line(text) or ""
    return line if len(line) <= longest else f"{line[: longest - 2].rstrip()} …"


def within_bounds(text: str) -> str:
    """Return the text if its length is within bounds; call it before work that grows with length.

    Raises:
        UnreadableFile: it is longer than an article may be.
    """
    if len(text) > MAX_CHARS:
        raise UnreadableFile(
            f"{len(text):,} characters: an article has at most {MAX_CHARS:,}; divide it"
        )
    return text
