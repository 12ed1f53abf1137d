"""PDF -> the lines of its pages, in a process of its own; the only user of PDFium.

PDFium is a large C++ program that reads what strangers send: one file in a million makes it fail,
or work for days. Here that costs a process with a bounded life, and not the build. The process is
this file run as a script, bytes in and JSON out; it imports nothing of the project, which would
take longer than most files.
"""

from __future__ import annotations

import ctypes
import json
import re
import sys
import traceback
import unicodedata
from collections import Counter
from contextlib import suppress
from importlib import import_module
from itertools import pairwise
from math import pi
from statistics import median
from typing import Any

_SAMPLES = 5  # characters of a line whose size and weight are looked at
_BOLD = re.compile(r"bold|black|heavy|demi", re.IGNORECASE)
_HYPHENS = ("\x02", "\ufffe")  # PDFium's marks of a hyphen at a line end, in place of the end
_LINE = re.compile(r"[^\r\n\x02\ufffe]+[\x02\ufffe]?")
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_SMALL = 0.8  # times the height of the line's first character
_PASSWORD = 4
_BOTTOM = 4  # its place among the fields of a line
_TURN_SAMPLES = 200  # characters of a page whose direction is looked at
_MAX_LANGUAGE = 200  # bytes
# What Arabic ligatures stand for, in reading order: lam and alef, not alef and lam.
_LIGATURES = frozenset(
    unicodedata.normalize("NFKC", chr(code))
    for code in (*range(0xFB50, 0xFE00), *range(0xFE70, 0xFEFD))
)


class _Refused(Exception):
    """The file cannot be read as a PDF; the message says why."""


def main() -> None:
    """Read a PDF from standard input; the arguments are the bounds."""
    max_pages, max_chars, max_seconds, max_memory = map(int, sys.argv[1:])
    _bound(max_seconds, max_memory)
    try:
        found = _read(sys.stdin.buffer.read(), max_pages, max_chars)
    except _Refused as error:
        found = {"problem": str(error)}
    except MemoryError:
        raise
    except Exception:  # for the log of the process that asked
        found = {"fault": traceback.format_exc()}
    json.dump(found, sys.stdout)


def _bound(seconds: int, memory: int) -> None:
    if sys.platform == "win32":
        return  # it has no such bounds
    import resource

    with suppress(ValueError, OSError):  # macOS refuses a bound on memory
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _read(data: bytes, max_pages: int, max_chars: int) -> dict[str, Any]:
    pdfium: Any = import_module("pypdfium2")
    try:
        pdf = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if error.err_code == _PASSWORD:
            raise _Refused("protected by a password: save it without one") from error
        raise _Refused("no PDF that can be read, or a damaged one") from error
    if len(pdf) > max_pages:
        raise _Refused(f"{len(pdf):,} pages: at most {max_pages:,}; divide it")
    lines: list[list[Any]] = []
    edges: list[tuple[float, ...]] = []
    unread: list[int] = []
    characters = 0
    for number in range(len(pdf)):
        try:
            page = pdf[number]
            reader = _PageReader(pdfium.raw, page, number)
            edges.append(reader.edges)
        except pdfium.PdfiumError:  # the other pages are worth reading
            unread.append(number)
            edges.append((0, 0))
            continue
        characters += reader.count
        if characters > max_chars:
            raise _Refused(f"more than {max_chars:,} characters: divide it")
        lines += reader.lines()
        page.close()
    return {
        "lines": lines,
        "outline": _outline(pdf, pdfium.PdfiumError),
        "title": pdf.get_metadata_value("Title"),
        "author": pdf.get_metadata_value("Author"),
        "language": _language(pdf, pdfium.raw),
        "edges": edges,
        "unread": unread,
    }


def _outline(pdf: Any, problem: type[Exception]) -> list[tuple[int, str, int]]:
    marks = []
    with suppress(problem):  # a damaged outline is none
        for entry in pdf.get_toc(max_depth=6):
            target = entry.get_dest()
            page = target.get_index() if target is not None else None
            if page is not None:
                marks.append((entry.level, entry.get_title(), page))
    return marks


