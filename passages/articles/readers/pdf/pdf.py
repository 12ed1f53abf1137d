"""PDF with a text layer -> Markdown: headings from the outline or the size of type.

Lines are joined to paragraphs, words hyphenated at a line end to words. Tables come as their lines.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from math import inf

from passages.articles.readers import writing
from passages.articles.readers.heading_lines import style_of
from passages.articles.readers.pdf import pdf_paragraphs
from passages.articles.readers.pdf.pdf_lines import (
    Document,
    Mark,
    open_pdf,
    without_contents,
    without_edges,
)
from passages.articles.readers.pdf.pdf_paragraphs import (
    BULLET,
    LARGER,
    NUMBER,
    Paragraph,
    is_item,
    key,
    layout_of,
)
from passages.articles.readers.reading import Reading
from passages.articles.readers.text import plain_text
from passages.errors import UnreadableFile

_SAME = 0.94  # times a size of type: no other
_HEADING_CHARS = 250

_FILE_NAME = re.compile(r"(?:microsoft \w+ - .*|\(?(?:untitled|anonymous).*|.*\.\w{2,5})$", re.I)


def read(data: bytes) -> Reading:
    """Read a PDF.

    Raises:
        UnreadableFile: no PDF, a password, no text layer, or beyond the bounds of `pdf_lines`.
    """
    document = open_pdf(data)
    if not document.lines:
        raise UnreadableFile("its pages are pictures, without text: run OCR over it first")
    lines, running = without_edges(document)
    lines, contents = without_contents(lines)
    named = frozenset(key(mark.title) for mark in document.outline)
    paragraphs = pdf_paragraphs.paragraphs(lines, named)
    levels = _outline_levels(paragraphs, document.outline)
    if levels:
        levels |= _title_beside(paragraphs, levels)
    else:
        levels = _size_levels(paragraphs, layout_of(lines).body)
    if levels:
        markdown = writing.document(_written(paragraphs, levels))
    else:
        markdown, _ = plain_text.to_markdown(_plain(paragraphs))
    told = document.title if 1 not in levels.values() else None
    title = None if told is None or _FILE_NAME.match(told) else told
    advice = [f"left out as running header or footer: {line}" for line in running]
    if contents:
        advice.append(f"left out as table of contents: {contents} lines")
    return Reading(markdown, title, notes=_not_read(document), advice=tuple(advice))


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


def _outline_levels(
    paragraphs: Sequence[Paragraph], outline: Sequence[Mark]
) -> dict[Paragraph, int]:
    """Levels of the paragraphs that the outline names; none if it names few of them."""
    by_key: dict[str, list[Paragraph]] = defaultdict(list)
    for paragraph in paragraphs:
        by_key[paragraph.key].append(paragraph)
    levels: dict[Paragraph, int] = {}
    tops = sum(mark.level == 0 for mark in outline)
    for mark in outline:
        for paragraph in by_key[key(mark.title)]:
            if abs(paragraph.page - mark.page) <= 1 and paragraph not in levels:
                levels[paragraph] = mark.level + (1 if tops == 1 else 2)
                break
    return levels if 2 * len(levels) > len(outline) else {}


def _size_levels(paragraphs: Sequence[Paragraph], body: float) -> dict[Paragraph, int]:
    """Levels by size of type, the larger the higher; below them what is bold."""
    large = [p for p in paragraphs if p.size >= LARGER * body and _may_be_heading(p)]
    title = _title(paragraphs, large)
    sizes = sorted({p.size for p in large if p is not title}, reverse=True)
    ranks = dict(zip(sizes, _ranks(sizes), strict=True))
    levels = {p: 1 if p is title else min(6, 2 + ranks[p.size]) for p in large}
    bold = [p for p in paragraphs if p not in levels and _is_bold_heading(p, body)]
    if 2 * len(bold) <= len(paragraphs):
        levels.update(dict.fromkeys(bold, min(6, 3 + max(ranks.values(), default=-1))))
    return levels


def _ranks(sizes: Sequence[float]) -> Iterator[int]:
    """Places in the order of sizes; nearly the same is the same, set in another font."""
    rank = -1
    last = inf
    for size in sizes:
        rank += size < _SAME * last
        last = size
        yield rank


def _title(paragraphs: Sequence[Paragraph], large: Sequence[Paragraph]) -> Paragraph | None:
    """What is set in the largest type, if once only, or first and right above another heading."""
    size = max((p.size for p in large), default=0)
    largest = [p for p in large if p.size == size]
    if len(largest) == 1 or (largest[:2] and largest[:2] == list(paragraphs[:2])):
        return largest[0]
    return None


def _title_beside(
    paragraphs: Sequence[Paragraph], levels: dict[Paragraph, int]
) -> dict[Paragraph, int]:
    """The title, where the outline lacks it: the largest type of the first page with text."""
    first = [p for p in paragraphs if p.page == paragraphs[0].page]
    largest = max(first, key=lambda paragraph: paragraph.size)
    is_title = largest.size >= max(p.size for p in levels) and largest not in levels
    lacking = 1 not in levels.values()
    return {largest: 1} if lacking and is_title and _may_be_heading(largest) else {}


def _may_be_heading(paragraph: Paragraph) -> bool:
    return len(paragraph.text) <= _HEADING_CHARS and any(map(str.isalpha, paragraph.text))


def _is_bold_heading(paragraph: Paragraph, body: float) -> bool:
    bold = all(line.bold for line in paragraph.lines) and paragraph.size > 0.9 * body
    return bold and style_of(paragraph.text) is not None


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
