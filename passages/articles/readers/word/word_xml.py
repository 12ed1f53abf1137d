"""Word's XML: its names, and how to get at what is in an element."""

from __future__ import annotations

import re
from collections.abc import Iterator

from passages.articles.readers.html.html_tree import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

# Deleted and moved away, codes of fields, and what says how something looks.
_NO_TEXT = """
    del moveFrom delText instrText delInstrText pPr rPr tblPr tblGrid trPr tcPr sdtPr sectPr
"""
SKIPPED = frozenset(W + tag for tag in _NO_TEXT.split())


def value(element: Element | None, path: str) -> str | None:
    """The `w:val` of what is found below an element, the tags separated by `/`."""
    found = None if element is None else element.find("/".join(W + tag for tag in path.split("/")))
    return None if found is None else found.get(f"{W}val", "")


def number(text: str | None) -> int | None:
    """The number that an attribute holds."""
    return int(text) if text is not None and re.fullmatch(r"\d{1,9}", text) else None


def is_on(properties: Element | None, tag: str) -> bool | None:
    """Whether a property is switched on or off; None where it is not told."""
    told = value(properties, tag)
    return None if told is None else told not in ("0", "false", "off")


def children(element: Element) -> Iterator[Element]:
    """The elements in it; of alternatives the one that has text, of two the newer."""
    for child in element.iterchildren("*"):
        if child.tag == f"{_MC}AlternateContent":
            ways = [each for each in child.iterchildren("*") if any(texts(each))]
            yield from ways[:1]
        else:
            yield child


def found(element: Element, tag: str) -> Iterator[Element]:
    """The rows of a table, the cells of a row: as children, or wrapped in something."""
    for child in children(element):
        if child.tag == tag:
            yield child
        elif child.tag not in SKIPPED:
            yield from found(child, tag)


def texts(element: Element) -> Iterator[str]:
    """All text below an element, however deep."""
    return (each.text or "" for each in element.iter(f"{W}t", f"{M}t"))


def last_child(element: Element) -> Element | None:
    """Its last child; to count them, and even to ask whether there are any, takes time."""
    return next(element.iterchildren(reversed=True), None)
