"""Where a section that is too long for the encoder is cut: at blocks, items, sentences, words."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from passages.articles.blocks import Block, Document, Unit
from passages.articles.markup.mapped import Span
from passages.articles.sections import Section
from passages.articles.visible import has_words

TokenCounter = Callable[[Sequence[str]], list[int]]
"""Texts -> how many tokens the encoder sees in each, its special tokens included."""

_BOLD = re.compile(r"(\*\*|__)(?:(?!\1)[^\n])+\1[ \t]*[:：?]?")
_RUN_IN = re.compile(
    r"(\*\*|__)(?=\S)(?:(?!\1)[^\n]){2,120}(?:[.:?!：。？]\1|\1[ \t]*(?:[:：.–—-]|$))",
    re.MULTILINE,
)


class Cutter:
    """Cuts one section's body into spans of the article that fit, where it hurts least."""

    def __init__(
        self, text: str, seen: Document, prefix: str, count: TokenCounter, max_tokens: int
    ) -> None:
        self._text = text
        self._document = seen
        self._visible = seen.visible
        self._prefix = prefix
        self._count = count
        self._max_tokens = max_tokens

    def cut(self, section: Section, span: Span, sentences: Sequence[Span]) -> list[Span]:
        """The spans of the article, in order, that `span`, the section's body, is cut into."""
        if self._fits(span):
            return [span]
        kept = set(self._kept_together(section.blocks))
        rows = {unit.start for unit in self._units(span) if _is_first_row(unit)}
        starts = [start for start, _ in sentences if start not in rows]
        first, last = self._visible.within(*span)
        lines = re.compile(r"\n").finditer(self._visible.text, first, last)
        spaces = re.compile(r"\s+").finditer(self._visible.text, first, last)
        cuts = [
            _run_ins(section.blocks, self._text),
            [block.start for block in section.blocks if block.start not in kept],
            [start for block in section.blocks for start, _ in block.items[1:]],
            [place for place in map(self._cut_place, starts) if place not in kept],
            [self._cut_place(match.end()) for match in lines],
            [self._cut_place(match.end()) for match in spaces],
        ]
        cuts[2] = [place for place in cuts[2] if place not in kept and not self._below_head(place)]
        return self._with_words(self._pack(list(self._atoms(span, cuts))))

    def seen(self, span: Span) -> tuple[Span | None, Span]:
        """What is visible of a span; before it the head row of the table that it is cut from."""
        start, end = self._visible.within(*span)
        start, end = trimmed(self._visible.text, start, end)
        units = self._document.units
        number = bisect_right(units, start, key=lambda unit: unit.start) - 1
        header = units[number].header if number >= 0 else None
        if header is None or header[0] >= start or start >= units[number].end:
            return None, (start, end)
        words = self._visible.text[slice(*header)]
        if self._count([words])[0] > self._max_tokens // 4:
            return None, (start, end)
        return header, (start, end)

    def _units(self, span: Span) -> Sequence[Unit]:
        units = self._document.units
        start, end = self._visible.within(*span)
        first = bisect_left(units, start, key=lambda unit: unit.start)
        return units[first : bisect_left(units, end, key=lambda unit: unit.start)]

    def _kept_together(self, blocks: Sequence[Block]) -> Iterator[int]:
        """Where blocks begin that the one before introduces, and their first items."""
        for before, block in pairwise(blocks):
            if _leads_in(before, block, self._text):
                yield block.start
                yield from (start for start, _ in block.items[:1])

    def _below_head(self, place: int) -> bool:
        """Whether it is the first row below the head of a table."""
        units = self._document.units
        start = self._visible.within(place, place)[0]
        number = bisect_left(units, start, key=lambda unit: unit.start)
        return number < len(units) and _is_first_row(units[number])

    def _cut_place(self, offset: int) -> int:
        """Where to cut before what is visible at `offset`: its marks go with it."""
        text = self._text
        place = self._visible.place(offset)
        least = self._visible.place(offset - 1) + 1 if offset else 0
        while place > least and not text[place - 1].isspace():
            place -= 1
        line = text.rfind("\n", 0, place) + 1
        return max(place - len(text[line:place]), line) if line >= least else place

    def _fits(self, span: Span) -> bool:
        header, body = self.seen(span)
        text = self._visible.text
        words = text[slice(*body)]
        if header is not None:
            words = f"{text[slice(*header)]}\n{words}"
        return self._count([f"{self._prefix}\n{words}"])[0] <= self._max_tokens

    def _atoms(self, span: Span, cuts: list[list[int]]) -> Iterator[Span]:
        """Parts that fit, at blocks, then items, sentences, words, or within a word."""
        start, end = span
        first, last = self._visible.within(start, end)
        if self._fits(span) or last - first <= 1:
            yield span
            return
        if cuts:
            inside = cuts[0][bisect_right(cuts[0], start) : bisect_left(cuts[0], end)]
        else:
            inside = [self._visible.place((first + last) // 2)]
        if not cuts and not start < inside[0] < end:
            yield span
            return
        for first, last in pairwise([start, *inside, end]):
            part = trimmed(self._text, first, last)
            if part[0] < part[1]:
                yield from self._atoms(part, cuts[1:])

    def _pack(self, atoms: list[Span]) -> list[Span]:
        """Join neighbouring atoms into spans of about equal size, as few as will fit."""
        shown = [self._visible.text[slice(*self._visible.within(*atom))] for atom in atoms]
        special, *sizes = self._count(["", *shown])
        sizes = [size - special for size in sizes]
        budget = self._max_tokens - self._count([f"{self._prefix}\n"])[0]
        while True:
            spans = _grouped(atoms, sizes, budget)
            # Tokens of parts need not add up to those of the whole; a part alone always fits.
            if all(self._fits(span) for span in spans) or budget < 1:
                return spans
            budget = budget * 9 // 10

    def _with_words(self, spans: list[Span]) -> list[Span]:
        """The spans; one without anything to read joins a neighbour where both fit."""
        joined: list[Span] = []
        for start, end in spans:
            before = joined[-1] if joined else None
            both = start if before is None else before[0], end
            alone = before is None or (self._says(before) and self._says((start, end)))
            if not alone and self._fits(both):
                joined[-1] = both
            else:
                joined.append((start, end))
        return joined

    def _says(self, span: Span) -> bool:
        return has_words(self._visible.text[slice(*self._visible.within(*span))])


def _grouped(atoms: list[Span], sizes: list[int], budget: int) -> list[Span]:
    """Join atoms up to `budget`, aiming at equal groups: 300 tokens in 256 make 150 + 150."""
    total = sum(sizes)
    target = total / max(1, -(-total // max(1, budget)))
    groups: list[Span] = []
    filled = 0
    for atom, size in zip(atoms, sizes, strict=True):
        if groups and filled + size <= budget and filled + size / 2 <= target:
            groups[-1] = (groups[-1][0], atom[1])
            filled += size
        else:
            groups.append(atom)
            filled = size
    return groups


def _is_first_row(unit: Unit) -> bool:
    """Whether it is the row right below the head row of a table, which says nothing alone."""
    return unit.header is not None and unit.start <= unit.header[1] + 1


def _leads_in(block: Block, following: Block, text: str) -> bool:
    """Whether a paragraph is about the block after it and must stay with its beginning.

    So is one that ends with a colon before a list, a table or code, and one all in bold, which is
    a heading or a question, before whatever it stands above.
    """
    if block.kind != "paragraph":
        return False
    if _BOLD.fullmatch(text, block.start, block.end):
        return not (following.kind == "paragraph" and _RUN_IN.match(text, following.start))
    return following.kind in ("list", "table", "code", "quote") and text[block.end - 1] in ":：?"


def _run_ins(blocks: Sequence[Block], text: str) -> list[int]:
    """Where paragraphs begin with a heading of their own, in bold; none where but one does."""
    found = [b.start for b in blocks if b.kind == "paragraph" and _RUN_IN.match(text, b.start)]
    return found if len(found) > 1 else []


def trimmed(text: str, start: int, end: int) -> Span:
    """The span without white space at its ends."""
    inner = text[start:end]
    start += len(inner) - len(inner.lstrip())
    return start, max(start, start + len(inner.strip()))
