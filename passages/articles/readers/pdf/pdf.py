"""PDF with a text layer -> Markdown: headings from the outline or the size of type.

Lines are joined to paragraphs, words hyphenated at a line end to words. Tables come as their lines.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby

from passages.articles.readers import writing
from passages.articles.readers.pdf import pdf_paragraphs
from passages.articles.readers.pdf.pdf_headings import heading_levels
from passages.articles.readers.pdf.pdf_lines import (
    Document,
    open_pdf,
    without_contents,
    without_edges,
)
from passages.articles.readers.pdf.pdf_paragraphs import (
    BULLET,
    NUMBER,
    Paragraph,
    is_item,
    key,
    layout_of,
)
from passages.articles.readers.reading import Reading
from passages.articles.readers.text import plain_text
from passages.errors import UnreadableFile

_FILE_NAME = re.compile(r"(?:microsoft \w+ - .*|\(?(?:untitled|anonymous).*|.*\.\w{2,5})$", re.I)


def read(data: bytes) -> Reading:
    """Read a PDF.

    Raises:
        UnreadableFile: no PDF, a password, no text layer, or beyond the bounds of `Bounds`.
    """
    document = open_pdf(data)
    if not document.lines:
        raise UnreadableFile("its pages are pictures, without text: run OCR over it first")
    lines, running = without_edges(document)
    lines, contents = without_contents(lines)
    named = frozenset(key(mark.title) for mark in document.outline)
    paragraphs = pdf_paragraphs.paragraphs(lines, named)
    levels = heading_levels(paragraphs, document, layout_of(lines).body)
    if levels:
        markdown = writing.document(_written(paragraphs, levels))
    else:
        markdown, _ = plain_text.to_markdown(_plain(paragraphs))
    told = document.title if 1 not in levels.values() else None
    title = None if told is None or _FILE_NAME.match(told) else told
    advice = [f"left out as running header or footer: {line}" for line in running]
    if contents:
        advice.append(f"left out as table of contents: {contents} lines")
    return Reading(
        markdown, title, notes=_not_read(document), advice=tuple(advice), language=document.language
    )


def _not_read(document: Document) -> tuple[str, ...]:
    """Notes on what the pages show and the text lacks."""
    notes = []
    without = set(range(len(document.edges))) - {line.page for line in document.lines}
    if document.unread:
        notes.append(f"pages that cannot be read: {_numbers(document.unread)}; print it anew")
    if pictures := without - document.unread:
        pages = _numbers(pictures)
        notes.append(f"pages without text: {pages}; run OCR over it if they should have any")
    lost = sum(line.text.count("\ufffd") for line in document.lines)
    if lost:
        notes.append(f"characters whose font does not say what they are: {lost}")
    return tuple(notes)


def _numbers(pages: Collection[int]) -> str:
    return ", ".join(str(page + 1) for page in sorted(pages)[:10]) + ", …" * (len(pages) > 10)


def _written(paragraphs: Sequence[Paragraph], levels: dict[Paragraph, int]) -> Iterator[str]:
    """The blocks; items in a row are one list."""
    for is_list, run in groupby(paragraphs, lambda p: p not in levels and is_item(p.text)):
        if is_list:
            yield "\n".join(_item(paragraph.text) for paragraph in run)
        else:
            for paragraph in run:
                level = levels.get(paragraph)
                text = paragraph.text
                yield writing.heading(level, text) if level else writing.paragraph(text)


def _item(text: str) -> str:
    if bullet := BULLET.match(text):
        return writing.item(text[bullet.end() :])
    number = NUMBER.match(text)
    return writing.item(text[number.end() :], int(number[1])) if number else text


def _plain(paragraphs: Sequence[Paragraph]) -> str:
    """The paragraphs as plain text, which may tell its headings by their words."""
    runs = groupby(paragraphs, lambda paragraph: is_item(paragraph.text))
    return "\n\n".join(
        ("\n" if is_list else "\n\n").join(paragraph.text for paragraph in run)
        for is_list, run in runs
    )
