"""A tree of HTML elements -> Markdown blocks: headings, paragraphs, lists, tables, quotes, code.

Words and structure are kept; emphasis, the targets of links and pictures are not. Which elements
are worth reading is decided before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from passages.articles.readers import writing
from passages.articles.readers.decoding import clean
from passages.articles.readers.heading_lines import style_of
from passages.articles.readers.reading import within_bounds

Element = Any
"""An element of lxml, a library that is loaded only when a file needs it."""

_SKIPPED_TAGS = """
    script style noscript template svg math canvas iframe object embed audio video map head title
    input select textarea datalist button img picture hr link meta
"""
_BLOCK_TAGS = """
    address article aside body caption center dd details dialog div dl dt fieldset figcaption
    figure footer form header hgroup html legend li main nav p search section summary
    tbody td tfoot th thead tr
"""
SKIPPED, BLOCKS = frozenset(_SKIPPED_TAGS.split()), frozenset(_BLOCK_TAGS.split())
LEVELS = {f"h{level}": level for level in range(1, 7)}
_SUPERSCRIPT = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_MAX_SPAN = 50  # a cell may claim to span any number of columns and rows


def to_markdown(*roots: Element) -> tuple[list[str], int]:
    """The blocks of some trees, and how many headings were guessed from bold paragraphs.

    These are headings only where there is none but a title.
    """
    writer = _Writer()
    for root in roots:
        writer.visit(root)
        writer.flush()
    if writer.level > 1:
        return writer.blocks, 0
    for place, text in writer.bold:
        writer.blocks[place] = writing.heading(2, text)
    return writer.blocks, len(writer.bold)


class _Writer:
    """Gathers blocks; text waits in `_waiting` until its paragraph ends."""

    def __init__(self, level: int = 0) -> None:
        self.blocks: list[str] = []
        self.bold: list[tuple[int, str]] = []
        self.level = level
        self._waiting: list[str] = []
        self._in_bold = 0
        self._not_bold = False

    def walk(self, element: Element) -> None:
        """Take in what is inside an element."""
        self._take(element.text)
        for child in element:
            self.visit(child)
            self._take(child.tail)

    def flush(self) -> None:
        """End the paragraph."""
        text = re.sub(r"[^\S\n]+", " ", clean("".join(self._waiting)))
        text = re.sub(r" ?\n ?", "\n", text).strip()
        if text:
            if not self._not_bold and "\n" not in text and style_of(text) is not None:
                self.bold.append((len(self.blocks), text))
            self.blocks.append(writing.paragraph(text, hard_breaks=True))
        self._waiting, self._not_bold = [], False

    def visit(self, element: Element) -> None:
        """Take in an element."""
        tag = element.tag
        if not isinstance(tag, str) or tag in SKIPPED:
            return
        if tag == "br":
            self._waiting.append("\n")
        elif tag == "sup" and not len(element):
            self._take(_superscript(element.text or ""))
        elif tag in ("b", "strong"):
            self._in_bold += 1
            self.walk(element)
            self._in_bold -= 1
        elif (level := _level(element)) > 0:
            self._heading(level, element)
            self.level = level
        elif tag == "summary" and not _has(element, *LEVELS):
            self._heading(self.level + 1, element)
        elif tag in BLOCKS or tag in _WRITTEN:
            self.flush()
            if tag in _WRITTEN and not _is_container(element):
                self.blocks += filter(None, [_WRITTEN[tag](element, self.level)])
            else:
                self.walk(element)
            self.flush()
        else:
            self.walk(element)

    def _heading(self, level: int, element: Element) -> None:
        self.flush()
        if text := _words(element):
            self.blocks.append(writing.heading(level, text))

    def _take(self, text: str | None) -> None:
        if text:
            self._not_bold |= not self._in_bold and not text.isspace()
            self._waiting.append(re.sub(r"\s+", " ", text))


def _is_container(element: Element) -> bool:
    """Whether a list, table or quote only lays out sections, as old pages and steps do."""
    if _has(element, *LEVELS, "summary"):
        return True
    return element.tag == "table" and _has(element, "table", "ul", "ol", "blockquote", "pre")


def _has(element: Element, *tags: str) -> bool:
    return next((True for found in element.iter(*tags) if found is not element), False)


def _level(element: Element) -> int:
    if element.get("role") == "heading":
        told = element.get("aria-level", "2")
        return int(told) if re.fullmatch("[1-6]", told) else 2
    return LEVELS.get(element.tag, 0)


def _words(element: Element) -> str:
    """The text of an element on one line; that of a button too: headings that fold hold one."""
    hidden = SKIPPED - {"button"}
    parts: list[str] = []

    def gather(node: Element) -> None:
        if node.tag == "sup" and not len(node):
            parts.append(_superscript(node.text or ""))
        elif isinstance(node.tag, str) and node.tag not in hidden:
            parts.append(node.text or "")
            for child in node:
                if child.tag in ("br", *BLOCKS):
                    parts.append(" ")
                gather(child)
                parts.append(child.tail or "")

    gather(element)
    return " ".join(clean("".join(parts)).split())


def _inside(element: Element, level: int) -> list[str]:
    writer = _Writer(level)
    writer.walk(element)
    writer.flush()
    return writer.blocks


def _list(element: Element, level: int) -> str:
    start = element.get("start", "")
    number = (int(start) if re.fullmatch(r"\d{1,8}", start) else 1) if element.tag == "ol" else None
    items: list[str] = []
    for child in element:
        blocks = _inside(child, level) if child.tag == "li" else []
        if isinstance(child.tag, str) and child.tag in ("ul", "ol") and items:
            nested = _list(child, level)  # a list in a list, not in its item: meant is the item
            items[-1] += _indented("\n" + nested, 2 if number is None else 3) if nested else ""
        if blocks:
            mark = "-" if number is None else f"{number}."
            text = "".join(
                block if n == 0 else ("\n" if re.match(r"- |1\. ", block) else "\n\n") + block
                for n, block in enumerate(blocks)
            )
            items.append(f"{mark} {_indented(text, len(mark) + 1)}")
            number = None if number is None else number + 1
    return "\n".join(items)


def _indented(text: str, width: int) -> str:
    return re.sub(r"\n(?=[^\n])", "\n" + " " * width, text)


def _table(element: Element, level: int) -> str:
    captions = [_words(caption) for caption in element.iter("caption")]
    rows = [row for row in _rows(element) if any(row)]
    blocks = [writing.paragraph(caption) for caption in captions if caption]
    if rows and max(map(len, rows)) == 1:
        blocks += [writing.paragraph(row[0]) for row in rows]
    elif rows:
        blocks.append(writing.table([[writing.inline(cell) for cell in row] for row in rows]))
    return "\n\n".join(blocks)


def _rows(table: Element) -> Iterator[list[str]]:
    """The words of each cell; what a cell spans besides its own place stays empty."""
    spanned: dict[int, int] = {}  # column -> rows below that a cell above still covers
    for row in table.iter("tr"):
        words: list[str] = []
        for cell in row.iterchildren("td", "th"):
            while spanned.get(len(words), 0) > 0 and len(words) < _MAX_SPAN:
                spanned[len(words)] -= 1
                words.append("")
            below = _span(cell, "rowspan") - 1
            room = max(1, _MAX_SPAN - len(words))  # for what is spanned; a cell always has a place
            for n in range(min(room, _span(cell, "colspan"))):
                spanned[len(words)] = below
                words.append(_words(cell) if n == 0 else "")
        yield words


def _span(cell: Element, name: str) -> int:
    told = cell.get(name, "1")
    return min(_MAX_SPAN, max(1, int(told))) if re.fullmatch(r"\d{1,4}", told) else 1


def _quote(element: Element, level: int) -> str:
    text = within_bounds("\n\n".join(_inside(element, level)))  # each quote around it costs that
    return re.sub(r"^(?=.)", "> ", text, flags=re.MULTILINE).replace("\n\n", "\n>\n")


def _code(element: Element, level: int) -> str:
    text = clean("".join(element.itertext("*"))).strip("\n")
    return writing.code(text) if text.strip() else ""


def _superscript(text: str) -> str:
    """`10<sup>6</sup>` is 10⁶, not 106."""
    return text.translate(_SUPERSCRIPT) if re.fullmatch(r"[\d+−-]{1,4}", text) else text


_WRITTEN = {
    "ul": _list,
    "ol": _list,
    "menu": _list,
    "table": _table,
    "blockquote": _quote,
    "pre": _code,
}
