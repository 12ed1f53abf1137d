"""What a reader would see of a Markdown text, and where in the text each character of it stands.

The text stays as it was written; this is the mask over it. Everything that reads words reads them
here: sentences, the encoder, the words of the index, the marks on the page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice, pairwise
from typing import Literal

from markdown_it.token import Token

from passages.articles.blocks import MAX_HEADING, Block, Document, Unit, anchor_of, with_ends
from passages.articles.markup import parsing
from passages.articles.markup.commonmark import CommonMark, as_commonmark
from passages.articles.markup.mapped import Mapped, Span, Writer

CELL = "\t"
"""Stands between the cells of a table's row."""

_SENTENCE = 60  # characters of an underlined line that ends like a sentence and is one
_SHOWN = 60  # characters of a text, in the report

_KINDS = {
    "heading_open": "heading",
    "paragraph_open": "paragraph",
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "table_open": "table",
    "fence": "code",
    "code_block": "code",
    "blockquote_open": "quote",
    "hr": "rule",
}
_TASK = re.compile(r"\[[ xX/<>!?*~-]\][ \t]+")
_MARKS = re.compile(r"[ \t>*+-]*")
_WORD = re.compile(r"[^\W_]")


@lru_cache(maxsize=1)  # an article is looked at for its title, then cut into sections
def document(text: str) -> Document:
    """Read a Markdown text in whatever dialect. Offsets of blocks count its characters."""
    problems: list[str] = []
    return _Reader(text, as_commonmark(text, problems), problems).read()


def has_words(text: str) -> bool:
    """Whether there is a letter or a digit in it."""
    return _WORD.search(text) is not None


