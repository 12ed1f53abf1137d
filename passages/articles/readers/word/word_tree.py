"""The body of a Word document -> a tree of HTML, as `html_tree` writes it.

What is not known here is looked through for text, not skipped: Word has hundreds of elements, and
no word of an article may get lost in one.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from passages.articles.readers.decoding import clean
from passages.articles.readers.html.html_tree import Element
from passages.articles.readers.word.word_archive import Parts
from passages.articles.readers.word.word_charts import chart_name, chart_title, is_drawn
from passages.articles.readers.word.word_formula import formula
from passages.articles.readers.word.word_lists import OpenLists
from passages.articles.readers.word.word_styles import Numbering, Styles
from passages.articles.readers.word.word_xml import (
    SKIPPED,
    M,
    W,
    children,
    found,
    is_on,
    last_child,
    number,
    texts,
    value,
)
from passages.errors import UnreadableFile

MAX_NESTED = 20  # tables and text boxes in each other
HEADING_CHARS = 250  # what is longer is text, whatever its style

_NO_HEADING = re.compile("quote|caption|subtitle")  # styles that may be bold
_WRITTEN = {
    f"{W}tab": " ",
    f"{W}ptab": " ",
    f"{W}noBreakHyphen": "-",
}


class Body:
    """Makes the tree. `lost` counts what is in the document and not in the tree."""

    def __init__(self, parts: Parts, etree: Any) -> None:
        self.lost: Counter[str] = Counter()
        self.root = etree.Element("body")
        self._make = etree.SubElement
        self._styles = Styles(parts.styles)
        self._numbering = Numbering(parts.numbering, self._styles)
        self._notes = {
            (kind, note.get(f"{W}id")): note
            for kind, root in (("footnote", parts.footnotes), ("endnote", parts.endnotes))
            for note in (root.iter(W + kind) if root is not None else ())
            if note.get(f"{W}type", "normal") == "normal"
        }
        self._numbers: dict[tuple[str, str | None], int] = {}
        self._waiting: list[tuple[str, str | None]] = []  # notes of this section
        self._lists = OpenLists(etree.SubElement)
        self._begun: list[Element] = []  # paragraphs that go on in the next one
        self._boxes: list[Element] = []
        self._charts = {name: chart_title(root) for name, root in parts.charts.items()}
        self._titles: list[str] = []  # of charts in this paragraph
        self._words: list[str] = []  # gathered, as text that is added to piece by piece is slow
        self._nested = 0
        self._blocks(parts.document, self.root)
        self._end(self.root)
        self._write_notes()

    def _blocks(self, element: Element, into: Element) -> None:
        """Take in the paragraphs and tables below an element."""
        for child in children(element):
            if child.tag == f"{W}p":
                self._paragraph(child, into)
            elif child.tag == f"{W}tbl":
                self._end(into)
                self._lists.close()
                self._table(child, into)
                self._lists.close()
            elif child.tag == f"{W}altChunk":
                self.lost["inserted files"] += 1
            elif child.tag not in SKIPPED and not _is_contents(child):
                self._blocks(child, into)

    def _paragraph(self, paragraph: Element, into: Element) -> None:
        properties = paragraph.find(f"{W}pPr")
        style = value(properties, "pStyle")
        name = self._styles.name(style).lower()
        if re.match(r"toc (\d|heading)", name):
            return
        if properties is not None and _goes_on(properties):
            self._begun.append(paragraph)
            return
        made = self._block(paragraph, style, name, into)
        bold = self._styles.is_bold(style) is True and not _NO_HEADING.search(name)
        self._write(made, paragraph, bold=bold)
        if made.tag[0] == "h" and len("".join(made.itertext())) > HEADING_CHARS:
            made.tag = "p"
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            self._nest(box, into)
            self._lists.close()  # what follows stands below the box, not in a list above it
        for title in filter(None, self._titles):
            self._make(into, "p").text = title
        self._titles.clear()

    def _write(self, made: Element, *paragraphs: Element, bold: bool = False) -> None:
        """Fill an element with paragraphs, and first with those that go on in them."""
        begun, self._begun = self._begun, []
        for paragraph in (*begun, *paragraphs):
            self._gather(paragraph, made, bold)
        self._add_words(made)

    def _end(self, into: Element) -> None:
        """Write what was to go on in a paragraph that does not come."""
        if self._begun:
            self._write(self._make(into, "p"))

    def _block(self, paragraph: Element, style: str | None, name: str, into: Element) -> Element:
        """The empty element that the paragraph is to be."""
        properties = paragraph.find(f"{W}pPr")
        told = number(value(properties, "outlineLvl"))
        level = self._styles.heading_level(style) if told is None else told + 1
        is_title = name == "title"
        if is_title or (level is not None and level < 10):
            if not any(map(str.strip, texts(paragraph))):
                return self._make(into, "p")
            return self._heading(1 if is_title else level or 1, is_title, into)
        item = self._numbering.item(paragraph, style)
        if item is None:
            made = self._make(into, "p")
            if any(map(str.strip, texts(paragraph))):
                self._lists.take_prose(made)
            return made
        if self._nested:  # in a cell; a list would dissolve the table
            made = self._make(into, "p")
            made.text = "• " if item.number is None else f"{item.number}. "
            return made
        return self._lists.add(item, into)

    def _heading(self, level: int, is_title: bool, into: Element) -> Element:
        self._lists.close()
        if into is self.root:
            self._write_notes()
        last = last_child(into)
        if is_title and last is not None and last.get("class") == "title" and len(last) < 5:
            self._make(last, "br")
            return last  # a title set in two lines
        made = self._make(into, f"h{min(6, level)}", level=str(level))
        if is_title:
            made.set("class", "title")
        return made

    def _table(self, table: Element, into: Element) -> None:
        rows = [list(found(row, f"{W}tc")) for row in found(table, f"{W}tr") if _is_kept(row)]
        if rows and max(map(len, rows)) == 1:  # a frame around text
            for row in rows:
                for cell in row:
                    self._blocks(cell, into)
            return
        made = self._make(into, "table")
        for row in rows:
            line = self._make(made, "tr")
            for cell in row:
                place = self._make(line, "td")
                place.set("colspan", value(cell, "tcPr/gridSpan") or "1")
                self._nest(cell, place)

    def _nest(self, element: Element, into: Element) -> None:
        """The blocks of a cell, of a text box or of a note."""
        self._nested += 1
        if self._nested > MAX_NESTED:
            raise UnreadableFile(f"tables nested more than {MAX_NESTED} deep")
        lists, self._lists = self._lists, OpenLists(self._make)
        begun, self._begun = self._begun, []
        self._blocks(element, into)
        self._end(into)
        self._lists, self._begun = lists, begun
        self._nested -= 1

    def _write_notes(self) -> None:
        """The notes of a section at its end, where those who read it look for them."""
        self._lists.close()
        for key in self._waiting:
            place = self._make(self.root, "div")
            self._nest(self._notes[key], place)
            first = self._make(place, "p") if len(place) == 0 else place[0]
            first.text = f"[{self._numbers[key]}] " + (first.text or "").lstrip()
        self._waiting = []

    def _inline(self, element: Element, into: Element, *, bold: bool = False) -> None:
        self._gather(element, into, bold)
        self._add_words(into)

    def _gather(self, element: Element, into: Element, bold: bool) -> None:
        for child in children(element):
            tag = child.tag
            if tag == f"{W}t":
                self._words.append(child.text or "")
            elif tag == f"{W}r":
                self._run(child, into, bold)
            elif tag == f"{M}oMath":
                self._words.append(formula(child))
            elif tag in (f"{W}br", f"{W}cr"):
                self._add_words(into)
                self._make(into, "br")
            elif tag == f"{W}txbxContent":
                self._boxes.append(child)
            elif tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
                self._reference(child)
            elif tag == f"{W}sym":
                self._symbol(child)
            elif tag not in SKIPPED:
                self.lost["diagrams"] += is_drawn(child)
                self._titles.append(self._charts.get(chart_name(child), ""))
                self._words.append(_WRITTEN.get(tag, ""))
                self._gather(child, into, bold)

    def _run(self, run: Element, into: Element, bold: bool) -> None:
        properties = run.find(f"{W}rPr")
        if is_on(properties, "vanish"):
            self.lost["hidden words"] += len(" ".join(texts(run)).split())
            return
        told = is_on(properties, "b")
        told = self._styles.is_bold(value(properties, "rStyle")) if told is None else told
        raised = value(properties, "vertAlign") == "superscript"
        is_note = any(each.tag.endswith("Reference") for each in children(run))
        tags = ["b"] * (bold if told is None else told) + ["sup"] * (raised and not is_note)
        if not tags:
            self._gather(run, into, bold=False)
            return
        self._add_words(into)
        for tag in tags:
            into = self._make(into, tag)
        self._inline(run, into)

    def _add_words(self, into: Element) -> None:
        """Put the words gathered so far behind what is in an element."""
        text = clean("".join(self._words))
        self._words.clear()
        if text and (last := last_child(into)) is not None:
            last.tail = (last.tail or "") + text
        elif text:
            into.text = (into.text or "") + text

    def _reference(self, reference: Element) -> None:
        key = (reference.tag.removeprefix(W).removesuffix("Reference"), reference.get(f"{W}id"))
        if key not in self._notes:
            return
        if key not in self._numbers:
            self._numbers[key] = len(self._numbers) + 1
            self._waiting.append(key)
        self._words.append(f"[{self._numbers[key]}]")

    def _symbol(self, symbol: Element) -> None:
        """A character by its number; in fonts of pictures these are numbers of pictures."""
        code = symbol.get(f"{W}char", "")
        place = int(code, 16) if re.fullmatch("[0-9A-Fa-f]{1,6}", code) else 0
        if 0x20 <= place < 0xD800:
            self._words.append(chr(place))
        else:
            self.lost["symbols"] += 1


def _is_kept(row: Element) -> bool:
    return row.find(f"{W}trPr/{W}del") is None


def _goes_on(properties: Element) -> bool:
    """Whether the end of a paragraph was deleted, or it is but the large first letter of one."""
    if any(properties.find(f"{W}rPr/{W}{change}") is not None for change in ("del", "moveFrom")):
        return True
    frame = properties.find(f"{W}framePr")
    return frame is not None and frame.get(f"{W}dropCap", "none") != "none"


def _is_contents(element: Element) -> bool:
    """Whether it is a table of contents as Word makes them."""
    gallery = element.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and gallery.get(f"{W}val") == "Table of Contents"
