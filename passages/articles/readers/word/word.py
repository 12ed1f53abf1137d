"""Word documents (.docx) -> Markdown: headings by their styles, lists, tables, notes.

Tracked changes are taken as accepted. Comments, page headers and footers, pictures and the table
of contents are left out.
"""

from __future__ import annotations

from passages.articles.readers import writing
from passages.articles.readers.decoding import one_line
from passages.articles.readers.extras import LXML, load
from passages.articles.readers.html import html_tree
from passages.articles.readers.html.html_tree import Element
from passages.articles.readers.reading import Reading, language_tag
from passages.articles.readers.word.word_archive import open_parts
from passages.articles.readers.word.word_language import language_of
from passages.articles.readers.word.word_tree import Body

_LANGUAGE = "{http://purl.org/dc/elements/1.1/}language"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"


def read(data: bytes) -> Reading:
    """Read a Word document.

    Raises:
        UnreadableFile: no .docx, protected by a password, or beyond the bounds of `word_archive`.
    """
    parts = open_parts(data)
    body = Body(parts, load("lxml.etree", ".docx", LXML))
    has_title = _settle(body.root)
    blocks, guessed = html_tree.to_markdown(body.root)
    named = parts.core.findtext(_TITLE) if parts.core is not None and not has_title else None
    notes = tuple(f"{what} left out: {count}" for what, count in body.lost.items() if count)
    advice = (f"headings found by being bold: {guessed}",) if guessed else ()
    told = parts.core.findtext(_LANGUAGE) if parts.core is not None else None
    return Reading(
        writing.document(blocks),
        one_line(named or ""),
        notes=notes,
        advice=advice,
        language=language_tag(told) or language_of(parts),
    )


def _settle(body: Element) -> bool:
    """Put the headings on the levels on which they stand below each other.

    The title is the paragraph in the style Title, or the only heading of the first level. Several
    of these are chapters, and stand below a title that the document does not show. A level that
    the document skips is none: a heading is one level below the nearest one above it. Returns
    whether there is a title.
    """
    tops = list(body.iter("h1"))
    titles = [heading for heading in tops if heading.get("class") == "title"]
    title = titles[0] if titles else tops[0] if len(tops) == 1 else None
    above: list[int] = []
    for heading in body.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        if heading is not title:
            level = int(heading.get("level"))
            above = [each for each in above if each < level] + [level]
            heading.tag = f"h{min(6, 1 + len(above))}"
    return title is not None