class _Reader:
    """Walks the tokens of the plain text once, writing what is visible."""

    def __init__(self, text: str, made: CommonMark, problems: list[str]) -> None:
        self._text = text
        self._plain = made.plain
        self._code = made.code
        self._ends = made.ends
        self._problems = problems
        self._out = Writer(made.plain.text)
        self._places = parsing.Places(made.plain.text)
        self._blocks: list[Block] = []
        self._units: list[Unit] = []
        self._links: list[tuple[Span, str]] = []
        self._code_spans: list[Span] = []
        self._row: int | None = None
        self._header: Span | None = None
        self._in_header = False

    def read(self) -> Document:
        tokens, env = parsing.parse(self._plain.text)
        deep = False
        for number, token in enumerate(tokens):
            if token.level == 0:
                deep = self._too_deep(tokens, number)
                if deep:
                    self._marks_off(token)
            if token.level == 0 and token.map and token.type in _KINDS:
                self._block(tokens, number)
            if deep:
                continue
            if token.type == "inline":
                self._inline(token, env, after_item=tokens[number - 2].type == "list_item_open")
            elif token.type in ("fence", "code_block"):
                self._literal(token, env)
            else:
                self._table(token)
        visible = self._out.written().of(self._plain)
        blocks = [self._headed(block, visible) for block in self._blocks]
        return Document(
            tuple(with_ends(blocks, self._ends)),
            visible,
            tuple(self._units),
            tuple(self._links),
            tuple(self._code_spans),
            tuple(self._problems),
        )

    def _block(self, tokens: Sequence[Token], number: int) -> None:
        token = tokens[number]
        kind = _KINDS[token.type]
        start, end = self._span(token)
        level = 0
        if kind == "heading":
            line_end = self._plain.text.find("\n", self._places.line((token.map or (0, 1))[1] - 1))
            end = max(end, self._trimmed(self._plain.place(line_end))) if line_end != -1 else end
            kind, level = self._kind_of_heading(token, tokens[number + 1].content, start, end)
        elif kind == "code" and self._is_prose(token):
            kind = "paragraph"
        if start < end:  # not a line of unusual white space alone
            items = self._items(tokens, number) if kind in ("list", "table") else ()
            self._blocks.append(Block(kind, start, end, level, items=items))

    def _kind_of_heading(
        self, token: Token, content: str, start: int, end: int
    ) -> tuple[Literal["heading", "paragraph"], int]:
        lines = content.count("\n") + 1
        underlined = token.markup in ("-", "=")
        ends = content.rstrip()[-1:] in (".", ",", ";", ":", "。")
        swallowed = (
            underlined
            and (
                self._text[start:end].rstrip()[-2:] == "\n-"  # an item without a text
                or content.lstrip()[:1] == "|"  # the head of a table
                or (lines > 1 and (token.markup == "-" or ends or lines > 3))
                or (token.markup == "-" and ends and len(content) > _SENTENCE)
            )
        )
        if swallowed:
            line = self._text[start:end].split("\n")[-1].strip(" \t>")[:3]
            shown = " ".join(content.split())
            shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN].rstrip()} …"
            self._problems.append(
                f"a paragraph became a heading by the {line} right below it, and "
                f"is read as text: {shown!r}; put an empty line between them"
            )
        if swallowed or end - start > MAX_HEADING:
            return "paragraph", 0
        return "heading", int(token.tag[1])

    def _headed(self, block: Block, visible: Mapped) -> Block:
        if block.kind != "heading":
            return block
        first, last = visible.within(block.start, block.end)
        words = " ".join(visible.text[first:last].split())
        if not words:  # a picture, or nothing at all: it parts what is above from what is below
            return Block("end", block.start, block.end, block.level)
        anchor = anchor_of(self._text, block.start, block.end)
        return Block("heading", block.start, block.end, block.level, words, (), anchor)

    def _inline(self, token: Token, env: parsing.Env, *, after_item: bool) -> None:
        content = self._places.of(token)
        children = parsing.inline(token.content, env)
        skipped = _TASK.match(token.content) if after_item else None
        least = skipped.end() if skipped else 0
        start = self._begin(content.place(0))
        links: list[tuple[int, str]] = []
        code: list[int] = []
        for child in parsing.seen(children, token.content):
            if isinstance(child, str):
                if child == "`":
                    code.append(self._out.length)
                elif child == "":
                    at, target = links.pop()
                    self._links.append(((at, self._out.length), target))
                else:
                    links.append((self._out.length, child[1:]))
                continue
            words, first, last = child
            if last <= least:
                continue
            if first < least:
                words, first = words[least - first :], least
            if len(words) == last - first and words == token.content[first:last]:
                for (at, place), (after, _) in pairwise(
                    [*content.cut(first, last).runs, (last - first, 0)]
                ):
                    self._out.keep(place, place + after - at)
            else:
                self._out.put(words, content.place(first))
        self._code_spans += zip(code[::2], code[1::2], strict=True)
        self._end(start)

    def _too_deep(self, tokens: Sequence[Token], number: int) -> bool:
        """Whether the block that opens here is nested deeper than the parser follows."""
        if tokens[number].nesting != 1:
            return False
        for token in islice(tokens, number + 1, None):
            if token.level == 0:
                return False
            if token.level >= parsing.NESTING - 1:
                return True
        return False

    def _marks_off(self, token: Token) -> None:
        """Write a block line by line, without the marks that its lines begin with."""
        first, after = token.map or (0, 0)
        begin = self._begin(self._places.line(first))
        for number in range(first, after):
            start, end = self._places.line(number), self._places.line(number + 1)
            mark = _MARKS.match(self._plain.text, start, end)
            self._out.keep(mark.end() if mark else start, end)
        self._end(begin)

    def _is_prose(self, token: Token) -> bool:
        return token.type == "code_block" and token.content not in self._code

    def _literal(self, token: Token, env: parsing.Env) -> None:
        """A block of code, line by line as it is; prose where only its indentation made it code."""
        if self._is_prose(token):
            words = "\n".join(line.strip() for line in token.content.strip("\n").split("\n"))
            prose = Token("inline", "", 0, content=words, map=token.map)
            self._inline(prose, env, after_item=False)
            return
        first = (token.map or (0, 0))[0]
        start = self._begin(self._places.line(first))
        skip = token.type == "fence"
        for number, line in enumerate(token.content.rstrip("\n").split("\n")):
            at = self._places.line(first + skip + number)
            end = self._places.line(first + skip + number + 1)
            found = self._plain.text.find(line, at, end)
            if number:
                self._out.keep(at - 1, at)
            if line and found != -1:
                self._out.keep(found, found + len(line))
        self._end(start, whole=True)
        self._code_spans.append((start, self._out.length))

    def _table(self, token: Token) -> None:
        if token.type == "thead_open":
            self._in_header = True
        elif token.type == "thead_close":
            self._in_header = False
        elif token.type == "table_close":
            self._header = None
        elif token.type == "tr_open" and token.map:
            self._row = self._begin(self._places.line(token.map[0]))
        elif token.type == "tr_close" and self._row is not None:
            start, self._row = self._row, None
            if self._end(start, whole=True, header=self._header) and self._in_header:
                self._header = (start, self._out.length)

    def _begin(self, place: int) -> int:
        """Where a unit begins that stands at `place` of the plain text, apart from the last."""
        if self._row is not None:
            if self._out.length > self._row:
                self._out.put(CELL, place)
        elif self._out.length and self._out.last() != "\n":
            self._out.put("\n", max(0, place - 1))
        return self._out.length

    def _end(self, start: int, *, whole: bool = False, header: Span | None = None) -> bool:
        if self._row is None and self._out.length > start:
            self._units.append(Unit(start, self._out.length, whole, header))
            return True
        return False

    def _items(self, tokens: Sequence[Token], place: int) -> tuple[Span, ...]:
        """Items of the list, or rows of the table, that opens at `place`."""
        wanted = {"list_item_open": 1, "tr_open": 2}
        spans = []
        place += 1
        while place < len(tokens) and (token := tokens[place]).level > 0:
            if token.map and wanted.get(token.type) == token.level:
                spans.append(self._span(token))
            place += 1
        return tuple(spans)

    def _span(self, token: Token) -> Span:
        first, after = token.map or (0, 0)
        start, end = self._places.line(first), self._places.line(after)
        words = self._plain.text[start:end]
        end = start + len(words.rstrip())
        start += len(words) - len(words.lstrip("\n"))
        begin, finish = self._plain.span(start, end) if start < end else (0, 0)
        return begin, self._trimmed(finish)

    def _trimmed(self, end: int) -> int:
        end = min(end, len(self._text))  # what was put in may be longer than what it stands for
        while end and self._text[end - 1].isspace():
            end -= 1
        return end
