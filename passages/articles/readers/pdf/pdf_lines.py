"""PDF -> lines of text with their places and type sizes, without what runs along on every page."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from passages.articles.readers.decoding import one_line
from passages.articles.readers.extras import PDFIUM, load
from passages.articles.readers.pdf import pdf_pages
from passages.errors import UnreadableFile

_SPACE = 0.15  # times the size: as wide a gap is a space
_EDGE_LINES = 4  # at the top and at the bottom of a page, where headers and footers stand
_MARGIN = 0.09  # of the height of a page, where no text stands
_SET_APART = 0.2  # of the height of a page: so far in only what a gap keeps from the text
_EDGE_SHARE = 0.4  # of the pages: left and right ones may differ
_EDGE_PAGES = 3  # that often at the same place, and be it in one chapter of a book
_ENTRY = re.compile(r"(?<![\s.…·])\s*(?:[.…·]\s*){4,}(\d{1,4})$")  # Dose ........ 12
_MIN_ENTRIES = 3
_CONTENTS = ("contents", "table of contents", "inhalt", "inhaltsverzeichnis", "sommaire")
_PAGE_NUMBER = re.compile(r"\W*(?:page|seite|p\.)?\s*(\d+)(?:\s*(?:/|of|von)\s*\d+)?\W*", re.I)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one PDF may cost; one that costs more is refused."""

    pages: int = 2_000  # a long handbook; takes half a minute
    chars: int = 4_000_000  # of all pages, before anything is looked at: twice the longest article
    seconds: int = 120  # of computing; only a file made to takes longer
    memory: int = 3_000_000_000  # bytes of address space; PDFium takes some 300 MB of real memory


BOUNDS = Bounds()


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its text, page (from 0), box (y grows upwards), height of type, weight."""

    text: str
    page: int
    left: float
    right: float
    bottom: float
    top: float
    size: float
    bold: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """An entry of a document's outline."""

    level: int
    title: str
    page: int


@dataclass(frozen=True, slots=True)
class Document:
    """The lines of all pages, the outline, and the title, author and language that the file names.

    `edges` are bottom and top of each page, `unread` the pages that are damaged.
    """

    lines: list[Line]
    outline: list[Mark]
    title: str | None
    edges: list[tuple[float, float]]
    unread: frozenset[int]
    author: str | None = None
    language: str | None = None


def open_pdf(data: bytes, bounds: Bounds = BOUNDS) -> Document:
    """Read what is in a PDF.

    Raises:
        UnreadableFile: no PDF, a password, beyond the bounds, or pypdfium2 is not installed.
    """
    load("pypdfium2", ".pdf", PDFIUM)  # only to say what to install
    found = _read_apart(data, bounds)
    lines = _whole(Line(one_line(text) or "", *rest) for text, *rest in found["lines"])
    marks = [(level, one_line(title), page) for level, title, page in found["outline"]]
    return Document(
        lines,
        [Mark(level, title, page) for level, title, page in marks if title],
        one_line(found["title"]),
        [(bottom, top) for bottom, top in found["edges"]],
        frozenset(found["unread"]),
        one_line(found["author"]),
        one_line(found["language"]),
    )


def _whole(lines: Iterable[Line]) -> list[Line]:
    """The lines that have text; what a raised or lowered figure broke in two is one again."""
    whole: list[Line] = []
    for line in lines:
        last = whole[-1] if whole else None
        if last is not None and last.page == line.page and 0 <= line.left - last.right < line.size:
            overlap = min(last.top, line.top) - max(last.bottom, line.bottom)
            if overlap > line.size / 2:
                gap = " " if line.left - last.right > _SPACE * line.size else ""
                merged = replace(last, text=last.text + gap + line.text, right=line.right)
                whole[-1] = replace(merged, size=max(last.size, line.size))
                continue
        if line.text:
            whole.append(line)
    return whole


def _read_apart(data: bytes, bounds: Bounds) -> dict[str, Any]:
    given = map(str, (bounds.pages, bounds.chars, bounds.seconds, bounds.memory))
    try:
        ended = subprocess.run(  # noqa: S603 - our own script, and numbers
            # `-P`: the modules beside the script must not stand for others of their names
            [sys.executable, "-P", pdf_pages.__file__, *given],
            input=data,
            capture_output=True,
            check=False,
            timeout=2 * bounds.seconds,  # of the clock: the machine may have other work
        )
        code, answer = ended.returncode, ended.stdout
    except subprocess.TimeoutExpired:
        code, answer = 1, b""
    if code != 0:
        raise UnreadableFile("takes too much time or memory to read: print it to PDF anew")
    found: dict[str, Any] = json.loads(answer)
    if "problem" in found:
        raise UnreadableFile(found["problem"])
    if "fault" in found:
        raise RuntimeError(f"{pdf_pages.__name__} failed: {found['fault']}")
    return found


