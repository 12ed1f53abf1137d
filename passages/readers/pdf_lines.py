"""PDF -> lines of text with their places and type sizes; the only user of PDFium."""

from __future__ import annotations

import ctypes
import re
from collections import defaultdict
from dataclasses import dataclass
from statistics import median
from typing import Any

from passages.readers.decoding import one_line
from passages.readers.extras import PDFIUM, load

MAX_PAGES = 2_000  # a long handbook; takes a minute
MAX_CHARS = 4_000_000  # of all pages, before anything is looked at: twice the longest article

_SAMPLES = 5  # characters of a line whose size and weight are looked at
_BOLD = re.compile(r"bold|black|heavy|demi", re.IGNORECASE)
_EDGE_LINES = 2  # at the top and at the bottom of a page, where headers and footers stand
_EDGE_SHARE = 0.4  # of the pages: left and right ones may differ
_HYPHENS = ("\x02", "\ufffe")  # PDFium's marks of a hyphen at a line end, in place of the end
_LINE = re.compile(r"[^\r\n\x02\ufffe]+[\x02\ufffe]?")
_PASSWORD = 4


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
    """The lines of all pages, the outline, and the title that the file gives itself."""

    lines: list[Line]
    outline: list[Mark]
    title: str | None
    pages: int


def open_pdf(data: bytes) -> Document:
    """Read what is in a PDF.

    Raises:
        ValueError: no PDF, a password, beyond the bounds above, or pypdfium2 is not installed.
    """
    pdfium = load("pypdfium2", ".pdf", PDFIUM)
    try:
        pdf = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if error.err_code == _PASSWORD:
            raise ValueError("protected by a password: save it without one") from error
        raise ValueError("no PDF that can be read") from error
    try:
        if len(pdf) > MAX_PAGES:
            raise ValueError(f"{len(pdf):,} pages: at most {MAX_PAGES:,}; divide it")
        lines: list[Line] = []
        characters = 0
        for number in range(len(pdf)):
            page = pdf[number]
            reader = _PageReader(pdfium.raw, page.get_textpage(), number)
            characters += reader.count
            if characters > MAX_CHARS:
                raise ValueError(f"more than {MAX_CHARS:,} characters: divide it")
            lines += reader.lines()
            page.close()
        title = one_line(pdf.get_metadata_value("Title"))
        return Document(lines, _outline(pdf), title, len(pdf))
    except pdfium.PdfiumError as error:
        raise ValueError(f"a damaged PDF: {error}") from error
    finally:
        pdf.close()


def without_edges(document: Document) -> tuple[list[Line], list[str]]:
    """The lines that are no running headers, footers or page numbers, and what was left out.

    These are the lines at the edge of many pages that differ in their numbers only.
    """
    by_page: dict[int, list[Line]] = defaultdict(list)
    for line in document.lines:
        by_page[line.page].append(line)
    seen: dict[tuple[str, int], list[Line]] = defaultdict(list)
    for lines in by_page.values():
        upwards = sorted(lines, key=lambda line: line.bottom)
        for line in {*upwards[:_EDGE_LINES], *upwards[-_EDGE_LINES:]}:
            seen[re.sub(r"\d+", "0", line.text), round(line.bottom / 4)].append(line)
    enough = max(2, _EDGE_SHARE * len(by_page))
    running = [lines for lines in seen.values() if len(lines) >= enough]
    dropped = {line for lines in running for line in lines}
    kept = [line for line in document.lines if line not in dropped]
    return kept, [f"{lines[0].text!r} on {len(lines)} pages" for lines in running]


def _outline(pdf: Any) -> list[Mark]:
    marks = []
    for entry in pdf.get_toc(max_depth=6):
        target, title = entry.get_dest(), one_line(entry.get_title())
        page = target.get_index() if target is not None else None
        if title and page is not None:
            marks.append(Mark(entry.level, title, page))
    return marks


class _PageReader:
    """Cuts the characters of one page into lines, in the order of the file."""

    def __init__(self, raw: Any, page: Any, number: int) -> None:
        self._raw, self._page, self._number = raw, page, number
        self.count: int = raw.FPDFText_CountChars(page)

    def lines(self) -> list[Line]:
        code = self._raw.FPDFText_GetUnicode
        text = "".join(_character(code(self._page, place)) for place in range(self.count))
        cut = (self._line(match) for match in _LINE.finditer(text))
        return [line for line in cut if line is not None]

    def _line(self, match: re.Match[str]) -> Line | None:
        shown = [match.start() + n for n, char in enumerate(match[0]) if not char.isspace()]
        hyphen = "-" if match[0].endswith(_HYPHENS) else ""
        text = one_line(match[0][: -len(hyphen) or None])
        if not text:
            return None
        samples = [shown[n * (len(shown) - 1) // (_SAMPLES - 1)] for n in range(_SAMPLES)]
        boxes = [self._box(place) for place in samples]
        return Line(
            text=text + hyphen,
            page=self._number,
            left=boxes[0].left,
            right=boxes[-1].right,
            bottom=min(box.bottom for box in boxes),
            top=max(box.top for box in boxes),
            size=round(2 * median(box.top - box.bottom for box in boxes)) / 2,
            bold=all(_BOLD.search(self._font(place)) for place in samples),
        )

    def _box(self, place: int) -> Any:
        box = self._raw.FS_RECTF()
        self._raw.FPDFText_GetLooseCharBox(self._page, place, box)
        return box

    def _font(self, place: int) -> str:
        name = ctypes.create_string_buffer(128)
        self._raw.FPDFText_GetFontInfo(self._page, place, name, 128, None)
        return name.value.decode("latin-1")


def _character(code: int) -> str:
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
