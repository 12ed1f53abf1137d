"""Which paragraphs of a PDF are headings, and on what level: by its outline and by their type."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from math import inf

from passages.articles.readers.heading_lines import style_of
from passages.articles.readers.pdf.pdf_lines import Document, Mark
from passages.articles.readers.pdf.pdf_paragraphs import LARGER, Paragraph, key

_SAME = 0.94  # times a size of type: no other
_HEADING_CHARS = 250

_MONTHS = "jan|feb|f[eé]v|mar|mär|apr|avr|abr|may|mai|maj|mei|mag|jun|jui|giu|jul|lug|aug|aoû|ago"
_MONTHS += "|sep|set|oct|okt|out|ott|nov|dec|dez|déc|dic"
_DATE_PART = re.compile(
    rf"(?:{_MONTHS})\w{{0,8}}|\d{{1,4}}(?:st|nd|rd|th)?|de|of|den|le|on|updated|published|version",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_BY = re.compile(r"(?:by|von|par|por|di|authors?|written by)\b:?\s+\S", re.IGNORECASE)
_DEGREE = re.compile(r"\b(?:Dr|Prof|Ph\.?\s?D|M\.?D|MSc|RN|MPH)\b|\S@\S{1,99}\.\S")
_NAME = re.compile(r"[^\W\d_a-z][^\W\d_]*(?:[-'’][^\W\d_]+)*[.\d¹²³⁴-⁹*]*")
_NO_NAME = frozenset(
    """
    abstract appendix background chapter conclusion contents executive findings foreword
    introduction key methods notes of overview part points preface purpose results section
    summary the unit
    """.split()  # noqa: SIM905 words are read more easily so
)


def heading_levels(
    paragraphs: Sequence[Paragraph], document: Document, body: float
) -> dict[Paragraph, int]:
    """Levels of the paragraphs that are headings, 1 for the title.

    The outline decides, unless it names only a few of the headings that type shows.
    """
    named = _outline_levels(paragraphs, document.outline)
    shown = _size_levels(paragraphs, body)
    if bylines := _bylines(paragraphs, shown, document.author):
        shown = _size_levels([p for p in paragraphs if p not in bylines], body)
    if not named:
        return shown
    lacking = [p for p, level in shown.items() if level > 1 and p not in named]
    if len(lacking) >= len(named):  # a few bookmarks, and no table of contents
        return {p: max(level, 2) for p, level in named.items()} | shown
    return named | _alike(paragraphs, named, body) | _title_beside(paragraphs, named)


def _alike(
    paragraphs: Sequence[Paragraph], named: Mapping[Paragraph, int], body: float
) -> dict[Paragraph, int]:
    """Those that the outline lacks though they are set as the headings that it names."""
    levels = {_look(p): level for p, level in named.items() if p.size >= LARGER * body}
    return {
        p: levels[_look(p)]
        for p in paragraphs
        if p not in named and _look(p) in levels and _may_be_heading(p)
    }


def _bylines(
    paragraphs: Sequence[Paragraph], levels: Mapping[Paragraph, int], author: str | None
) -> list[Paragraph]:
    """Of the headings right below the title those that are author, date or subtitle."""
    title = next((place for place, p in enumerate(paragraphs) if levels.get(p) == 1), None)
    if title is None:
        return []
    end = title + 1
    while end < len(paragraphs) and paragraphs[end] in levels:
        end += 1
    later = [p for p in paragraphs[end:] if p in levels]
    largest = max((p.size for p in later), default=0)
    found: list[Paragraph] = []
    below: Paragraph | None = None  # the heading below; None where text follows
    for paragraph in reversed(paragraphs[title + 1 : end]):
        is_alike = any(_look(p) == _look(paragraph) for p in later)
        has_text = below is None or (below not in found and levels[below] > levels[paragraph])
        is_small = paragraph.size < largest and _is_name(paragraph.text)
        if not is_alike and (not has_text or is_small or _is_byline(paragraph.text, author)):
            found.append(paragraph)
        below = paragraph
    return found


def _is_byline(text: str, author: str | None) -> bool:
    """Whether a line names the author, or the day on which it was written."""
    if author is not None and len(key(text)) > 3 and key(text) in key(author):
        return True
    parts = [part for part in re.split(r"[\s.,:/-]+", text) if part]
    is_date = any(map(_YEAR.fullmatch, parts)) and all(map(_DATE_PART.fullmatch, parts))
    return is_date or bool(_BY.match(text) or _DEGREE.search(text))


def _is_name(text: str) -> bool:
    """Whether a line may be names of people, by their capitals: `Jane R. Doe and John Smith`."""
    names = re.split(r",\s*|;\s*|\s+(?:and|und|et|y|e|&)\s+", text)
    words = [name.split() for name in names]
    return all(
        2 <= len(name) <= 4
        and all(_NAME.fullmatch(word) and word.lower() not in _NO_NAME for word in name)
        for name in words
    )


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


def _look(paragraph: Paragraph) -> tuple[float, bool]:
    return paragraph.size, _is_bold(paragraph)


def _is_bold(paragraph: Paragraph) -> bool:
    return all(line.bold for line in paragraph.lines)


def _is_bold_heading(paragraph: Paragraph, body: float) -> bool:
    bold = _is_bold(paragraph) and paragraph.size > 0.9 * body
    return bold and style_of(paragraph.text) is not None
