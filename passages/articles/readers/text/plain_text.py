"""Plain text -> Markdown: its headings found by how they look and where they stand.

A heading is a short line between blank lines, or on top of its text, that does not end as a
sentence does and is followed by text. Nothing is left out: a line that is none stays as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby, pairwise

from passages.articles.readers import writing
from passages.articles.readers.decoding import decode
from passages.articles.readers.heading_lines import MAX_CHARS, Style, style_of
from passages.articles.readers.reading import Reading, within_bounds
from passages.articles.readers.text import tables
from passages.articles.readers.text.outline import Block, outlined

_UNWRAPPED = 120  # a longer line is a paragraph: no text is wrapped so wide
_NEAR = 50  # lines that show whether the one above them is a heading

_ITEM = re.compile(r"\s*(?:[-*+•◦▪‣·●○–]|(\d{1,3})[.)])\s+(?=\S)")
_UNDERLINE = re.compile(r"\s*([=\-~^*_#])\1{2,}$")
_RULE = re.compile(r"\s*(?:([=\-~^*_#])\s*)(?:\1\s*){2,}$")
_MARKED = re.compile(r"(#{1,6})\s+(\S.*?)\s*#*$")
_CODE_LINE = re.compile(r"[{}=<>;$\\]|\w\(|::|->|^\s*(?:#|>>>|def |import |from )")


def read(data: bytes) -> Reading:
    """Read a plain text file.

    Raises:
        UnreadableFile: not a text.
    """
    text, notes = decode(data)
    markdown, headings = to_markdown(within_bounds(text))
    advice = (f"headings found by their looks: {headings}",) if headings else ()
    return Reading(markdown, notes=tuple(notes), advice=advice)


def to_markdown(text: str) -> tuple[str, int]:
    """The text as Markdown, and how many headings were found in it."""
    if (rows := tables.whole(text.strip("\n"))) is not None:
        return writing.document([tables.markdown(rows)]), 0
    blocks = outlined(list(_blocks(text)))
    wrapped = (len(line) for block in blocks if not block.rows for line in block.lines[:-1])
    width = max((length for length in wrapped if length <= _UNWRAPPED), default=0)
    markdown = writing.document(_written(block, width) for block in blocks)
    return markdown, sum(block.level > 0 for block in blocks)


def _blocks(text: str) -> Iterator[Block]:
    """The blocks between blank lines, tables among them."""
    for part in re.split(r"\n(?:[ \t]*\n)+", text):
        lines = [line.rstrip() for line in part.split("\n") if line.strip()]
        for rows, run in tables.divided(lines) if lines else ():
            if rows is not None:
                yield Block(tuple(run), is_list=True, rows=tuple(map(tuple, rows)))
                continue
            for paragraph in _paragraphs([line.expandtabs(4) for line in run]):
                yield from _divided(paragraph)


def _paragraphs(lines: list[str]) -> Iterator[list[str]]:
    """A run of lines; where lines are paragraphs, each is a run of its own."""
    if all(len(line) <= _UNWRAPPED for line in lines):
        yield lines
        return
    for is_item, run in groupby(lines, key=lambda line: bool(_ITEM.match(line))):
        if is_item:
            yield list(run)
        else:
            yield from ([line] for line in run)


def _divided(lines: list[str]) -> Iterator[Block]:
    """The headings on top of a paragraph, then the paragraph, then the list below it."""
    place = 0
    while place < len(lines):
        used, block = _heading_on_top(lines[place : place + _NEAR])
        if block is None:
            break
        yield block
        place += used
    lines = lines[place:]
    items = next((n for n, line in enumerate(lines) if _ITEM.match(line)), len(lines))
    for part, is_list in ((lines[:items], False), (lines[items:], True)):
        if part:
            yield Block(tuple(part), by_hand=not is_list and _broken_by_hand(part), is_list=is_list)


def _heading_on_top(lines: list[str]) -> tuple[int, Block | None]:
    """The first line as a block, if it may be a heading, and how many lines it takes up."""
    first, *rest = lines
    if len(rest) > 1 and _is_framed(first, *rest[:2]):
        used, block = _heading_on_top(rest)  # a line above the heading and one below
        return used + 1, block
    underline = _UNDERLINE.match(rest[0]) if rest else None
    if underline and 2 * len(rest[0].strip()) >= len(first.strip()) <= MAX_CHARS:
        return 2, Block((first,), Style.UNDERLINED, underline[1])
    marked = _MARKED.match(first) if len(first) <= 2 * MAX_CHARS else None
    if marked and not rest and style_of(marked[2]) is not None:
        return 1, Block((marked[2],), Style.UNDERLINED, level=len(marked[1]))
    style = style_of(first.strip())
    if style is None or (rest and not _stands_above(first, style, rest)):
        return 0, None
    return 1, Block((first,), style)


def _is_framed(above: str, line: str, below: str) -> bool:
    """Whether the line alone stands between two of the signs that underline headings."""
    if _UNDERLINE.match(line):
        return False  # the lines below may go on like this to the end of the file
    return bool(_UNDERLINE.match(above) and _UNDERLINE.match(below))


def _stands_above(first: str, style: Style, rest: list[str]) -> bool:
    """Whether a line was set apart from the lines right below it."""
    below = rest[0].strip()
    if _ITEM.match(below):
        return style is not Style.NUMBERED and not _ITEM.match(first) and not first.endswith("?")
    if style in (Style.NUMBERED, Style.CAPITALS):
        return style_of(below) is not style
    longest = max(len(line) for line in rest)
    fits = len(first) + 1 + len(below.split()[0]) <= longest
    return style is not Style.SENTENCE and fits and not _broken_by_hand(rest)


def _broken_by_hand(lines: list[str]) -> bool:
    """Whether lines are lines, as in verse and addresses, and not prose that was wrapped."""
    starts = [line.lstrip()[0] for line in lines]
    return len(lines) > 1 and sum(not start.islower() for start in starts) > 0.8 * len(lines)


def _written(block: Block, width: int) -> str:
    if block.level:
        return writing.heading(block.level, block.text)
    if block.rows:
        return tables.markdown([list(row) for row in block.rows])
    if len(block.lines) == 1 and _RULE.match(block.text):
        return "---"
    if block.is_list or _ITEM.match(block.lines[0]):
        return _list(block.lines)
    if min(map(_indent, block.lines)) >= 4 and any(map(_CODE_LINE.search, block.lines)):
        return writing.code("\n".join(line[4:] for line in block.lines))
    fits = sum(len(a) + 1 + len(b.split()[0]) <= width for a, b in pairwise(block.lines))
    broken = block.by_hand or 2 * fits > len(block.lines) - 1
    return writing.paragraph("\n".join(block.lines), hard_breaks=broken)


def _list(lines: tuple[str, ...]) -> str:
    """The items as Markdown, nested as they are indented."""
    items: list[tuple[int, int | None, list[str]]] = []
    for line in lines:
        mark = _ITEM.match(line)
        if mark:
            number = int(mark[1]) if mark[1] else None
            items.append((_indent(line), number, [line[mark.end() :]]))
        else:
            items[-1][2].append(line)
    written = []
    above: list[tuple[int, int]] = []  # indent in the source, and in Markdown that of its text
    for indent, number, words in items:
        above = [parent for parent in above if parent[0] < indent]
        margin = above[-1][1] if above else 0
        text = writing.item("\n".join(words), number)
        written.append(" " * margin + text.replace("\n", "\n" + " " * margin))
        above.append((indent, margin + len(text.split(" ", 1)[0]) + 1))
    return "\n".join(written)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
