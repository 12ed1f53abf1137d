"""The archive that a Word document is -> its XML parts, within bounds; refuses what is no document.

Only the parts named here are ever unpacked.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from typing import Any

from passages.articles.readers.extras import LXML, load
from passages.articles.readers.html.html_tree import Element
from passages.articles.readers.packed import Packed, unpacked
from passages.errors import UnreadableFile

MAX_XML_BYTES = 20_000_000  # unpacked, without pictures: some 1,000 pages
MAX_TAGS = 800_000  # opening and closing; a page has some 500. They take seconds and 500 MB
MAX_CHARTS = 500  # whose titles are read

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# "Strict" documents have other names for the same elements.
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": (
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    ),
    b"http://purl.oclc.org/ooxml/officeDocument/math": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/math"
    ),
}


@dataclass(frozen=True, slots=True)
class Parts:
    """The roots of a document's parts; all but the first may be missing."""

    document: Element
    styles: Element | None = None
    numbering: Element | None = None
    footnotes: Element | None = None
    endnotes: Element | None = None
    core: Element | None = None
    charts: dict[str, Element] = field(default_factory=dict)


def open_parts(data: bytes) -> Parts:
    """Unpack and parse the parts of a Word document.

    Raises:
        UnreadableFile: no .docx, protected by a password, beyond the bounds above, or lxml is not
            installed.
    """
    etree = load("lxml.etree", ".docx", LXML)
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise UnreadableFile("protected by a password: save it without one")
        raise UnreadableFile("an old .doc: save it as .docx")
    with unpacked(data, "Word document", "save it as .docx again", MAX_XML_BYTES) as archive:
        try:
            return _Archive(archive, etree).parts()
        except etree.XMLSyntaxError as error:
            raise UnreadableFile(f"a damaged Word document: {error.msg}") from error


class _Archive:
    """Parses members by name and keeps count of their tags."""

    def __init__(self, archive: Packed, etree: Any) -> None:
        self._archive, self._etree = archive, etree
        self._tags = 0

    def parts(self) -> Parts:
        name = self._targets("").get("officeDocument", "word/document.xml")
        if name not in self._archive:
            raise UnreadableFile("an archive, but no Word document: save it as .docx")
        document = self._tree(name)
        if document is None or not document.tag.endswith("}document"):
            raise UnreadableFile("no Word document: save it as .docx")
        others = self._targets(name)

        def part(kind: str) -> Element | None:
            return self._tree(others.get(kind, f"word/{kind}.xml"))

        return Parts(
            document,
            styles=part("styles"),
            numbering=part("numbering"),
            footnotes=part("footnotes"),
            endnotes=part("endnotes"),
            core=self._tree(self._targets("").get("core-properties", "docProps/core.xml")),
            charts=self._charts(name),
        )

    def _charts(self, name: str) -> dict[str, Element]:
        """The charts of a part, by the names under which it shows them."""
        shown = [(key, target) for key, kind, target in self._relations(name) if kind == "chart"]
        trees = ((key, self._tree(target)) for key, target in shown[:MAX_CHARTS])
        return {key: tree for key, tree in trees if tree is not None}

    def _targets(self, name: str) -> dict[str, str]:
        """The members that a part, or the archive itself, refers to: kind -> name."""
        return {kind: target for _, kind, target in reversed(self._relations(name))}

    def _relations(self, name: str) -> list[tuple[str, str, str]]:
        """What a part refers to: the name it gives it, the kind, and the member."""
        folder, file = posixpath.split(name)
        root = self._tree(posixpath.join(folder, "_rels", f"{file}.rels"))
        found = []
        for relation in root.iter(_RELATIONSHIP) if root is not None else ():
            kind = relation.get("Type", "").rpartition("/")[2]
            target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))
            found.append((relation.get("Id", ""), kind, target.lstrip("/")))
        return found

    def _tree(self, name: str) -> Element | None:
        data = self._archive.read(name)
        if data is None:
            return None
        self._tags += data.count(b"<")
        if self._tags > MAX_TAGS:
            raise UnreadableFile(f"more than {MAX_TAGS:,} tags: divide it")
        for strict, name_of_word in _STRICT.items():
            data = data.replace(strict, name_of_word)
        parser = self._etree.XMLParser(resolve_entities=False, no_network=True)
        root = self._etree.fromstring(data, parser)
        if root.getroottree().docinfo.internalDTD is not None:
            raise UnreadableFile("defines entities of its own, which Word never does: not read")
        return root
