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
from contextlib import suppress
from importlib import import_module
from statistics import median
from typing import Any

_SAMPLES = 5  # characters of a line whose size and weight are looked at
_BOLD = re.compile(r"bold|black|heavy|demi", re.IGNORECASE)
_HYPHENS = ("\x02", "\ufffe")  # PDFium's marks of a hyphen at a line end, in place of the end
_LINE = re.compile(r"[^\r\n\x02\ufffe]+[\x02\ufffe]?")
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_SMALL = 0.8  # times the height of the line's first character
_PASSWORD = 4


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
    edges: list[tuple[float, float]] = []
    unread: list[int] = []
    characters = 0
    for number in range(len(pdf)):
        try:
            page = pdf[number]
            reader = _PageReader(pdfium.raw, page.get_textpage(), number)
            edges.append(page.get_cropbox()[1::2])
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


class _PageReader:
    """Cuts the characters of one page into lines, in the order of the file."""

    def __init__(self, raw: Any, page: Any, number: int) -> None:
        self._raw, self._page, self._number = raw, page, number
        self.count: int = raw.FPDFText_CountChars(page)

    def lines(self) -> list[list[Any]]:
        code = self._raw.FPDFText_GetUnicode
        text = "".join(_character(code(self._page, place)) for place in range(self.count))
        cut = (self._line(match) for match in _LINE.finditer(text))
        return [line for line in cut if line is not None]

    def _line(self, match: re.Match[str]) -> list[Any] | None:
        """The fields of `pdf_lines.Line`, in their order."""
        shown = [match.start() + n for n, char in enumerate(match[0]) if not char.isspace()]
        if not shown:
            return None
        hyphen = "-" if match[0].endswith(_HYPHENS) else ""
        samples = [shown[n * (len(shown) - 1) // (_SAMPLES - 1)] for n in range(_SAMPLES)]
        boxes = [self._box(place) for place in samples]
        text = match[0][: -len(hyphen) or None]
        return [
            self._raised(text, match.start(), samples[0]) + hyphen,
            self._number,
            boxes[0].left,
            boxes[-1].right,
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


if __name__ == "__main__":
    main()
