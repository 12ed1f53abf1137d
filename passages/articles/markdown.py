"""Markdown -> its top-level blocks as spans of the text, headings among them.

The one place that knows the Markdown parser. Only what divides a text is parsed: inside a block
everything stays as it was written.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

Span = tuple[int, int]

MAX_HEADING = 1_000
"""Characters. What is longer is text marked up by mistake, and would stand in every path below."""

_KINDS = {
    "heading_open": "heading",
    "paragraph_open": "paragraph",
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "table_open": "table",
    "fence": "code",
    "code_block": "code",
    "blockquote_open": "quote",
    "html_block": "html",
    "hr": "rule",
}
# Inline markup is parsed for headings alone: passages are verbatim slices and need no rendering.
_BLOCKS = MarkdownIt("commonmark").enable("table")
_BLOCKS.core.ruler.enableOnly(["normalize", "block"])
_INLINE = MarkdownIt("commonmark")


@dataclass(frozen=True, slots=True)
class Block:
    """A top-level block: `text[start:end]`; a heading has a level and its plain text.

    `items` are the items of a list and the rows of a table, as spans of the same text.
    """

    kind: str
    start: int
    end: int
    level: int = 0
    heading: str = ""
    items: tuple[Span, ...] = ()


@lru_cache(maxsize=1)  # an article is looked at for its title, then cut into sections
def blocks(text: str) -> tuple[Block, ...]:
    """The top-level blocks of a Markdown text, in order.

    A heading inside a quote, a list or a code fence is no heading of the article, nor is one of
    more than `MAX_HEADING` characters. Offsets count
    characters; a block ends where its last line ends, without trailing white space.
    """
    tokens = _BLOCKS.parse(text)
    lines = _line_starts(text)
    found = []
    for place, token in enumerate(tokens):
        if token.level == 0 and token.map and token.type in _KINDS:
            start, end = _span(token, lines, text)
            kind = _KINDS[token.type]
            if kind == "heading" and end - start <= MAX_HEADING:
                heading = plain(tokens[place + 1].content)
                found.append(Block(kind, start, end, int(token.tag[1]), heading))
            elif start < end:  # not a line of unusual white space alone
                kind = "paragraph" if kind == "heading" else kind
                found.append(Block(kind, start, end, items=_items(tokens, place, lines, text)))
    return tuple(found)


def plain(inline: str) -> str:
    """The words of inline Markdown: `*Side* [effects](x)` -> `Side effects`."""
    parts = []
    for token in _INLINE.parseInline(inline)[0].children or []:
        if token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif token.type != "html_inline":
            parts.append(token.content)
    return " ".join("".join(parts).split())


def title_of(text: str) -> str | None:
    """The text of the only top-level `#` heading, or None where there is none or several."""
    tops = [block for block in blocks(text) if block.kind == "heading" and block.level == 1]
    return tops[0].heading or None if len(tops) == 1 else None


def _items(tokens: Sequence[Token], place: int, lines: list[int], text: str) -> tuple[Span, ...]:
    """Items of the list, or rows of the table, that opens at `place`."""
    wanted = {"list_item_open": 1, "tr_open": 2}
    spans = []
    place += 1
    while place < len(tokens) and (token := tokens[place]).level > 0:
        if token.map and wanted.get(token.type) == token.level:
            spans.append(_span(token, lines, text))
        place += 1
    return tuple(spans)


def _line_starts(text: str) -> list[int]:
    starts = [0]
    while (newline := text.find("\n", starts[-1])) != -1:
        starts.append(newline + 1)
    starts.append(len(text))
    return starts


def _span(token: Token, lines: list[int], text: str) -> Span:
    first, after = token.map or (0, 0)
    start, end = lines[first], lines[min(after, len(lines) - 1)]
    return start, start + len(text[start:end].rstrip())


def line_number(text: str, offset: int) -> int:
    """The 1-based line in which the character at `offset` stands."""
    return bisect_right(_line_starts(text)[:-1], offset)