def without_edges(document: Document) -> tuple[list[Line], list[str]]:
    """The lines that are no running headers, footers or page numbers, and what was left out.

    These stand at the edge of many pages, at the same place, and differ in page numbers only.
    """
    by_page: dict[int, list[Line]] = defaultdict(list)
    sizes: Counter[float] = Counter()
    for line in document.lines:
        by_page[line.page].append(line)
        sizes[line.size] += len(line.text)
    same: dict[tuple[str, int, int], list[Line]] = defaultdict(list)
    for page, lines in by_page.items():
        bottom, top = document.edges[page]
        upwards = sorted(lines, key=lambda line: line.bottom)
        low = [(line.bottom - bottom, line.top - bottom, line) for line in upwards]
        high = [(top - line.top, top - line.bottom, line) for line in reversed(upwards)]
        height = top - bottom
        for line in dict.fromkeys(_outermost(low, height) + _outermost(high, height)):
            text = re.sub(r"\d+", "0", line.text)
            same[text, round(line.bottom / 4), round(line.left / 100)].append(line)
    pages, body = len(document.edges), sizes.most_common(1)[0][0]
    running = [alike for alike in same.values() if _runs_along(alike, pages, body)]
    running += _beside(running, [lines for lines in same.values() if lines not in running], pages)
    dropped = {line for lines in running for line in lines}
    kept = [line for line in document.lines if line not in dropped]
    return kept, [f"{lines[0].text!r} on {len(lines)} pages" for lines in running]


def _beside(running: list[list[Line]], others: list[list[Line]], pages: int) -> list[list[Line]]:
    """Of the other lines those that stand where most pages have a header: names of chapters."""
    places: dict[tuple[int, float], set[int]] = defaultdict(set)
    for lines in running:
        places[round(lines[0].bottom), lines[0].size].update(line.page for line in lines)
    return [
        lines
        for lines in others
        if 2 * len(places[round(lines[0].bottom), lines[0].size]) > pages > _EDGE_PAGES
    ]


def without_contents(lines: list[Line]) -> tuple[list[Line], int]:
    """The lines that are no table of contents, and how many are: dots, then growing numbers."""
    kept: list[Line] = []
    left_out = 0
    for is_entry, run in groupby(lines, lambda line: _ENTRY.search(line.text) is not None):
        entries = list(run)
        numbers = [int(_ENTRY.split(line.text)[1]) for line in entries] if is_entry else []
        if len(numbers) >= _MIN_ENTRIES and numbers == sorted(numbers):
            left_out += len(entries)
            if kept and kept[-1].text.lower() in _CONTENTS:
                left_out += bool(kept.pop())
        else:
            kept += entries
    return kept, left_out


def _outermost(inwards: list[tuple[float, float, Line]], height: float) -> list[Line]:
    """Of the lines from an edge inwards those in the margin, or set apart from the text.

    Each comes with the distances from the edge at which it begins and ends.
    """
    count = 0
    for n, (begin, end, line) in enumerate(inwards[:_EDGE_LINES]):
        further = inwards[n + 1][0] if n + 1 < len(inwards) else 0.0
        is_apart = begin < _SET_APART * height and further - end > line.size
        if begin < _MARGIN * height or is_apart:
            count = n + 1
    return [line for _, _, line in inwards[:count]]


def _runs_along(lines: list[Line], pages: int, body: float) -> bool:
    """Whether lines are one, but for the number of the page; `Day 1`, `Day 2` are headings."""
    if pages == 1:  # nothing but itself tells the number of the only page
        told = _PAGE_NUMBER.fullmatch(lines[0].text)
        return told is not None and told[1] == "1"
    if len({line.page for line in lines}) < min(_EDGE_PAGES, max(2, _EDGE_SHARE * pages)):
        return False
    if len({line.text for line in lines}) == 1:
        return True
    numbers = [[int(n) - line.page for n in re.findall(r"\d{1,9}", line.text)] for line in lines]
    counts_pages = any(len(set(column)) == 1 for column in zip(*numbers, strict=False))
    return counts_pages and lines[0].size <= 1.1 * body
