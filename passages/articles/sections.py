"""Markdown of an article -> its sections: one a heading, with the path of headings above it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from passages.articles.corpus import Article
from passages.articles.markdown import Block, blocks


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading: `article.text[start:end]`, the heading itself not included.

    `headings` is the path from the top, the article's own title left out. `anchor` is the one that
    the heading names (`{#id}`), else the one that GitHub gives it; text before the first heading
    has the empty anchor.
    `blocks` are the Markdown blocks of the body; a section without any has no body.
    """

    headings: tuple[str, ...]
    anchor: str
    level: int
    start: int
    end: int
    blocks: tuple[Block, ...]


def split_sections(article: Article) -> list[Section]:
    """Cut an article at its headings; every character is in a heading or in one section.

    A level that is left out counts as present: `###` under `#` is its child. The only `#` heading
    of an article is its title and no part of the heading paths; where there are several, each is
    a section of its own.
    """
    parsed = blocks(article.text)
    tops = [block for block in parsed if block.kind == "heading" and block.level == 1]
    title = tops[0] if len(tops) == 1 else None
    path: list[Block] = []
    anchors = _Anchors()
    sections = []
    for heading, body, end in _bodies(parsed, len(article.text)):
        if heading is not None:
            path = [above for above in path if above.level < heading.level] + [heading]
        sections.append(
            Section(
                headings=tuple(above.heading for above in path if above is not title),
                anchor=anchors.make(heading.anchor or heading.heading) if heading else "",
                level=heading.level if heading else 0,
                start=heading.end if heading else 0,
                end=end,
                blocks=tuple(body),
            )
        )
    return sections


def _bodies(
    parsed: Sequence[Block], length: int
) -> Iterator[tuple[Block | None, list[Block], int]]:
    """Each heading (first None), the blocks below it, and where the next heading begins."""
    heading: Block | None = None
    body: list[Block] = []
    for block in parsed:
        if block.kind == "heading":
            yield heading, body, block.start
            heading, body = block, []
        else:
            body.append(block)
    yield heading, body, length


class _Anchors:
    """GitHub's anchors: `What Is It?` -> `what-is-it`, repeated `what-is-it-1`."""

    def __init__(self) -> None:
        self._repeats = {"": 0}  # the anchor of the text before the first heading

    def make(self, heading: str) -> str:
        slug = re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        anchor = slug
        while anchor in self._repeats:
            self._repeats[slug] += 1
            anchor = f"{slug}-{self._repeats[slug]}"
        self._repeats[anchor] = 0
        return anchor
