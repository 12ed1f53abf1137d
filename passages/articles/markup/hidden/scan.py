"""A text that is gone through once, from mark to mark, and what is written of it."""

from __future__ import annotations

import re

from passages.articles.markup.mapped import Mapped, Span, Writer

LONGEST = 20_000
"""Characters of a comment or tag; what is longer is text between two marks."""

BLANK_LINE = re.compile(r"\n[ \t]*\n")

_PREFIX = re.compile(r"([ \t>]*)((?:[-*+]|\d{1,9}[.)])[ \t]+)?")


class Scan:
    """The state of a walk over a text, from its beginning to its end.

    Attributes:
        text: Markdown.
        components: whether it is MDX, in which `{name}` is a value.
        problems: get what an editor should know.
        kept: up to here the text is written.
        level: of the last heading.
        folds: the `<details>` that are open: the level around each, and that of its summary.
        ends: where one with a summary has ended, and the summary's level.
    """

    def __init__(self, text: str, problems: list[str], *, components: bool) -> None:
        self.text = text
        self.components = components
        self.problems = problems
        self.out = Writer(text)
        self.kept = 0
        self.level = 1
        self.folds: list[list[int]] = []
        self.ends: list[Span] = []
        self._closers: list[tuple[int, int, str]] = []  # of what was opened otherwise
        self._open: set[str] = set()  # ends of which there are no more
        self._closed: set[str] | None = None

    def keep(self, end: int) -> None:
        """Write what was not written yet, up to `end`, without the marks that close a pair."""
        for first, last, instead in sorted(each for each in self._closers if each[0] <= end):
            if first >= self.kept:
                self.out.keep(self.kept, first)
                self.out.put(instead, first)
            self.kept = max(self.kept, last)
        self._closers = [each for each in self._closers if each[0] > end]
        if end > self.kept:
            self.out.keep(self.kept, end)
            self.kept = end

    def leave_out(self, start: int, end: int, instead: str = "") -> int:
        """Write all up to `start`, then `instead` of what stands up to `end`."""
        self.keep(start)
        self.out.put(instead, start)
        self.kept = max(self.kept, end)
        return end

    def drop(self, match: re.Match[str]) -> int:
        """Leave out what was found."""
        return self.leave_out(match.start(), match.end())

    def close_later(self, span: Span, instead: str = "") -> None:
        """Leave out `span`, which closes what was opened, when it is reached."""
        self._closers.append((*span, instead))

    def find(self, end: str, start: int, longest: int = LONGEST) -> int:
        """Where `end` stands after `start`, or -1."""
        if end in self._open:
            return -1
        found = self.text.find(end, start)
        if found == -1:
            self._open.add(end)
        return found if found - start <= longest else -1

    def closes(self, tag: str) -> bool:
        """Whether the text closes a tag of that name anywhere."""
        if self._closed is None:
            self._closed = set(re.findall(r"</([A-Za-z][\w.:-]*)", self.text))
        return tag in self._closed

    def own_paragraph(self, place: int) -> str:
        """What parts the text before `place` from that after it, in the same list or quote.

        A space in a row of a table; nothing where only marks stand before it on its line.
        """
        line = self.text.rfind("\n", 0, place) + 1
        if not self.text[line:place].strip() and self._is_line_written(line):
            return ""
        end = self.text.find("\n", place)
        if "|" in self.text[line : end if end != -1 else len(self.text)]:
            return " "
        found = _PREFIX.match(self.text, line, place)
        prefix = found[1] + " " * len(found[2] or "") if found else ""
        return f"\n{prefix.rstrip()}\n{prefix}"

    def _is_line_written(self, line: int) -> bool:
        return self.kept <= line or not self.out.last().strip()

    def space(self, place: int) -> str:
        """What keeps the words around a tag apart; nothing at the beginning of a line."""
        line = self.text.rfind("\n", 0, place) + 1
        before = self.text[max(line, self.kept) : place]
        if before[-1:].isspace():
            return ""
        return " " if before.strip() or (line < self.kept and self.out.last().strip()) else ""

    def written(self) -> Mapped:
        """The text without what was left out, all of it."""
        self.keep(len(self.text))
        return self.out.written()
