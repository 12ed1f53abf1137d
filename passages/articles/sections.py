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
    `blocks` are the Markdown blocks of the body; a section without any has no body. What goes on
    below a part that folded, under the heading around it, is a section that `goes_on`.
    """

    headings: tuple[str, ...]
    anchor: str
    level: int
    start: int
    end: int
    blocks: tuple[Block, ...]
    goes_on: bool = False


def split_sections(article: Article) -> list[Section]:
    """Cut an article at its headings; every character is in a heading or in one section.

    A level that is left out counts as present: `###` under `#` is its child. The only `#` heading
    of an article is its title and no part of the heading paths; where there are several, each is
    a section of its own.
    """
    parsed = blocks(article.text)
    tops = [block for block in parsed if block.kind == "heading" and block.level == 1]
    title = tops[0] if len(tops) == 1 else None
    path: list[tuple[Block, str]] = []  # headings and their anchors
    anchors = _Anchors()
    sections = []
    for opening, body, end in _bodies(parsed, len(article.text)):
        goes_on = opening is not None and opening.kind == "end"
        if opening is not None:
            path = [above for above in path if above[0].level < opening.level]
            if not goes_on:
                path.append((opening, anchors.make(opening.anchor or opening.heading)))
        sections.append(
            Section(
                headings=tuple(above.heading for above, _ in path if above is not title),
                anchor=path[-1][1] if path else "",
                level=path[-1][0].level if path else 0,
                start=opening.end if opening else 0,
                end=end,
                blocks=tuple(body),
                goes_on=goes_on,
            )
        )
    return sections


def _bodies(
    parsed: Sequence[Block], length: int
) -> Iterator[tuple[Block | None, list[Block], int]]:
    """What opens each section (first None), the blocks below it, and where the next one opens."""
    opening: Block | None = None
    body: list[Block] = []
    for block in parsed:
        if block.kind in ("heading", "end"):
            yield opening, body, block.start
            opening, body = block, []
        else:
            body.append(block)
    yield opening, body, length


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
