"""CommonMark with tables, parsed so that each word knows where in the text it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from passages.articles.markup.mapped import Mapped

NESTING = 40
"""The parser leaves out what is nested deeper."""

_PARSER = MarkdownIt("commonmark", {"html": False, "maxNesting": NESTING}).enable(
    ["table", "strikethrough"]
)
_PARSER.disable(["html_block", "html_inline"])
_PARSER.core.ruler.enableOnly(["normalize", "block"])
_PARSER.inline.ruler2.disable("fragments_join")  # a joined text would not know where it stands
_PARSER.validateLink = lambda url: True  # type: ignore[method-assign] # no link is followed here

Env = dict[str, Any]


def parse(text: str) -> tuple[list[Token], Env]:
    """The block tokens of a text, and what `inline` needs to know of it."""
    env: Env = {}
    return _PARSER.parse(text, env), env


def inline(content: str, env: Env) -> list[Token]:
    """The inline tokens of a block's content; `meta["at"]` is where each stands in it."""
    state = _State(content, _PARSER, env, [])
    _PARSER.inline.tokenize(state)
    for rule in _PARSER.inline.ruler2.getRules(""):
        rule(state)
    return state.tokens


class _State(StateInline):
    """Notes at which place of the content each token begins."""

    def append_pending(self, text: str) -> None:
        if not self._pending and not self._pending_buffer:
            self._from = self.pos
        super().append_pending(text)

    def pushPending(self) -> Token:  # noqa: N802 (the parser's own name)
        token = super().pushPending()
        token.meta["at"] = self._from
        return token

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        token = super().push(ttype, tag, nesting)
        before = self.tokens[-2] if len(self.tokens) > 1 else None
        token.meta["at"] = self.pos
        # A run of `***` becomes several tokens, all of them made at its beginning.
        if before is not None and before.meta.get("from") == self.pos and before.content:
            token.meta["at"] = before.meta["at"] + len(before.content)
        token.meta["from"] = self.pos
        return token


class Places:
    """Where in a text the contents of its inline tokens stand, asked in their order."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = [0, *(match.end() for match in re.finditer("\n", text)), len(text) + 1]
        self._last = 0

    def line(self, number: int) -> int:
        """Where a line begins; lines past the last one begin at the end."""
        return min(self._lines[min(number, len(self._lines) - 1)], len(self._text))

    def of(self, token: Token) -> Mapped:
        """The content of an inline token, mapped to the text."""
        first, after = token.map or (0, 0)
        runs = []
        at = 0
        place = max(self._last, self.line(first))
        for number, line in enumerate(token.content.split("\n")):
            start = place if number == 0 else self.line(first + number)
            end = self.line(first + number + 1) if number else self.line(after)
            found = self._text.find(line.lstrip(), start, end)
            if found == -1:  # `\|` in a table reads `|`
                found = self._text.find(line.lstrip().split("|")[0], start, end)
            if found == -1:
                found = start
            indent = len(line) - len(line.lstrip())
            runs.append((at, max(start, found - indent)))
            at += len(line) + 1
            self._last = found + len(line.strip())
        return Mapped(token.content, tuple(runs))


Seen = tuple[str, int, int]
"""Words that a reader sees, and the stretch of the content that they are."""


def seen(tokens: Sequence[Token], content: str) -> Iterator[Seen | str]:
    """What a reader sees of inline tokens, in order.

    A string that begins with `>` opens a link and names its target, the empty one closes it; code
    stands between two backticks.
    """
    for number, token in enumerate(tokens):
        if token.type == "code_inline":
            yield "`"
            yield from words_of(tokens, number, content)
            yield "`"
        elif token.type == "link_open":
            yield f">{token.attrGet('href') or ''}"
        elif token.type == "link_close":
            yield ""
        else:
            yield from words_of(tokens, number, content)


def words_of(tokens: Sequence[Token], number: int, content: str) -> Iterator[Seen]:
    """The words that one of the inline tokens shows."""
    token = tokens[number]
    at = token.meta.get("at", 0)
    if token.type in ("softbreak", "hardbreak"):
        found = content.find("\n", at)
        yield "\n", found, found + 1
    elif token.type == "image":
        linked = number > 0 and tokens[number - 1].type == "link_open"
        if not is_decoration(token.content, str(token.attrGet("src") or ""), linked=linked):
            yield from _description(token, at)
    elif token.type == "text_special":
        escaped = len(token.markup) - len(token.content) if token.info == "escape" else 0
        yield token.content, at + escaped, at + len(token.markup)
    elif token.type in ("text", "code_inline") and token.content:
        yield _written(token, content, at)


def _written(token: Token, content: str, at: int) -> Seen:
    """A text or a span of code, and where it stands: the parser may have changed its spaces."""
    found = content.find(token.content, at, at + len(token.content) + 100)
    if found == -1:
        found = content.replace("\n", " ").find(token.content, at, at + len(token.content) + 100)
    return token.content, max(found, at), max(found, at) + (len(token.content) if found >= 0 else 1)


_BADGE = re.compile(r"\.svg\b|badge|shields\.io|/workflows/|/actions/", re.IGNORECASE)
_NO_WORDS = re.compile(
    r"\S+\.(?:png|jpe?g|gif|svg|webp|bmp|tiff?)|image|img|icon|logo|banner|badge",
    re.IGNORECASE,
)


def is_decoration(description: str, address: str, *, linked: bool) -> bool:
    """Whether a picture is a badge, or is described by no more than its kind or its file's name."""
    badge = _BADGE.search(address) is not None and (linked or "shields.io" in address)
    return badge or _NO_WORDS.fullmatch(description.strip()) is not None


_CLASS = re.compile(r"[ \t]+\*[a-z][\w-]*$")  # how some sites write how wide a picture is


def _description(image: Token, at: int) -> Iterator[Seen]:
    """The words that describe a picture."""
    content = _CLASS.sub("", image.content)
    for part in seen(inline(content, {}), content):
        if not isinstance(part, str):
            words, start, end = part
            yield words, at + 2 + start, at + 2 + end
