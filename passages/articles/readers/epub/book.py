"""Books (.epub) -> Markdown: the chapters in reading order, their headings, and the book's title.

A book is an archive of web pages with a list that says which to read when. Covers, pictures and the
table of contents are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from passages.articles.readers import writing
from passages.articles.readers.decoding import decode, one_line
from passages.articles.readers.epub.package import Chapter, Package, open_package
from passages.articles.readers.extras import LXML, load
from passages.articles.readers.html import html_tree, web_page
from passages.articles.readers.html.html_tree import Element
from passages.articles.readers.packed import unpacked
from passages.articles.readers.reading import Reading
from passages.errors import UnreadableFile

MAX_BYTES = 20_000_000  # unpacked, without pictures: the longest novels have 5 MB
MAX_ELEMENTS = 200_000  # of all chapters; these take seconds

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_EMPTY = re.compile(r"<([A-Za-z][\w:-]{0,40})((?:\s[^<>]{0,2000})?)/>")
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())  # noqa: SIM905
_NO_TEXT = frozenset(["toc", "landmarks", "page-list", "pagebreak", "doc-toc", "doc-pagebreak"])
_DAY = re.compile(r"\d{4}(?:-\d\d){0,2}")
_UNKNOWN_YEAR = "0101"  # which Calibre writes where it knows no date
_SHOWN = 5  # chapters named in one line of the report


def read(data: bytes) -> Reading:
    """Read a book.

    Raises:
        UnreadableFile: no EPUB, protected against copying, or beyond the bounds above.
    """
    etree = load("lxml.etree", ".epub", LXML)
    with unpacked(data, "EPUB", "export it as .epub again", MAX_BYTES) as archive:
        try:
            package = open_package(archive, etree)
        except etree.XMLSyntaxError as error:
            raise UnreadableFile(f"a damaged EPUB: {error.msg}") from error
        bodies, problems = _bodies(package)
    _settle(bodies, package.title)
    blocks, guessed = html_tree.to_markdown(*bodies)
    advice = (f"headings found by being bold: {guessed}",) if guessed else ()
    day = _DAY.match(package.date or "")
    return Reading(
        writing.document(blocks),
        package.title,
        package.publisher or package.creator,
        package.url,
        day[0] if day and not day[0].startswith(_UNKNOWN_YEAR) else None,
        notes=tuple(problems),
        advice=advice,
        language=package.language,
    )


def _bodies(package: Package) -> tuple[list[Element], list[str]]:
    """The chapters' bodies in reading order, and what is wrong with those that are lost."""
    bodies: list[Element] = []
    damaged: list[str] = []
    elements = 0
    for chapter in package.chapters:
        data = package.archive.read(chapter.file)
        if data is None:
            damaged.append(chapter.file)
            continue
        text, _ = decode(data)
        if not text.strip():
            continue
        body = web_page.parse(_EMPTY.sub(_closed, text)).find("body")
        if body is None:
            continue
        elements += sum(1 for _ in body.iter())
        if elements > MAX_ELEMENTS:
            raise UnreadableFile(f"more than {MAX_ELEMENTS:,} elements: divide it")
        _remove(body)
        _name(body, chapter)
        bodies.append(body)
    named = ", ".join(damaged[:_SHOWN]) + (", …" if damaged[_SHOWN:] else "")
    return bodies, [f"chapters that the archive lacks: {named}"] if damaged else []


def _closed(tag: re.Match[str]) -> str:
    """An empty element as HTML writes it: to its parser `<title/>` would hold all that follows."""
    return tag[0] if tag[1].lower() in _VOID else f"<{tag[1]}{tag[2]}></{tag[1]}>"


def _remove(body: Element) -> None:
    """Take out tables of contents and the numbers of printed pages."""
    for element in list(body.iter("nav", "section", "div", "span", "a", "p")):
        kinds = f"{element.get('epub:type', '')} {element.get('role', '')}".split()
        if element is not body and _NO_TEXT.intersection(kinds):
            element.drop_tree()


def _name(body: Element, chapter: Chapter) -> None:
    """Give a chapter that has no heading those of the book's table of contents."""
    if next(_headings(body), None) is not None:
        return
    places = {element.get("id"): element for element in body.iter() if element.get("id")}
    for entry in reversed(chapter.entries):
        heading = body.makeelement(f"h{min(6, entry.level)}")
        heading.text = entry.label
        place = places.get(entry.fragment)
        if place is None or place is body:
            heading.tail, body.text = body.text, None
            body.insert(0, heading)
        else:
            place.addprevious(heading)


def _headings(root: Element) -> Iterator[Element]:
    return (each for each in root.iter(*_HEADINGS) if each.text_content().strip())


def _settle(bodies: list[Element], title: str | None) -> None:
    """Put chapters one level below the book, whose title no chapter has."""
    headings = [heading for body in bodies for heading in _headings(body)]
    tops = [heading for heading in headings if heading.tag == "h1"]
    first = one_line(headings[0].text_content()) if headings else None
    own = headings[0] if title and first and first.casefold() == title.casefold() else None
    if len(tops) > 1 or (tops and own is None and title):
        for heading in headings:
            heading.tag = f"h{min(6, int(heading.tag[1]) + 1)}"
    if own is not None:
        own.tag = "h1"
