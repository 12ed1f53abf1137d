"""Markdown -> its top-level blocks as spans of the text, headings among them."""

from __future__ import annotations

from passages.articles.blocks import MAX_HEADING, Block
from passages.articles.markup.mapped import Span
from passages.articles.visible import document

__all__ = ["MAX_HEADING", "Block", "Span", "blocks", "plain", "title_of"]


def blocks(text: str) -> tuple[Block, ...]:
    """The top-level blocks of a Markdown text, in order.

    A heading inside a quote, a list or a code fence is no heading of the article, nor is one of
    more than `MAX_HEADING` characters. Offsets count characters; a block ends where its last line
    ends, without trailing white space.
    """
    return document(text).blocks


def plain(inline: str) -> str:
    """The words of inline Markdown: `*Side* [effects](x)` -> `Side effects`."""
    return " ".join(document(inline).visible.text.split())


def title_of(text: str) -> str | None:
    """The text of the only top-level `#` heading, or None where there is none or several."""
    tops = [block for block in blocks(text) if block.kind == "heading" and block.level == 1]
    return tops[0].heading or None if len(tops) == 1 else None
