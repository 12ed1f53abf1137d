"""Section -> passages within the encoder's token limit, and their sentences.

A passage is a verbatim slice of its article; its length is that of its visible text. A section
that fits is one passage; a longer one is cut between its blocks, a block that does not fit between
its items, its sentences, and a sentence that does not fit between words. Nothing is left out and
nothing is truncated.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

from passages.articles.blocks import Document
from passages.articles.corpus import Article
from passages.articles.cutter import Cutter, TokenCounter, trimmed
from passages.articles.markup.mapped import Mapped, Span
from passages.articles.sections import split_sections
from passages.articles.visible import document, has_words
from passages.language.sentences import split_sentences

CHUNKER_VERSION = 11
"""Increment it when the same Markdown is cut into other passages or other sentences:
`python -m tests.versions` does."""

PASSAGE_TOKENS = 256
"""The longest passage, where the encoder would take more."""

LINKS, OWN_LINKS = 0.8, 0.6
"""The share of a passage's words from which on it is little else than links; less suffices where
most of them lead to the article's own headings."""

REMARK = 8
"""Words that a line of a table of contents may have beside its link."""

SHORT_PATH = 12
"""Words of a heading path that may stand before a sentence without drowning it."""


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

        It stands under the heading path where that is short, else under its last heading:
        `benchmarks/README.md` compares these under "Answers".
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
    headings = frozenset(block.heading.casefold() for block in seen.blocks if block.heading)
    passages = []
    for section in split_sections(article):
        start, end = trimmed(article.text, section.start, section.end)
        if not seen.visible.text[slice(*seen.visible.within(start, end))].strip():
            continue
        prefix = _prefix(article.title, section.headings, count, max_tokens // 2)
        cutter = Cutter(article.text, seen, prefix, count, max_tokens)
        sentences = _sentences(seen, (start, end), article.code)
        for first, last in cutter.cut(section, (start, end), sentences):
            header, body = cutter.seen((first, last))
            found = _clipped(sentences, *body)
            visible = seen.visible.cut(*body)
            shift = 0
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
                    sentences=found or ((shift, len(visible.text)),),
                    visible=visible,
                    is_links=_is_links(seen, body, headings),
                )
            )
    return passages


def _joined(head: Mapped, body: Mapped) -> Mapped:
    """The head row of a table, and a part of the table below it."""
    shift = len(head.text) + 1
    below = [(at + shift, place) for at, place in body.runs]
    return Mapped(f"{head.text}\n{body.text}", (*head.runs, *below))


def _is_links(seen: Document, body: Span, headings: frozenset[str]) -> bool:
    """Whether there is little else than links, more so where they lead to other articles.

    So it is where each line begins with a link to a heading of the article, or is one by its words.
    """
    text = seen.visible.text
    first = bisect_left(seen.links, body[0], key=lambda link: link[0][0])
    after = bisect_left(seen.links, body[1], key=lambda link: link[0][0])
    links = seen.links[first:after]
    own = sum(target.startswith("#") for _, target in links)
    linked = sum(_words(text[slice(*span)]) for span, _ in links)
    words = _words(text[slice(*body)])
    if links and own == len(links) and linked == words:
        return True
    if len(links) >= (2 if own == len(links) else 3) and linked >= words * (
        OWN_LINKS if 2 * own > len(links) else LINKS
    ):
        return True
    return _is_contents(seen, body, headings)


def _is_contents(seen: Document, body: Span, headings: frozenset[str]) -> bool:
    """Whether it is a table of the article's contents, with a line above and a few words each."""
    text = seen.visible.text
    own = {span[0]: (span, target) for span, target in seen.links if target.startswith("#")}
    first = bisect_left(seen.units, body[0], key=lambda unit: unit.start)
    after = bisect_left(seen.units, body[1], key=lambda unit: unit.start)
    targets: set[str] = set()
    named: set[str] = set()
    for number, unit in enumerate(seen.units[first:after]):
        line = text[unit.start : unit.end]
        at = unit.start + len(line) - len(line.lstrip(" \t-•*0123456789.)"))
        span, target = own.get(at, ((0, 0), ""))
        if target and _words(line) - _words(text[slice(*span)]) <= REMARK:
            targets.add(target if target != "#" else line)
        elif line.strip().casefold() in headings:
            named.add(line.strip().casefold())
        elif number or _words(line) > REMARK:
            return False
    return len(targets) > 1 or len(named) > max(2, len(headings) // 2)


def _words(text: str) -> int:
    return sum(map(has_words, text.split()))


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
    return [trimmed(text, *span) for span in spans if has_words(text[slice(*span)])]


def _clipped(sentences: list[Span], start: int, end: int) -> tuple[Span, ...]:
    """The sentences within `start` to `end`, as spans relative to `start`."""
    inside = sentences[
        bisect_right(sentences, start, key=itemgetter(1)) : bisect_left(
            sentences, end, key=itemgetter(0)
        )
    ]
    return tuple((max(first, start) - start, min(last, end) - start) for first, last in inside)
