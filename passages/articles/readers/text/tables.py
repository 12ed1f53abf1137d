"""Tables in plain text: separated by commas, semicolons, tabs or bars, or set in columns."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, zip_longest

from passages.articles.readers import writing

MAX_CELLS, MAX_COLUMNS = 200_000, 500
"""Of a table, rows times columns. More are data, and no article."""

Rows = list[list[str]]

_SEPARATORS = "\t;|,"
_MIN_ROWS = 3  # among other text; two lines with a comma each are prose
_MAX_CELL_WORDS = 8  # where a space follows each comma, as in prose
_RULE = frozenset("-=+|: ")  # what a line between the head and the rows is made of
_GAP = 2  # spaces between columns
_MAX_WORDS = 3  # where no column holds figures either
_SENTENCE_END = re.compile(r"[.!?:,;]$")
_GROUPED = re.compile(r"\d[,;]\d")  # 1,000 is one number
_CODE = re.compile(r"[{}()]|::|->|\b(?:def|import|return|var|let|const)\b")
_MARK = re.compile(r"(?:[-*+•–]|\d{1,3}[.)])(?:\s|$)|[^:]{1,40}:$")  # of a list, or who speaks
_NUMBER = re.compile(r"[\W\d]*\d[\W\d]*")


def markdown(rows: Rows) -> str:
    """The rows as a table whose first row is the head; columns without any text are left out."""
    used = [n for n, column in enumerate(zip_longest(*rows, fillvalue="")) if any(column)]
    rows = [[row[n] for n in used if n < len(row)] for row in rows]
    return writing.table([[writing.inline(" ".join(cell.split())) for cell in row] for row in rows])


def is_bounded(rows: Rows) -> bool:
    """Whether a table is small enough to be read."""
    width = max(map(len, rows), default=0)
    return width <= MAX_COLUMNS and width * len(rows) <= MAX_CELLS


def whole(text: str) -> Rows | None:
    """The rows of a text that is one table throughout, its cells over several lines included."""
    for separator in _SEPARATORS:
        rows = _parsed(text.splitlines(keepends=True), separator)
        if rows is not None and len(rows) > 1 and _is_table(rows, separator):
            return rows
    return None


def divided(lines: Sequence[str]) -> Iterator[tuple[Rows | None, list[str]]]:
    """The tables among the lines of a paragraph, each with its lines, and the lines around them."""
    lines = list(lines)
    start, end, rows = _longest_table(lines)
    if rows is None:
        yield _columns(lines), lines
        return
    if start:
        yield None, lines[:start]
    yield rows, lines[start:end]
    if end < len(lines):
        yield None, lines[end:]


def _longest_table(lines: list[str]) -> tuple[int, int, Rows | None]:
    """Where the longest run of lines that are rows begins and ends, and its rows."""
    best: tuple[int, int, Rows | None] = (0, 0, None)
    for separator in _SEPARATORS:
        if sum(separator in line for line in lines) < _MIN_ROWS:
            continue
        widths = [_width(line, separator) for line in lines]
        place = 0
        for width, run in groupby(widths):
            count = len(list(run))
            inside = lines[place : place + count]
            if width > 1 and count >= _MIN_ROWS and count > best[1] - best[0]:
                rows = _parsed(inside, separator)
                if rows is not None and _is_table(rows, separator):
                    best = place, place + count, rows
            place += count
    return best


def _width(line: str, separator: str) -> int:
    rows = _parsed([line], separator)
    return len(rows[0]) if rows else 0


def _parsed(lines: Sequence[str], separator: str) -> Rows | None:
    """The rows, rules between them left out; None if quotes or lengths say that it is no table."""
    try:
        rows = list(csv.reader(lines, delimiter=separator, strict=True))
    except csv.Error:
        return None
    if separator == "|":
        rows = [_unframed(row) for row in rows if not _is_rule("|".join(row))]
    return [row for row in rows if any(map(str.strip, row))]


def _is_rule(line: str) -> bool:
    return ("-" in line or "=" in line) and _RULE.issuperset(line)


def _unframed(row: list[str]) -> list[str]:
    """A row without the bars at its ends: `| a | b |` has two cells."""
    start = len(row) > 1 and not row[0].strip()
    end = len(row) > 1 and not row[-1].strip()
    return row[start : len(row) - end]


def _is_table(rows: Rows, separator: str) -> bool:
    width = len(rows[0])
    if width < 2 or any(len(row) != width for row in rows) or not is_bounded(rows):
        return False
    texts = [separator.join(row) for row in rows]
    if 2 * sum(_CODE.search(text) is not None for text in texts) > len(rows):
        return False
    if not _is_filled([[cell.strip() for cell in row] for row in rows]):
        return False
    return separator in "\t|" or _is_no_prose(rows, texts, separator)


def _is_no_prose(rows: Rows, texts: Sequence[str], separator: str) -> bool:
    """Whether commas or semicolons divide cells, and not the parts of sentences or of numbers."""
    cells = [cell for row in rows for cell in row]
    if all(len(_GROUPED.findall(text)) >= text.count(separator) for text in texts) and (
        not all(_NUMBER.fullmatch(cell) for cell in cells if cell)
    ):
        return False
    width, ends = len(rows[0]), sum(_SENTENCE_END.search(text) is not None for text in texts)
    loose = sum(cell.startswith(" ") for row in rows for cell in row[1:])
    if 2 * loose < len(cells) - len(rows):
        return True
    if width < 3 or len(rows) < _MIN_ROWS or 3 * ends >= len(rows):
        return False
    has_figures = any(all(_NUMBER.fullmatch(row[n]) for row in rows[1:]) for n in range(width))
    start_big = all(not row[0].lstrip()[:1].islower() for row in rows)
    longest = max(len(cell.split()) for cell in cells)
    return longest <= _MAX_CELL_WORDS and (has_figures or (start_big and longest <= _MAX_WORDS))


def _columns(lines: list[str]) -> Rows | None:
    """The rows of a table set in columns: at each gap there are spaces in all of its lines."""
    bare = [line.expandtabs(8) for line in lines]
    rows = [line for line in bare if not _is_rule(line)]
    has_rule = len(rows) < len(bare)
    if len(rows) < (2 if has_rule else _MIN_ROWS):
        return None
    width = max(map(len, rows))
    taken = Counter(n for line in rows for n, char in enumerate(line) if char != " ")
    gaps = [(first, last) for first, last in _runs(taken, width) if last - first >= _GAP]
    starts = [0, *(last for _, last in gaps)]
    cells = [
        [line[a:b].strip() for a, b in zip(starts, [*starts[1:], None], strict=True)]
        for line in rows
    ]
    if len(starts) < 2 or not is_bounded(cells) or not _is_set_in_columns(cells):
        return None
    if has_rule or not any(map(str.isdigit, "".join(cells[0]))):
        return cells
    return [[""] * len(starts), *cells]  # no head: the first row is one of many


def _runs(taken: Counter[int], width: int) -> Iterator[tuple[int, int]]:
    """Runs of columns that are blank in every line, but for the margin."""
    place = min(taken)
    for is_blank, run in groupby(range(place, width), key=lambda n: n not in taken):
        count = len(list(run))
        if is_blank:
            yield place, place + count
        place += count


def _is_set_in_columns(rows: Rows) -> bool:
    if not _is_filled(rows) or any(
        2 * sum(map(bool, col)) < len(rows) for col in zip(*rows, strict=True)
    ):
        return False
    return not any(len(cell.split()) > _MAX_CELL_WORDS for row in rows for cell in row[:-1])


def _is_filled(rows: Rows) -> bool:
    """Whether two columns have cells, and the first has no marks of a list nor speakers."""
    filled = sum(any(row[n] for row in rows) for n in range(len(rows[0])))
    return filled > 1 and not all(_MARK.match(row[0]) or not row[0] for row in rows)
