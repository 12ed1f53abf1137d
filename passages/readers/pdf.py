"""PDF with a text layer -> Markdown: headings from the outline or the size of type.

Lines are joined to paragraphs, words hyphenated at a line end to words. Tables come as their lines.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median

from passages.readers import plain_text, writing
from passages.readers.heading_lines import style_of
from passages.readers.pdf_lines import Document, Line, Mark, open_pdf, without_edges
from passages.readers.reading import Reading

_LARGER = 1.12  # times the body's size: type that is meant to be larger
_GAP = 1.4  # times the usual distance between lines: a new paragraph
_SHORT = 0.85  # of the width: a sentence that ends before it ends its paragraph
_NEAR = 20  # lines above that show how wide a paragraph is
_WORD = 50  # characters; the longest word that is divided
_HEADING_CHARS = 250

_BULLET = re.compile(r"[•◦▪‣·●○■–\uf0b7](?:\s+|$)")
_NUMBER = re.compile(r"(\d{1,2})[.)]\s+(?=\S)")
_SENTENCE_END = re.compile(r"[.!?:;…][\"'”’)\]]*$")
_FILE_NAME = re.compile(r"(?:microsoft \w+ - .*|\(?(?:untitled|anonymous).*|.*\.\w{2,5})$", re.I)


@dataclass(frozen=True)
class _Paragraph:
    """Lines that make one paragraph, and their text."""

    lines: tuple[Line, ...]
    text: str

    @property
    def page(self) -> int:
        return self.lines[0].page

    @property
    def size(self) -> float:
        return self.lines[0].size

    @cached_property
    def key(self) -> str:
        """Letters only, to be compared with entries of the outline."""
        return _key(self.text)


@dataclass(frozen=True, slots=True)
class _Layout:
    """The size of type of most of the text, and the distance of lines as a multiple of it."""

    body: float
    leading: float


def read(data: bytes) -> Reading:
    """Read a PDF.

    Raises:
        ValueError: no PDF, a password, no text layer, or beyond the bounds of `pdf_lines`.
    """
    document = open_pdf(data)
    if not document.lines:
        raise ValueError("its pages are pictures, without text: run OCR over it first")
    lines, running = without_edges(document)
    paragraphs = _paragraphs(lines, document.outline)
    levels = _outline_levels(paragraphs, document.outline)
    if levels:
        levels |= _title_beside(paragraphs, levels)
    else:
        levels = _size_levels(paragraphs, _layout(lines).body)
    if levels:
        markdown = writing.document(_written(p.text, levels.get(p, 0)) for p in paragraphs)
    else:
        markdown, _ = plain_text.to_markdown("\n\n".join(p.text for p in paragraphs))
    named = document.title if 1 not in levels.values() else None
    title = None if named is None or _FILE_NAME.match(named) else named
    advice = [f"left out as running header or footer: {line}" for line in running]
    return Reading(markdown, title, notes=_not_read(document), advice=tuple(advice))


def _not_read(document: Document) -> tuple[str, ...]:
    """Notes on what the pages show and the text lacks."""
    notes = []
    without = sorted(set(range(document.pages)) - {line.page for line in document.lines})
    if without:
        pages = ", ".join(str(page + 1) for page in without[:10]) + ", …" * (len(without) > 10)
        notes.append(f"pages without text: {pages}; run OCR over it if they should have any")
    lost = sum(line.text.count("\ufffd") for line in document.lines)
    if lost:
        notes.append(f"characters whose font does not say what they are: {lost}")
    return tuple(notes)


def _paragraphs(lines: Sequence[Line], outline: Sequence[Mark]) -> list[_Paragraph]:
    """Join lines to paragraphs, across pages too."""
    layout = _layout(lines)
    named = {_key(mark.title) for mark in outline}
    words = Counter(word for line in lines for word in re.findall(r"[\w-]+", line.text.lower()))
    groups: list[list[Line]] = []
    for line in lines:
        if groups and _key(line.text) not in named and not _begins(groups[-1], line, layout):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_Paragraph(tuple(group), _joined(group, words)) for group in groups]


def _layout(lines: Sequence[Line]) -> _Layout:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    leading = [
        (above.bottom - below.bottom) / above.size
        for above, below in pairwise(lines)
        if (above.page, above.size) == (below.page, below.size) and above.bottom > below.bottom
    ]
    return _Layout(sizes.most_common(1)[0][0], median(leading) if leading else 1.2)


def _begins(group: Sequence[Line], line: Line, layout: _Layout) -> bool:
    """Whether `line` begins a new paragraph after those of `group`."""
    last = group[-1]
    if _BULLET.fullmatch(last.text):
        return False  # the bullet alone, its text in the next line
    if abs(line.size - last.size) > 1 or line.bold != last.bold or _is_item(line.text):
        return True
    ended = _SENTENCE_END.search(last.text) is not None
    if line.page != last.page or line.bottom > last.top:  # the next page or column
        return ended or line.text[0].isupper()
    if last.bottom - line.bottom > _GAP * layout.leading * line.size:
        return True
    shift = line.left - last.left
    if line.size > layout.body * _LARGER:  # a title in the middle, a heading at the left
        return abs(shift) > line.size and abs(shift + line.right - last.right) > 2 * line.size
    if shift > line.size and not _is_item(group[0].text):
        return True
    width = max(each.right - each.left for each in group[-_NEAR:])
    return ended and last.right - last.left < _SHORT * width


def _is_item(text: str) -> bool:
    return bool(_BULLET.match(text) or _NUMBER.match(text))


def _joined(group: Sequence[Line], words: Counter[str]) -> str:
    """The text of lines, a word divided at a line end made whole.

    The hyphen stays where the document has the word with it elsewhere, and not without.
    """
    text = ""
    for line in group:
        head = re.search(r"([^\W\d_]+)-$", text[-_WORD:]) if text.endswith("-") else None
        tail = re.match(r"[^\W\d_]+", line.text)
        if head and tail and tail[0][0].islower():
            whole, hyphenated = head[1] + tail[0], f"{head[1]}-{tail[0]}"
            keeps = words[hyphenated.lower()] > words[whole.lower()]
            text = (text if keeps else text[:-1]) + line.text
        else:
            text += f" {line.text}" if text else line.text
    return text


def _outline_levels(
    paragraphs: Sequence[_Paragraph], outline: Sequence[Mark]
) -> dict[_Paragraph, int]:
    """Levels of the paragraphs that the outline names; none if it names few of them."""
    by_key: dict[str, list[_Paragraph]] = defaultdict(list)
    for paragraph in paragraphs:
        by_key[paragraph.key].append(paragraph)
    levels: dict[_Paragraph, int] = {}
    tops = sum(mark.level == 0 for mark in outline)
    for mark in outline:
        for paragraph in by_key[_key(mark.title)]:
            if abs(paragraph.page - mark.page) <= 1 and paragraph not in levels:
                levels[paragraph] = mark.level + (1 if tops == 1 else 2)
                break
    return levels if 2 * len(levels) > len(outline) else {}


def _size_levels(paragraphs: Sequence[_Paragraph], body: float) -> dict[_Paragraph, int]:
    """Levels by size of type, the larger the higher; below them what is bold."""
    large = [p for p in paragraphs if p.size >= _LARGER * body and _may_be_heading(p)]
    title = _title(paragraphs, large)
    sizes = sorted({p.size for p in large if p is not title}, reverse=True)
    levels = {p: 1 if p is title else min(6, 2 + sizes.index(p.size)) for p in large}
    bold = [p for p in paragraphs if p not in levels and _is_bold_heading(p, body)]
    if 2 * len(bold) < len(paragraphs):
        levels.update(dict.fromkeys(bold, min(6, 2 + len(sizes))))
    return levels


def _title(paragraphs: Sequence[_Paragraph], large: Sequence[_Paragraph]) -> _Paragraph | None:
    """What is set in the largest type, if once only, or first and right above another heading."""
    size = max((p.size for p in large), default=0)
    largest = [p for p in large if p.size == size]
    if len(largest) == 1 or (largest[:2] and largest[:2] == list(paragraphs[:2])):
        return largest[0]
    return None


def _title_beside(
    paragraphs: Sequence[_Paragraph], levels: dict[_Paragraph, int]
) -> dict[_Paragraph, int]:
    """The title, where the outline lacks it: the largest type of the first page with text."""
    first = [p for p in paragraphs if p.page == paragraphs[0].page]
    largest = max(first, key=lambda paragraph: paragraph.size)
    is_title = largest.size >= max(p.size for p in levels) and largest not in levels
    lacking = 1 not in levels.values()
    return {largest: 1} if lacking and is_title and _may_be_heading(largest) else {}


def _may_be_heading(paragraph: _Paragraph) -> bool:
    return len(paragraph.text) <= _HEADING_CHARS and any(map(str.isalpha, paragraph.text))


def _is_bold_heading(paragraph: _Paragraph, body: float) -> bool:
    bold = all(line.bold for line in paragraph.lines) and paragraph.size > 0.9 * body
    return bold and style_of(paragraph.text) is not None


def _key(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _written(text: str, level: int) -> str:
    if level:
        return writing.heading(level, text)
    if bullet := _BULLET.match(text):
        return writing.item(text[bullet.end() :])
    if number := _NUMBER.match(text):
        return writing.item(text[number.end() :], int(number[1]))
    return writing.paragraph(text)
