"""Jupyter notebooks (.ipynb) -> Markdown: text cells as they are, code in fences, results as text.

Pictures, and what else a cell shows beside text, are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace

from passages.articles.readers import writing
from passages.articles.readers.decoding import clean, one_line
from passages.articles.readers.reading import Reading, within_bounds
from passages.articles.readers.text import markdown_file
from passages.errors import UnreadableFile

MAX_CELLS = 10_000
MAX_OUTPUT = 2_000
"""Characters of one cell's results: what is longer is a log, and drowns the words around it."""

_PICTURE = re.compile(r"!\[([^\]\n]{0,500})\]\((?:attachment:|data:)[^)\s]*[^)\n]{0,200}\)")
_DATA = re.compile(r"data:[\w/+.;=-]{1,100};base64,[A-Za-z0-9+/=]+")
_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_OBJECT = re.compile(r"<[^<>\n]{1,300}>")  # what Python calls an object that it cannot show
_LANGUAGE = re.compile(r"[A-Za-z][\w+#-]{0,20}")


def read(data: bytes) -> Reading:
    """Read a notebook.

    Raises:
        UnreadableFile: no notebook, or beyond the bounds above.
    """
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnreadableFile("no notebook, or a damaged one: save it anew") from error
    cells = _cells(notebook)
    if len(cells) > MAX_CELLS:
        raise UnreadableFile(f"{len(cells):,} cells: at most {MAX_CELLS:,}; divide it")
    language = _language(notebook)
    blocks: list[str] = []
    shortened = 0
    for cell in cells:
        blocks += _source(cell, language)
        for text in _outputs(cell):
            shortened += len(text) > MAX_OUTPUT
            blocks.append(writing.code(_first_lines(text), "text"))
    # Its text cells are Markdown as people write it in files, front matter included.
    reading = markdown_file.read(within_bounds(writing.document(blocks)).encode("utf-8", "replace"))
    title = reading.title or one_line(_text(_field(notebook, "metadata", "title")))
    advice = (f"results that were shortened: {shortened}",) if shortened else ()
    return replace(reading, title=title, advice=(*reading.advice, *advice))


def _cells(notebook: object) -> list[object]:
    """The cells of a notebook of the fourth format, or of the third, which has them in sheets."""
    if isinstance(cells := _field(notebook, "cells"), list):
        return cells
    sheets = _field(notebook, "worksheets")
    if not isinstance(sheets, list):
        raise UnreadableFile("no notebook: it has no cells")
    found = [_field(sheet, "cells") for sheet in sheets]
    return [cell for cells in found if isinstance(cells, list) for cell in cells]


def _source(cell: object, language: str) -> list[str]:
    kind = _field(cell, "cell_type")
    text = _text(_field(cell, "source") or _field(cell, "input")).strip("\n")
    if not text.strip():
        return []
    if kind == "code":
        return [writing.code(text, language)]
    if kind == "heading":  # of the third format
        level = _field(cell, "level")
        return [writing.heading(level if isinstance(level, int) else 1, text)]
    return [_DATA.sub("", _PICTURE.sub(r"\1", text))]


def _outputs(cell: object) -> Iterator[str]:
    """The results of a cell that are text."""
    outputs = _field(cell, "outputs")
    for output in outputs if isinstance(outputs, list) else ():
        kind = _field(output, "output_type")
        if kind in ("error", "pyerr"):
            text = f"{_text(_field(output, 'ename'))}: {_text(_field(output, 'evalue'))}"
        elif kind == "stream":
            text = _text(_field(output, "text"))
        else:
            text = _text(_field(output, "data", "text/plain") or _field(output, "text"))
        text = clean(_COLOUR.sub("", text)).strip("\n")
        if text.strip() and not _OBJECT.fullmatch(text.strip()):
            yield text


def _first_lines(text: str) -> str:
    """The text up to the last line end within the bound."""
    if len(text) <= MAX_OUTPUT:
        return text
    return text[: max(text.rfind("\n", 0, MAX_OUTPUT), 0) or MAX_OUTPUT] + "\n…"


def _language(notebook: object) -> str:
    """The language of the code, as a fence names it."""
    told = _field(notebook, "metadata", "language_info", "name")
    told = told or _field(notebook, "metadata", "kernelspec", "language")
    return told if isinstance(told, str) and _LANGUAGE.fullmatch(told) else ""


def _field(value: object, *names: str) -> object:
    """What stands under these names, one in the other; None where anything is of another kind."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _text(value: object) -> str:
    """A text, which notebooks hold as one or as a list of lines."""
    if isinstance(value, list):
        return "".join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""
