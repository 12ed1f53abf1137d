"""What an EPUB says of itself: its chapters in reading order, its table of contents, its title."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from passages.articles.readers.decoding import one_line
from passages.articles.readers.html.html_tree import Element
from passages.articles.readers.packed import Packed
from passages.errors import UnreadableFile

MAX_CHAPTERS = 5_000
MAX_ENTRIES = 10_000  # of the table of contents
_MAX_LEVEL = 6

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table of contents: its level from 1, its text, and the place in its file."""

    level: int
    label: str
    fragment: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A file of the book, and the lines of the table of contents that lead into it."""

    file: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Package:
    """A book: its archive, its chapters in reading order, and what it says of itself."""

    archive: Packed
    chapters: tuple[Chapter, ...]
    title: str | None
    creator: str | None
    publisher: str | None
    language: str | None
    date: str | None
    url: str | None


def open_package(archive: Packed, etree: Any) -> Package:
    """Read the lists of an EPUB.

    Raises:
        UnreadableFile: they are missing, or the chapters are encrypted.
        XMLSyntaxError: lxml cannot parse them.
    """

    def tree(name: str) -> Element | None:
        data = archive.read(name)
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        return None if data is None else etree.fromstring(data, parser)

    container = tree(_CONTAINER)
    if container is None:
        raise UnreadableFile("an archive, but no EPUB: export it as .epub")
    rootfile = container.find(".//{*}rootfile")
    name = rootfile.get("full-path", "") if rootfile is not None else ""
    root = tree(name)
    if root is None:
        raise UnreadableFile("an EPUB that does not say what is in it: export it again")
    items = {item.get("id"): item for item in root.iterfind("{*}manifest/{*}item")}
    files = [_resolved(name, items[ref].get("href", "")) for ref in _spine(root, items)]
    if len(files) > MAX_CHAPTERS:
        raise UnreadableFile(f"{len(files):,} chapters: at most {MAX_CHAPTERS:,}")
    if not set(files).isdisjoint(_encrypted(tree(_ENCRYPTION))):
        raise UnreadableFile("protected against copying: export it without protection")
    entries: dict[str, list[Entry]] = defaultdict(list)
    for file, entry in _contents(name, root, items, tree):
        entries[file].append(entry)
    told = {key: _told(root, key) for key in ("title", "creator", "publisher", "language", "date")}
    urls = (_told(root, key) or "" for key in ("source", "identifier"))
    url = next((url for url in urls if url.startswith(("http://", "https://"))), None)
    chapters = tuple(Chapter(file, tuple(entries[file])) for file in files)
    return Package(archive, chapters, url=url, **told)


def _spine(root: Element, items: dict[str, Element]) -> Iterator[str]:
    """The ids of the pages in reading order, without the table of contents."""
    for reference in root.iterfind("{*}spine/{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or item.get("media-type") not in _PAGES:
            continue
        if "nav" not in item.get("properties", "").split():
            yield reference.get("idref")


def _encrypted(root: Element | None) -> set[str]:
    """The files that are encrypted; fonts may be, in a book that can be read."""
    found = root.iterfind(".//{*}CipherReference") if root is not None else ()
    return {unquote(each.get("URI", "")).lstrip("/") for each in found}


def _contents(
    name: str, root: Element, items: dict[str, Element], tree: Any
) -> Iterator[tuple[str, Entry]]:
    """The table of contents: each file with an entry, by the newer list if there is one."""
    navs = [item for item in items.values() if "nav" in item.get("properties", "").split()]
    spine = root.find("{*}spine")
    old = items.get(spine.get("toc")) if spine is not None else None
    for item in (*navs[:1], *([old] if old is not None else [])):
        file = _resolved(name, item.get("href", ""))
        found = tree(file)
        lines = list(_lines(found)) if found is not None else []
        if len(lines) > MAX_ENTRIES:
            raise UnreadableFile(f"a table of contents of {len(lines):,} lines")
        if lines:
            for level, label, target in lines:
                path, _, fragment = target.partition("#")
                yield _resolved(file, path) if path else file, Entry(level, label, fragment)
            return


def _lines(root: Element) -> Iterator[tuple[int, str, str]]:
    """Level, text and target of each line, in a nav element or in the older navMap."""
    toc = "{http://www.idpf.org/2007/ops}type"
    for nav in root.iter("{*}nav"):
        if "toc" in nav.get(toc, "").split():
            for link in nav.iter("{*}a"):
                level = sum(1 for _ in link.iterancestors("{*}ol"))
                yield from _line(level, "".join(link.itertext()), link.get("href"))
            return
    for point in root.iter("{*}navPoint"):
        level = 1 + sum(1 for _ in point.iterancestors("{*}navPoint"))
        text, content = point.find("{*}navLabel"), point.find("{*}content")
        if text is not None and content is not None:
            yield from _line(level, "".join(text.itertext()), content.get("src"))


def _line(level: int, text: str, target: str | None) -> Iterator[tuple[int, str, str]]:
    label = one_line(text)
    if label and target:
        yield min(_MAX_LEVEL, max(1, level)), label, target


def _resolved(file: str, href: str) -> str:
    """The member that a relative address in a file leads to."""
    target = unquote(href.partition("#")[0])
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(file), target)).lstrip("/")


def _told(root: Element, key: str) -> str | None:
    texts = ("".join(each.itertext("*")) for each in root.iterfind(f"{{*}}metadata//{{*}}{key}"))
    return next(filter(None, map(one_line, texts)), None)
