"""What a Markdown text is made of, once it is understood."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from passages.articles.markup.mapped import Mapped, Span

MAX_HEADING = 1_000
"""Characters. What is longer is text marked up by mistake, and would stand in every path below."""


_ID = re.compile(
    r"""\{[^{}\n]*?\#([\w.:-]+)[^{}\n]*\}[ \t#]*(?:\n[ ]{0,3}[-=]+\s*)?$
      | ^<h[1-6][^>]*\sid\s*=\s*["']([\w.:-]+)["']
      | <(?:a|span)\s[^<>]*\b(?:id|name)\s*=\s*["']([\w.:-]+)["']
    """,
    re.VERBOSE,
)
_TARGET = re.compile(r"\(([\w.:-]+)\)=[ \t]*\n\s*$")


@dataclass(frozen=True, slots=True)
class Block:
    """A top-level block: `text[start:end]`; a heading has a level, its words, maybe an `anchor`.

    A block of the kind "end" has no words: there a part that folds has ended, whose summary is the
    last heading of that `level`, or a heading of that level stands that says nothing. `items` are
    the items of a list and the rows of a table, as spans of the same text.
    """

    kind: str
    start: int
    end: int
    level: int = 0
    heading: str = ""
    items: tuple[Span, ...] = ()
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of the visible text that no sentence crosses: a paragraph, a row, a code block.

    `whole` says that it is one sentence as it stands; `header` is that of the table's head row.
    """

    start: int
    end: int
    whole: bool = False
    header: Span | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A Markdown text, understood: its top-level blocks, what is visible of it, what is odd in it.

    `links` are the stretches of the visible text that are links, with their targets; `code` those
    that are code.
    """

    blocks: tuple[Block, ...]
    visible: Mapped
    units: tuple[Unit, ...]
    links: tuple[tuple[Span, str], ...]
    code: tuple[Span, ...]
    problems: tuple[str, ...]


def anchor_of(text: str, start: int, end: int) -> str:
    """The anchor that the heading `text[start:end]` names, in it or on the line above; or none."""
    named = _ID.search(text[start:end]) or _TARGET.search(text[max(0, start - 200) : start])
    return next(filter(None, named.groups()), "") if named else ""


def with_ends(blocks: Sequence[Block], ends: Sequence[Span]) -> Iterator[Block]:
    """The blocks, and between them where parts that fold end."""
    waiting = list(reversed(ends))
    last = 0
    for block in blocks:
        while waiting and waiting[-1][0] <= block.start:
            place, level = waiting.pop()
            last = max(last, place)
            yield Block("end", last, last, level)
        yield block
        last = block.end
