"""Tables saved as files of their own (.csv, .tsv) -> Markdown."""

from __future__ import annotations

import csv
import re
from collections import Counter

from passages.articles.readers import writing
from passages.articles.readers.decoding import decode
from passages.articles.readers.reading import Reading, within_bounds
from passages.articles.readers.text import tables
from passages.articles.readers.text.tables import MAX_CELLS, MAX_COLUMNS, Rows, is_bounded
from passages.errors import UnreadableFile

_TOLD = re.compile(r"sep=(.)\n")  # which Excel writes above the rows
_SAMPLE = 100  # rows that show which character separates cells


def read(data: bytes) -> Reading:
    """Read a table whose cells are separated by commas, semicolons, tabs or bars.

    Raises:
        UnreadableFile: not a text, quotes that do not end, or beyond the bounds of `tables`.
    """
    text, notes = decode(data)
    told = _TOLD.match(within_bounds(text))
    text = text[told.end() :] if told else text
    separator = told[1] if told else _separator(text)
    try:
        rows = list(csv.reader(text.splitlines(keepends=True), delimiter=separator))
    except csv.Error as error:
        raise UnreadableFile(f"a damaged table ({error}): save it as .csv again") from error
    rows = [_stripped(row) for row in rows]
    return Reading(
        writing.document(_written([row for row in rows if any(row)])), notes=tuple(notes)
    )


def _stripped(row: list[str]) -> list[str]:
    """The cells without space around them, nor the empty ones that programs leave at the end."""
    cells = [cell.strip() for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _written(rows: Rows) -> list[str]:
    """What stands above the table as paragraphs, then the table; a single column as a list."""
    width = max(map(len, rows), default=0)
    if not is_bounded(rows):
        raise UnreadableFile(
            f"a table of more than {MAX_COLUMNS} columns or {MAX_CELLS:,} cells: data, no article"
        )
    if width < 2:
        return ["\n".join(writing.item(" ".join(row[0].split())) for row in rows)]
    head = next((n for n, row in enumerate(rows) if sum(map(bool, row)) > 1), 0)
    above = [writing.paragraph(" ".join(" ".join(row).split())) for row in rows[:head]]
    return [*above, tables.markdown(rows[head:])]


def _separator(text: str) -> str:
    """The character that gives most rows the same number of cells, of these the most cells."""

    def regular(separator: str) -> tuple[float, int]:
        lines = text.splitlines(keepends=True)[:_SAMPLE]
        try:
            widths = Counter(len(row) for row in csv.reader(lines, delimiter=separator) if row)
        except csv.Error:
            return 0, 0
        width, count = max(widths.items(), key=lambda each: each[1], default=(0, 0))
        return (count / widths.total() if width > 1 else 0, width)

    return max(",;\t|", key=regular)
