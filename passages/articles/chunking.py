"""Section -> passages within the encoder's token limit, and their sentences.

A passage is a verbatim slice of its article; its length is that of its visible text. A section
that fits is one passage; a longer one is cut between its blocks, a block that does not fit between
its items, its sentences, and a sentence that does not fit between words. Nothing is left out and
nothing is truncated.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter

from passages.articles.corpus import Article
from passages.articles.markup.mapped import Mapped, Span
from passages.articles.sections import Section, split_sections
from passages.articles.visible import Block, Document, Unit, document, has_words
from passages.language.sentences import split_sentences

TokenCounter = Callable[[Sequence[str]], list[int]]
"""Texts -> how many tokens the encoder sees in each, its special tokens included."""

CHUNKER_VERSION = 9
"""Increment it when the same Markdown is cut into other passages or other sentences:
`python -m tests.versions` does."""

PASSAGE_TOKENS = 256
"""The longest passage, where the encoder would take more."""

LINKS, OWN_LINKS = 0.8, 0.6
"""The share of a passage's words from which on it is little else than links; less suffices where
most of them lead to the article's own headings."""

SHORT_PATH = 12
"""Words of a heading path that may stand before a sentence without drowning it."""

_BOLD = re.compile(r"(\*\*|__)(?:(?!\1)[^\n])+\1[ \t]*[:：?]?")
_RUN_IN = re.compile(
    r"(\*\*|__)(?=\S)(?:(?!\1)[^\n]){2,120}(?:[.:?!：。？]\1|\1[ \t]*(?:[:：.–—-]|$))",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Passage:
    """`article.text[start:end]`, all of it under one heading path.

    `prefix` is the title and heading path as the encoder sees them before the text. `visible` is
    what a reader sees of the passage, mapped to the article's text; a part of a table has the
    table's head row before it. `sentences` are spans of the visible text; the one nearest to a
    question is marked. `is_links` says that it is little else than links: it leads to text.
    """

    article: Article
    headings: tuple[str, ...]
    anchor: str
    prefix: str
    start: int
    end: int
    sentences: tuple[Span, ...]
    visible: Mapped
    is_links: bool = False

    @property
    def text(self) -> str:
        """The passage as the article has it."""
        return self.article.text[self.start : self.end]

    @property
    def words(self) -> str:
        """The passage as a reader sees it."""
        return self.visible.text

    def in_text(self, span: Span) -> Span:
        """Where a span of the visible text stands in `text`; before 0 in a table's head row."""
        start, end = self.visible.span(*span)
        return start - self.start, end - self.start

    @property
    def head_row(self) -> Span | None:
        """Where in the article the head rows stand that a part of a table is shown with."""
        if not self.visible.runs or (first := self.visible.runs[0][1]) >= self.start:
            return None
        text = self.article.text
        start = text.rfind("\n", 0, first) + 1
        below = text.find("\n", first) + 1
        return start, text.find("\n", below)

    @property
    def sentence_texts(self) -> list[str]:
        """What the encoder is given for each sentence: it too needs to know what it is about.

        nDCG@10 (bge-small-en) of the sentence alone, under the last heading, under the whole path,
        and under the path where that is short and else under the last heading: MedQuAD 0.870,
        0.903, 0.940, 0.943; the fit half of evaluation/ 0.823, 0.825, 0.796, 0.823.
        """
        path = " > ".join((self.article.title, *self.headings))
        last = self.headings[-1] if self.headings else self.article.title
        about = path if len(path.split()) <= SHORT_PATH else last
        if about not in self.prefix:  # shortened to leave room for the text
            about = self.prefix
        return [f"{about}\n{self.words[start:end]}" for start, end in self.sentences]

    @property
    def encoder_text(self) -> str:
        """What the encoder is given for the whole passage."""
        return f"{self.prefix}\n{self.words}"


def chunk(article: Article, count: TokenCounter, max_tokens: int) -> list[Passage]:
    """Cut an article into passages of at most `max_tokens` tokens, the prefix counted in.

    Every character of a section's body is in exactly one passage or in the white space between
    two. A section in which there is nothing to read gives none: its heading lives on in the paths
    of its children.
    """
    seen = document(article.text)
    passages = []
    for section in split_sections(article):
        start, end = _trim(article.text, section.start, section.end)
        if not seen.visible.text[slice(*seen.visible.within(start, end))].strip():
            continue
        prefix = _prefix(article.title, section.headings, count, max_tokens // 2)
        cutter = _Cutter(article.text, seen, prefix, count, max_tokens)
        sentences = _sentences(seen, (start, end), article.code)
        for first, last in cutter.cut(section, (start, end), sentences):
            header, body = cutter.seen((first, last))
            found = _clipped(sentences, *body)
            visible = seen.visible.cut(*body)
            if header is not None:
                head = seen.visible.cut(*header)
                visible = _joined(head, visible)
                shift = len(head.text) + 1
                found = tuple((a + shift, b + shift) for a, b in found)
            passages.append(
                Passage(
                    article=article,
                    headings=section.headings,
                    anchor=section.anchor,
                    prefix=prefix,
                    start=first,
                    end=last,
                    sentences=found or ((0, len(visible.text)),),
                    visible=visible,
                    is_links=_is_links(seen, body),
                )
            )
    return passages


def _joined(head: Mapped, body: Mapped) -> Mapped:
    """The head row of a table, and a part of the table below it."""
    shift = len(head.text) + 1
    below = [(at + shift, place) for at, place in body.runs]
    return Mapped(f"{head.text}\n{body.text}", (*head.runs, *below))


def _is_links(seen: Document, body: Span) -> bool:
    """Whether there is little else than links, more so where they lead to other articles."""
    text = seen.visible.text
    first = bisect_left(seen.links, body[0], key=lambda link: link[0][0])
    after = bisect_left(seen.links, body[1], key=lambda link: link[0][0])
    links = seen.links[first:after]
    own = sum(target.startswith("#") for _, target in links)
    if len(links) < (2 if own == len(links) else 3):
        return False
    linked = sum(_words(text[slice(*span)]) for span, _ in links)
    words = _words(text[slice(*body)])
    return linked >= (OWN_LINKS if 2 * own > len(links) else LINKS) * words


def _words(text: str) -> int:
    return sum(map(has_words, text.split()))


class _Cutter:
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
        if self._fits(span):
            return [span]
        kept = set(self._kept_together(section.blocks))
        rows = {unit.start for unit in self._units(span) if _is_first_row(unit)}
        starts = [start for start, _ in sentences if start not in rows]
        first, last = self._visible.within(*span)
        spaces = re.compile(r"\s+").finditer(self._visible.text, first, last)
        cuts = [
            _run_ins(section.blocks, self._text),
            [block.start for block in section.blocks if block.start not in kept],
            [start for block in section.blocks for start, _ in block.items[1:]],
            [place for place in map(self._cut_place, starts) if place not in kept],
            [self._cut_place(match.end()) for match in spaces],
        ]
        cuts[2] = [place for place in cuts[2] if place not in kept and not self._below_head(place)]
        return self._with_words(self._pack(list(self._atoms(span, cuts))))

    def seen(self, span: Span) -> tuple[Span | None, Span]:
        """What is visible of a span; before it the head row of the table that it is cut from."""
        start, end = self._visible.within(*span)
        start, end = _trim(self._visible.text, start, end)
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
            part = _trim(self._text, first, last)
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


def _prefix(title: str, headings: Sequence[str], count: TokenCounter, max_tokens: int) -> str:
    """`Title > Heading > Sub-heading`, shortened from the left to leave room for the text."""
    # More words than tokens never fit: to count them all, for each section, would take long.
    words = " > ".join((title, *headings)).split(" ")[-max(1, max_tokens) :]
    while len(words) > 1 and count([" ".join(words)])[0] > max_tokens:
        words = words[len(words) // 4 + 1 :] if len(words) > 2 else words[1:]
    prefix = " ".join(words)
    while count([prefix])[0] > max_tokens:
        prefix = prefix[len(prefix) // 2 + 1 :]
    return prefix


def _sentences(seen: Document, span: Span, code: str) -> list[Span]:
    """The sentences in that stretch of the article, as spans of its visible text.

    A paragraph, a row of a table and a block of code each end one; what has neither letter nor
    digit is none.
    """
    text = seen.visible.text
    first, last = seen.visible.within(*span)
    spans = []
    number = bisect_left(seen.units, first, key=lambda unit: unit.start)
    for unit in seen.units[number:]:
        if unit.start >= last:
            break
        if unit.whole:
            spans.append((unit.start, unit.end))
        else:
            found = split_sentences(text[unit.start : unit.end], code)
            spans += [(unit.start + first, unit.start + last) for first, last in found]
    return [_trim(text, *span) for span in spans if has_words(text[slice(*span)])]


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


def _clipped(sentences: list[Span], start: int, end: int) -> tuple[Span, ...]:
    """The sentences within `start` to `end`, as spans relative to `start`."""
    inside = sentences[
        bisect_right(sentences, start, key=itemgetter(1)) : bisect_left(
            sentences, end, key=itemgetter(0)
        )
    ]
    return tuple((max(first, start) - start, min(last, end) - start) for first, last in inside)


def _trim(text: str, start: int, end: int) -> Span:
    """The span without white space at its ends."""
    inner = text[start:end]
    start += len(inner) - len(inner.lstrip())
    return start, max(start, start + len(inner.strip()))
