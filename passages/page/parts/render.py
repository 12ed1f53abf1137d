"""Markdown of an article -> HTML that only ever holds the tags named here.

Every character of the corpus is escaped; raw HTML shows as text, a link as its words, an image as
its description. Marks are given as spans of the Markdown and land on the words they cover.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import Literal, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])

_BLOCKS = {
    "paragraph": "p",
    "bullet_list": "ul",
    "ordered_list": "ol",
    "list_item": "li",
    "blockquote": "blockquote",
    "table": "table",
    "thead": "thead",
    "tbody": "tbody",
    "tr": "tr",
    "th": "th",
    "td": "td",
    "heading": "p",  # a heading inside a list or quote is no section of the article
}
_INLINE = {"strong": "strong", "em": "em", "s": "s"}
_TAGS = {"best": "mark", "word": 'span class="word"'}  # outermost first


class Mark(NamedTuple):
    """What to set off: `text[start:end]`, as the best sentence or as a word of the question."""

    start: int
    end: int
    kind: Literal["best", "word"]


def render(text: str, marks: Sequence[Mark] = ()) -> str:
    """The Markdown `text` as safe HTML, with `marks` in it.

    `render("*a* b", [Mark(4, 5, "best")])` -> `<p><em>a</em> <mark>b</mark></p>`
    """
    return "".join(_blocks(text, sorted(marks)))


def _blocks(text: str, marks: Sequence[Mark]) -> Iterator[str]:
    lines = _line_starts(text)
    place = 0
    for token in _PARSER.parse(text):
        if token.map:
            place = max(place, lines[token.map[0]])
        if token.type == "inline":
            writer = _Writer(text, place, marks)
            yield writer.write(token.children or [])
            place = writer.place
        elif token.type in ("fence", "code_block"):
            yield f"<pre><code>{escape(token.content)}</code></pre>"
        elif token.type == "hr":
            yield "<hr>"
        elif not token.hidden:  # the paragraphs of a tight list
            yield _tag(token)


def _tag(token: Token) -> str:
    name = _BLOCKS.get(token.type.rpartition("_")[0])
    if name is None:
        return ""
    if token.nesting < 0:
        return f"</{name}>"
    first = token.attrGet("start")
    return f'<{name} start="{int(first)}">' if first is not None else f"<{name}>"


class _Writer:
    """Writes inline tokens; `place` is where in the Markdown their words stand.

    The parser keeps no offsets inside a line, but the words it yields are those of the text in
    their order, so each is looked up from where the last one ended.
    """

    def __init__(self, text: str, place: int, marks: Sequence[Mark]) -> None:
        self.place = place
        self._text = text
        self._marks = marks

    def write(self, tokens: Sequence[Token]) -> str:
        return "".join(self._token(token) for token in tokens)

    def _token(self, token: Token) -> str:
        name = _INLINE.get(token.type.rpartition("_")[0])
        if name is not None:
            return f"<{name}>" if token.nesting > 0 else f"</{name}>"
        if token.type == "hardbreak":
            return "<br>"
        if token.type == "softbreak":
            return self._words(" ", "\n")
        if token.type == "link_close":
            self._skip_target()
            return ""
        if token.type == "code_inline":
            return f"<code>{self._words(token.content, token.content)}</code>"
        # An escape or entity reads otherwise than it is written: `&amp;` -> `&`.
        written = token.markup if token.type == "text_special" else token.content
        return self._words(token.content, written)

    def _skip_target(self) -> None:
        """Go past a link's target, which may hold the very words that follow it."""
        end = self._text.find(")", self.place)
        if self._text.startswith("](", self.place) and end != -1:
            self.place = end + 1

    def _words(self, shown: str, written: str) -> str:
        start = self._text.find(written, self.place)
        if start == -1:
            return escape(shown)
        self.place = start + len(written)
        if shown != written:
            return self._around(start, escape(shown), _TAGS)
        return self._cut(start, self.place, _TAGS)

    def _cut(self, start: int, end: int, tags: Mapping[str, str]) -> str:
        """The text from `start` to `end`, cut where marks of the first kind begin or end."""
        if not tags:
            return escape(self._text[start:end])
        kind, *others = tags
        inner = {other: tags[other] for other in others}
        edges = {edge for mark in self._marks if mark.kind == kind for edge in mark[:2]}
        cuts = sorted({start, end, *(edge for edge in edges if start < edge < end)})
        first = {kind: tags[kind]}
        return "".join(self._around(a, self._cut(a, b, inner), first) for a, b in pairwise(cuts))

    def _around(self, place: int, html: str, tags: Mapping[str, str]) -> str:
        """The HTML inside the tags of the marks that cover `place`."""
        kinds = {mark.kind for mark in self._marks if mark.start <= place < mark.end}
        for kind in reversed([kind for kind in tags if kind in kinds]):
            name = tags[kind].split()[0]
            html = f"<{tags[kind]}>{html}</{name}>"
        return html


def _line_starts(text: str) -> list[int]:
    starts = [0]
    while (newline := text.find("\n", starts[-1])) != -1:
        starts.append(newline + 1)
    return [*starts, len(text)]
