"""Lines that are markup of a dialect -> the same text with plain CommonMark in their place.

Call-outs, tabs and directives lose their marks and keep their label; what is indented below them
is prose again. Code is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from passages.articles.markup import directives
from passages.articles.markup.mapped import Mapped, Span, Writer

_OPTION = re.compile(r":[\w-]+:(?:[ \t].*)?$")
_SLASH_OPTION = re.compile(r"(?: {4}|\t)[ \t]*[\w-]+:(?:[ \t].*)?$")
_QUOTE = re.compile(r"(?P<quote>(?:>[ \t]?)+)\[!\w[^\[\]\n]{0,200}\][+-]?[ \t]*(?P<label>.*)$")
_CLOSE = re.compile(r"`{3,}[ \t]*$|~{3,}[ \t]*$")
_NO_SPACE = re.compile(r"(?P<marks>#{2,6})(?P<rest>[^\W_].*)$|(?P<mark>#)(?P<title>[^\W\d_][^#]*)$")
_TAGS = re.compile(r"#[\w/-]*[^\W\d][\w/-]*(?:[ \t]+#[\w/-]*[^\W\d][\w/-]*)*[ \t]*$")
_CONTENTS = re.compile(r"\[\[?_?toc_?\]\]?$|\$\{toc\}$|\{:[ ]?toc\b[^}]*\}$", re.IGNORECASE)
_ABBREVIATION = re.compile(r"\*\[[^\]]+\]:[ \t]")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]:[ \t]*")
_DEFINITION = re.compile(r":[ \t]+(?=\S)")
_SNIPPET = re.compile(r";?-{2,}8<-{2,}(?P<file>[ \t]+\S.*)?[ \t]*$")
_INCLUDE = re.compile(r"\[!(?:INCLUDE|VIDEO|code)\b.*\][ \t]*$", re.IGNORECASE)
_TARGET = re.compile(r"\([\w.:-]+\)=[ \t]*$|\+\+\+(?:[ \t]*\{.*\})?[ \t]*$")
_MYST = re.compile(r"^(?:`{3,}|:{3,})\{[\w:-]+\}|^\([\w.:-]+\)=[ \t]*$|\{\w+\}`", re.MULTILINE)
_REMARK = re.compile(r"%(?:[ \t].*)?$")
_MODULE = re.compile(
    r"import[ \t]+(?:[\w*{][^'\"]*[ \t]+from[ \t]+)?['\"]"
    r"|import[ \t]+(?:\w+,?[ \t]*)?(?:\{[^'\"]*)?$"
    r"|export[ \t]+(?:const|let|var|function|default|class|async|type|interface)\b"
    r"|export[ \t]+(?:\{|\*)"
)


@dataclass(slots=True)
class _Fence:
    """An open fence of code, or, where `mark` closes a directive, of prose."""

    mark: str
    hidden: bool = False


def without_callouts(text: str, problems: list[str]) -> Mapped:
    """The text with the marks of its dialect's lines replaced by plain Markdown.

    `problems` get what an editor should know: headings that were guessed, fences left open.
    """
    return _Lines(text, problems).read()


class _Lines:
    def __init__(self, text: str, problems: list[str]) -> None:
        self._text = text
        self._out = Writer(text)
        self._problems = problems
        self._indents: list[int] = []  # columns at which the open call-outs' text begins
        self._code: _Fence | None = None
        self._opened = ""
        self._directives: list[_Fence] = []
        self._blank = True  # whether the line before was
        self._options = False  # whether a directive's options may follow
        self._module = 0  # brackets open in an import or export
        self._skipped = ""  # up to a line like this one nothing is read
        self._myst = _MYST.search(text) is not None

    def read(self) -> Mapped:
        lines = list(_line_spans(self._text))
        for number, (start, end) in enumerate(lines):
            self._line(number, start, end, lines)
            if end < len(self._text):
                self._out.keep(end, end + 1)
        if self._code is not None:
            self._problems.append(
                f"a fence of code that is never closed, {self._opened!r}: "
                "all that follows it is taken as code"
            )
        return self._out.written()

    def _line(self, number: int, start: int, end: int, lines: Sequence[Span]) -> None:
        text = self._text
        first = start
        while first < end and text[first] in " \t":
            first += 1
        if first == end:
            self._blank = self._blank or self._code is None
            self._options = False
            if self._module <= 0:
                self._module = 0
            self._out.keep(start, end)
            return
        columns = len(text[start:first].expandtabs(4))
        while self._indents and columns < self._indents[-1]:
            self._indents.pop()
        content = self._dedented(start, first)
        line = text[first:end]
        if self._fenced(line):
            if not (self._code and self._code.hidden):
                self._out.keep(content, end)
            self._blank = False
            return
        if self._is_skipped(line):
            return
        if self._options and _SLASH_OPTION.match(text, start, end):
            return
        if not self._markup(line, number, content, first, end, lines):
            self._out.keep(content, end)
            self._blank = False

    def _is_skipped(self, line: str) -> bool:
        """Whether the line is part of a list of files or of a directive's options."""
        if self._skipped:
            self._skipped = "" if line.rstrip() == self._skipped else self._skipped
            return True
        if self._directives and self._directives[-1].hidden:
            return not _CLOSE.match(line)
        if self._options and line.rstrip() == "---":
            self._skipped = "---"
        return bool(self._skipped)

    def _dedented(self, start: int, first: int) -> int:
        """Where the line begins without the indentation of the call-outs around it."""
        wanted = 4 * len(self._indents)
        columns = 0
        while start < first and columns < wanted:
            columns += 4 - columns % 4 if self._text[start] == "\t" else 1
            start += 1
        return start

    def _fenced(self, line: str) -> bool:
        """Whether the line is code or the fence of it."""
        fence = directives.FENCE.match(line)
        if self._code is not None:
            bare = line.lstrip("> \t").rstrip()
            if bare and not bare.strip(self._code.mark[0]) and len(bare) >= len(self._code.mark):
                self._code = None
            return True
        if fence is None or (fence["fence"][0] == "`" and "`" in fence["info"]):
            return False
        if directives.is_prose(fence):
            return False
        closes = not fence["info"].strip() and line.startswith(fence["fence"])
        if closes and self._directives and len(fence["fence"]) >= len(self._directives[-1].mark):
            return fence["fence"][0] != self._directives[-1].mark[0]
        self._code, self._opened = _Fence(fence["fence"]), line.strip()[:60]
        return True

    def _markup(
        self,
        line: str,
        number: int,
        content: int,
        first: int,
        end: int,
        lines: Sequence[Span],
    ) -> bool:
        """Write the line if it is markup of a dialect."""
        if self._module > 0 or (self._blank and _MODULE.match(line)):
            self._module += sum(map(line.count, "{([")) - sum(map(line.count, "})]"))
            if self._module <= 0 and re.match(r"import[ \t][^'\"]*$", line):
                self._module = 1  # a list of names over several lines, closed by its source
            elif re.search(r"from[ \t]+['\"].*$", line):
                self._module = 0
            return True
        if self._options and _OPTION.match(line):
            return True
        self._options = False
        return (
            self._directive(line, first)
            or self._indented(line, number, first, lines)
            or self._single(line, number, content, first, end, lines)
        )

    def _directive(self, line: str, first: int) -> bool:
        if self._directives and _CLOSE.match(line):
            self._directives.pop()
            self._blank = True
            return True
        fence = directives.FENCE.match(line)
        if fence is not None:  # of a directive, or `_fenced` would have taken it
            info = directives.DIRECTIVE.match(fence["info"])
            if info is None:
                return False
            name = info[1].lower()
            self._directives.append(_Fence(fence["fence"], name in directives.FILES))
            at = first + fence.start("info") + info.end()
            end = at if name in directives.TARGET else first + fence.end("info")
            self._label(at, end)
            self._options = True
            return True
        if found := directives.label_of(line):
            (start, end), self._options = found
            self._label(first + start, first + end)
            return True
        return False

    def _indented(self, line: str, number: int, first: int, lines: Sequence[Span]) -> bool:
        """A call-out or tab whose text is indented below it."""
        match = directives.indented(line)
        if match is None:
            return False
        start = lines[number][0]
        columns = len(self._text[start:first].expandtabs(4)) + 4
        following = (self._text[a:b].expandtabs(4) for a, b in islice(lines, number + 1, None))
        below = next((line for line in following if line.strip()), "")
        indent = len(below) - len(below.lstrip())
        if indent < columns and match["label"] is None:
            return False
        self._out.put(" " * (columns - 4 - 4 * len(self._indents)), first)
        label = match.span("label") if match["label"] is not None else (0, 0)
        self._label(first + label[0], first + label[1])
        self._indents.append(columns)
        return True

    def _label(self, start: int, end: int) -> None:
        """Write the label of a call-out as a paragraph of its own."""
        if not self._blank:
            self._out.put("\n", start)
        if self._text[start:end].strip():
            self._out.keep(start, end)
            self._out.put("\n", end)
        self._blank = True

    def _single(
        self,
        line: str,
        number: int,
        content: int,
        first: int,
        end: int,
        lines: Sequence[Span],
    ) -> bool:
        """A mark that is one line, or stands at the beginning of one."""
        if match := _QUOTE.match(line):
            label = first + match.start("label")
            self._out.keep(content, first + match.end("quote"))
            if self._text[label:end].strip():
                self._out.keep(label, end)
                self._out.put("\n" + match["quote"], end)
            return True
        if self._unseen(line):
            return True
        if match := _NO_SPACE.match(line):
            marks = match["marks"] or match["mark"]
            if match["marks"] or (self._blank and match["title"][0].isupper()):
                self._heading(marks, content, first, end)
                return True
        if _TAGS.match(line):
            return True
        if match := _FOOTNOTE.match(line):
            self._label(first, first)
            self._out.keep(first + match.end(), end)
            self._indents.append(4 * len(self._indents) + 4)
            self._blank = False
            return True
        if (match := _DEFINITION.match(line)) and number:
            self._label(first, first)
            self._indents.append(4 * len(self._indents) + 4)
            if not self._indented(line[match.end() :], number, first + match.end(), lines):
                self._out.keep(first + match.end(), end)
                self._blank = False
            return True
        return False

    def _unseen(self, line: str) -> bool:
        """Whether the line is read by a program alone."""
        if snippet := _SNIPPET.match(line):
            self._skipped = "" if snippet["file"] else line.rstrip()
            return True
        seen = (_CONTENTS, _ABBREVIATION, _INCLUDE, _TARGET)
        return any(each.match(line) for each in seen) or (
            self._myst and _REMARK.match(line) is not None
        )

    def _heading(self, marks: str, content: int, first: int, end: int) -> None:
        if first - content > 3:
            self._out.keep(content, end)  # code, or further text of a list item
            return
        words = " ".join(self._text[first:end].split())[:80]
        self._problems.append(f"{words!r} is taken as a heading: put a space after {marks}")
        self._out.keep(content, first + len(marks))
        self._out.put(" ", first + len(marks))
        self._out.keep(first + len(marks), end)
        self._blank = True


def _line_spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while (end := text.find("\n", start)) != -1:
        yield start, end
        start = end + 1
    yield start, len(text)