def _language(pdf: Any, raw: Any) -> str:
    """The language that the catalog names; empty if none."""
    size = raw.FPDFCatalog_GetLanguage(pdf, None, 0)
    if not 2 < size <= _MAX_LANGUAGE:
        return ""
    buffer = (ctypes.c_ushort * (size // 2))()
    raw.FPDFCatalog_GetLanguage(pdf, buffer, size)
    return bytes(buffer).decode("utf-16-le", "replace").rstrip("\0")


class _PageReader:
    """Cuts the characters of one page into lines, in the order of the file.

    Coordinates are those of the page turned so that most of its text stands upright. A line that is
    written from right to left is mirrored: it begins at its left as all others do.
    """

    def __init__(self, raw: Any, page: Any, number: int) -> None:
        self._raw, self._page, self._number = raw, page.get_textpage(), number
        self.count: int = raw.FPDFText_CountChars(self._page)
        box: tuple[float, ...] = page.get_cropbox()
        self._width, self._height = box[0] + box[2], box[1] + box[3]
        self._turns = self._find_turns()
        self._is_turned = self._turns > 0 or page.get_rotation() != 0
        self.edges = box[::2] if self._turns % 2 else box[1::2]

    def lines(self) -> list[list[Any]]:
        code = self._raw.FPDFText_GetUnicode
        text = "".join(_character(code(self._page, place)) for place in range(self.count))
        cut = (self._line(match) for match in _LINE.finditer(text))
        lines = [line for line in cut if line is not None]
        rising = sum(below[_BOTTOM] > above[_BOTTOM] for above, below in pairwise(lines))
        if self._is_turned and 2 * rising > len(lines):  # PDFium took the page to stand otherwise
            lines.reverse()
        return lines

    def _line(self, match: re.Match[str]) -> list[Any] | None:
        """The fields of `pdf_lines.Line`, in their order."""
        shown = [match.start() + n for n, char in enumerate(match[0]) if not char.isspace()]
        if not shown:
            return None
        hyphen = "-" if match[0].endswith(_HYPHENS) else ""
        samples = [shown[n * (len(shown) - 1) // (_SAMPLES - 1)] for n in range(_SAMPLES)]
        boxes = [self._box(place) for place in samples]
        text = match[0][: -len(hyphen) or None]
        left, right = min(box.left for box in boxes), max(box.right for box in boxes)
        if _is_right_to_left(text):
            width = self._height if self._turns % 2 else self._width
            left, right = width - right, width - left
            text = self._in_reading_order(text, match.start())
        else:
            text = self._raised(text, match.start(), samples[0])
        return [
            text + hyphen,
            self._number,
            left,
            right,
            min(box.bottom for box in boxes),
            max(box.top for box in boxes),
            round(2 * median(box.top - box.bottom for box in boxes)) / 2,
            all(_BOLD.search(self._font(place)) for place in samples),
        ]

    def _raised(self, text: str, start: int, first: int) -> str:
        """The text with raised figures as such: 10⁶ is no 106, and a note's number no digit."""
        line = self._box(first)
        height = line.top - line.bottom
        chars = list(text)
        for n, char in enumerate(chars):
            if "0" <= char <= "9":
                box = self._box(start + n)
                is_small = box.top - box.bottom < _SMALL * height
                if is_small and box.bottom > line.bottom + (1 - _SMALL) * height / 2:
                    chars[n] = _SUPERSCRIPTS[int(char)]
        return "".join(chars)

    def _in_reading_order(self, text: str, start: int) -> str:
        """The text with the letters of each ligature in the order in which they are read.

        PDFium turns a line round letter by letter, and with it what one glyph stands for.
        """
        glyphs: list[str] = []
        last = None
        for n, char in enumerate(text):
            place = None if char.isspace() else self._place(start + n)
            if place is not None and place == last:
                glyphs[-1] += char
            else:
                glyphs.append(char)
            last = place
        return "".join(map(_read_forwards, glyphs))

    def _find_turns(self) -> int:
        """By how many quarters, against the clock, most of the text is turned."""
        step = max(1, self.count // _TURN_SAMPLES)
        angles = (
            self._raw.FPDFText_GetCharAngle(self._page, n) for n in range(0, self.count, step)
        )
        turns = Counter(round(-angle / (pi / 2)) % 4 for angle in angles if angle >= 0)
        return turns.most_common(1)[0][0] if turns else 0

    def _place(self, place: int) -> tuple[float, float]:
        box = self._box(place)
        return box.left, box.right

    def _box(self, place: int) -> Any:
        box = self._raw.FS_RECTF()
        self._raw.FPDFText_GetLooseCharBox(self._page, place, box)
        left, bottom, right, top = box.left, box.bottom, box.right, box.top
        width, height = self._width, self._height
        if self._turns == 1:
            left, bottom, right, top = bottom, width - right, top, width - left
        elif self._turns == 2:
            left, bottom, right, top = width - right, height - top, width - left, height - bottom
        elif self._turns == 3:
            left, bottom, right, top = height - top, left, height - bottom, right
        box.left, box.bottom, box.right, box.top = left, bottom, right, top
        return box

    def _font(self, place: int) -> str:
        name = ctypes.create_string_buffer(128)
        self._raw.FPDFText_GetFontInfo(self._page, place, name, 128, None)
        return name.value.decode("latin-1")


def _is_right_to_left(text: str) -> bool:
    kinds = Counter(map(unicodedata.bidirectional, text))
    return kinds["R"] + kinds["AL"] > kinds["L"]


def _read_forwards(glyph: str) -> str:
    """The letters that one glyph stands for, turned round where they are known to be reversed."""
    backwards = glyph[::-1]
    is_reversed = backwards in _LIGATURES and glyph not in _LIGATURES
    return backwards if is_reversed or unicodedata.combining(glyph[0]) else glyph


def _character(code: int) -> str:
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


if __name__ == "__main__":
    main()
