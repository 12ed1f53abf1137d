"""Text and structure -> Markdown that reads as just that text and structure.

Escapes are few: a passage is shown and searched as it stands here, so a backslash is put only
where the text would otherwise become markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_INLINE = re.compile(
    r"""  \\(?=[!-/:-@\[-`{-~]|$)            # a backslash that would escape or break a line
        | `
        | \*(?=\S)|(?<=\S)\*               # an asterisk between spaces is literal
        | (?<![^\W_])_|_(?![^\W_])         # an underscore within a word is literal
        | \[(?=[^\]\n]{0,999}\](?:\(|:))   # a link or the definition of one
        | <(?=[A-Za-z/!?])
        | &(?=\#?\w{1,32};)
      | \{(?=[{%#/.:]|[\w-]+=)            # a template, an attribute
      | \[(?=\[|\^)|(?<=!)\[(?=\[)         # a wiki link, a footnote
      | =(?==[^\s=])|%(?=%)|\+(?=\+\w)|\^(?=\^|\[)
      | (?<![\w:/]):(?=[A-Za-z+_-][\w+-]*:(?![\w:/]))   # an icon
    """,
    re.VERBOSE | re.MULTILINE,
)
_LINE_START = re.compile(
    r"""  \#{1,6}(?:\s|$) | \#{2,6}\w | \#[^\W\d] | > | :{3,} | !!! | \?\?\? | ={3,} | /{3,} | :\s
        | [-+*](?:\s|$) | ~~~   # heading, quote, list, fence
        | =+\s*$ | -+\s*$ | (?:-\s*){3,}$           # underline of a heading, rule
        | (?=[|:\s]*-)[|:\-\s]+$                   # the line under a table's head
    """,
    re.VERBOSE,
)
_NUMBER = re.compile(r"(\d{1,9})([.)])(?=\s|$)")


def inline(text: str) -> str:
    r"""Escape what would be inline markup: `2*3*4 <b>` -> `2\*3\*4 \<b>`."""
    return _INLINE.sub(r"\\\g<0>", text)


def paragraph(text: str, *, hard_breaks: bool = False) -> str:
    """One paragraph of these lines; with `hard_breaks` each line stays a line when rendered."""
    lines = (line.strip() for line in text.strip().split("\n"))
    return ("  \n" if hard_breaks else "\n").join(_line(line) for line in lines if line)


def heading(level: int, text: str) -> str:
    """An ATX heading of a level from 1 to 6."""
    words = inline(" ".join(text.split()))
    return f"{'#' * min(6, max(1, level))} {re.sub(r'#+$', _escaped, words)}"


def item(text: str, number: int | None = None) -> str:
    """A list item, its further lines indented beneath its first."""
    mark = "- " if number is None else f"{number}. "
    return mark + paragraph(text).replace("\n", "\n" + " " * len(mark))


def table(rows: Sequence[Sequence[str]]) -> str:
    """A table whose first row is its head; cells are single-line Markdown already."""
    width = max(len(row) for row in rows)
    head, *body = ([*row, *[""] * (width - len(row))] for row in rows)
    return "\n".join(_row(row) for row in (head, ["---"] * width, *body))


def code(text: str, language: str = "") -> str:
    """A fenced block, its fence longer than any run of backticks within."""
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall(r"`+", text) or [""]))
    return f"{fence}{language}\n{text}\n{fence}"


def document(blocks: Iterable[str]) -> str:
    """Blocks of Markdown, a blank line between them, a line end after the last."""
    return "\n\n".join(block for block in blocks if block) + "\n"


def _line(line: str) -> str:
    line = inline(line)
    if _LINE_START.match(line):
        return "\\" + line
    return _NUMBER.sub(r"\1\\\2", line, count=1) if _NUMBER.match(line) else line


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _escaped(match: re.Match[str]) -> str:
    return "\\#" * len(match[0])
