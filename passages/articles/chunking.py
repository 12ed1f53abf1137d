"""Section -> passages within the encoder's token limit, and their sentences.

A passage is a verbatim slice of its article. A section that fits is one passage; a longer one is
cut between its blocks, a block that does not fit between its sentences or list items, and a
sentence that does not fit between words. Nothing is left out and nothing is truncated.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter

from passages.articles.corpus import Article
from passages.articles.markdown import Block, Span
from passages.articles.sections import Section, split_sections
from passages.language.sentences import split_sentences

TokenCounter = Callable[[Sequence[str]], list[int]]
"""Texts -> how many tokens the encoder sees in each, its special tokens included."""

CHUNKER_VERSION = 6
"""Raise it when the code from file to passage cuts the same text in another way."""

PASSAGE_TOKENS = 256
"""The longest passage, where the encoder would take more."""

SHORT_PATH = 12
"""Words of a heading path that may stand before a sentence without drowning it."""

_LIST_MARK = re.compile(r"\s*(?:[-*+•]|\d{1,9}[.)])\s+")


@dataclass(frozen=True, slots=True)
class Passage:
    """`article.text[start:end]`, all of it under one heading path.

    `prefix` is the title and heading path as the encoder sees them before the text.
    `sentences` are spans of the passage's own text; the one nearest to a question is marked.
    """

    article: Article
    headings: tuple[str, ...]
    anchor: str
    prefix: str
    start: int
    end: int
    sentences: tuple[Span, ...]

    @property
    def text(self) -> str:
        """The passage as the article has it."""
        return self.article.text[self.start : self.end]

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
        text = self.text
        return [f"{about}\n{text[start:end]}" for start, end in self.sentences]

    @property
    def encoder_text(self) -> str:
        """What the encoder is given for the whole passage."""
        return f"{self.prefix}\n{self.text}"


def chunk(article: Article, count: TokenCounter, max_tokens: int) -> list[Passage]:
    """Cut an article into passages of at most `max_tokens` tokens, the prefix counted in.

    Every character of a section's body is in exactly one passage or in the white space between
    two. A section with no body gives none: its heading lives on in the paths of its children.
    """
    passages = []
    for section in split_sections(article):
        start, end = _trim(article.text, section.start, section.end)
        if start == end:
            continue
        prefix = _prefix(article.title, section.headings, count, max_tokens // 2)
        cutter = _Cutter(article, prefix, count, max_tokens)
        spans = cutter.cut(section, (start, end))
        sentences = _sentences(article.text, section, article.code)
        for first, last in spans:
            inside = _clipped(sentences, first, last) or ((0, last - first),)
            passages.append(
                Passage(article, section.headings, section.anchor, prefix, first, last, inside)
            )
    return passages


class _Cutter:
    """Cuts one section's body into spans that fit, at the mildest cuts that will do."""

    def __init__(self, article: Article, prefix: str, count: TokenCounter, max_tokens: int) -> None:
        self._text, self._code = article.text, article.code
        self._prefix = prefix
        self._count = count
        self._max_tokens = max_tokens

    def cut(self, section: Section, span: Span) -> list[Span]:
        if self._fits(span):
            return [span]
        blocks, text = section.blocks, self._text
        led = {b.start for a, b in pairwise(blocks) if _leads_in(a, b, text)}
        first_items = {_after_mark(text, start) for start in led}
        sentences = (start for start, _ in _sentences(text, section, self._code))
        cuts = [
            [block.start for block in blocks if block.start not in led],
            [_line_mark(text, start) for start in sentences if start not in first_items],
            [match.end() for match in re.compile(r"\s+").finditer(text, *span)],
        ]
        return self._pack(list(self._atoms(span, cuts)))

    def _fits(self, span: Span) -> bool:
        return self._count([f"{self._prefix}\n{self._text[slice(*span)]}"])[0] <= self._max_tokens

    def _atoms(self, span: Span, cuts: list[list[int]]) -> Iterator[Span]:
        """Parts that fit, each by the mildest cut: between blocks, sentences, words, in a word."""
        start, end = span
        if self._fits(span) or end - start == 1:
            yield span
            return
        if cuts:
            inside = cuts[0][bisect_right(cuts[0], start) : bisect_left(cuts[0], end)]
        else:
            inside = [(start + end) // 2]
        for first, last in pairwise([start, *inside, end]):
            part = _trim(self._text, first, last)
            if part[0] < part[1]:
                yield from self._atoms(part, cuts[1:])

    def _pack(self, atoms: list[Span]) -> list[Span]:
        """Join neighbouring atoms into spans of about equal size, as few as will fit."""
        special, *sizes = self._count(["", *(self._text[slice(*atom)] for atom in atoms)])
        sizes = [size - special for size in sizes]
        budget = self._max_tokens - self._count([f"{self._prefix}\n"])[0]
        while True:
            spans = _grouped(atoms, sizes, budget)
            # Tokens of parts need not add up to those of the whole; a part alone always fits.
            if all(self._fits(span) for span in spans) or budget < 1:
                return spans
            budget = budget * 9 // 10


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


def _sentences(text: str, section: Section, code: str) -> list[Span]:
    """The section's sentences; a list item, table row or code block ends one; marks are out."""
    spans = []
    for block in section.blocks:
        for start, end in block.items or ((block.start, block.end),):
            if block.kind == "list":
                start = _after_mark(text, start)
            if block.kind in ("code", "table"):
                spans.append((start, end))
            else:
                found = split_sentences(text[start:end], code)
                spans += [(start + first, start + last) for first, last in found]
    # An empty item, or one that holds an odd kind of space, is no sentence.
    return [span for span in (_trim(text, *span) for span in spans) if span[0] < span[1]]


def _leads_in(block: Block, following: Block, text: str) -> bool:
    """Whether a paragraph introduces the list after it and must stay with its first item."""
    return block.kind == "paragraph" and following.kind == "list" and text[block.end - 1] == ":"


def _after_mark(text: str, start: int) -> int:
    mark = _LIST_MARK.match(text, start)
    return mark.end() if mark else start


def _line_mark(text: str, start: int) -> int:
    """Where the list mark before `start` begins, so that a cut leaves `- ` with its item."""
    line = text.rfind("\n", 0, start) + 1
    return line if _after_mark(text, line) == start else start


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
