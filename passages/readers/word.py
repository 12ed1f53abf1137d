"""Word documents (.docx) -> Markdown: headings by their styles, lists, tables, notes.

Tracked changes are taken as accepted. Comments, page headers and footers, pictures and the table
of contents are left out.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any

from passages.readers import html_tree, writing
from passages.readers.decoding import clean, one_line
from passages.readers.extras import LXML, MAMMOTH, load
from passages.readers.html_tree import Element
from passages.readers.reading import Reading
from passages.readers.web_page import parse

MAX_XML_BYTES = 10_000_000  # unpacked, without pictures: some 500 pages
MAX_TAGS = 400_000  # opening and closing; a page has some 500. They take 20 seconds and 500 MB
MAX_PARTS = 5_000  # files in the archive, most of them pictures

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_STYLES = """
p[style-name='Title'] => h1.title:fresh
p[style-name^='toc '] => !
"""


def read(data: bytes) -> Reading:
    """Read a Word document.

    Raises:
        ValueError: no .docx, protected by a password, or beyond the bounds above.
    """
    mammoth = load("mammoth", ".docx", MAMMOTH, LXML)
    etree = load("lxml.etree", ".docx", MAMMOTH, LXML)
    if data.startswith(_OLE):
        raise ValueError(
            "an old .doc, or protected by a password: save it as .docx without a password"
        )
    try:
        _check(data)
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            styles = _STYLES + _heading_styles(_part(archive, "word/styles.xml", etree, parser))
            core = _part(archive, "docProps/core.xml", etree, parser)
        html = mammoth.convert_to_html(
            io.BytesIO(data),
            style_map=styles,
            include_embedded_style_map=False,
            convert_image=mammoth.images.img_element(lambda image: {}),
        ).value
    except ValueError:
        raise
    except RecursionError as error:
        raise ValueError("tables or fields nested too deep") from error
    except Exception as error:  # the libraries raise whatever a broken file makes them
        raise ValueError(f"no Word document that can be read ({type(error).__name__})") from error
    if not html.strip():
        raise ValueError("holds no text")
    body = parse(clean(html)).find("body")
    _settle(body)
    blocks, guessed = html_tree.to_markdown(body)
    title = core.findtext(_TITLE) if core is not None and body.find(".//h1") is None else None
    advice = (f"headings found by being bold: {guessed}",) if guessed else ()
    return Reading(writing.document(blocks), one_line(title or ""), advice=advice)


def _check(data: bytes) -> None:
    """See that the archive is none that unpacks to more than its text.

    Raises:
        ValueError: too large, or no Word document.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        texts = [part for part in parts if part.filename.endswith((".xml", ".rels"))]
        unpacked = sum(part.file_size for part in texts)
        if len(parts) > MAX_PARTS or unpacked > MAX_XML_BYTES:
            raise ValueError(
                f"unpacks to {unpacked:,} bytes of text in {len(parts):,} parts: at most "
                f"{MAX_XML_BYTES:,} in {MAX_PARTS:,}"
            )
        if any(part.flag_bits & 1 for part in parts):
            raise ValueError("protected by a password: save it without one")
        tags = sum(archive.read(part).count(b"<") for part in texts)
        if tags > MAX_TAGS:
            raise ValueError(f"{tags:,} tags: at most {MAX_TAGS:,}; divide it")


def _part(archive: zipfile.ZipFile, name: str, etree: Any, parser: Any) -> Element | None:
    return etree.fromstring(archive.read(name), parser) if name in archive.namelist() else None


def _heading_styles(styles: Element | None) -> str:
    """Rules for the paragraph styles that Word puts into its outline, whatever their names."""
    if styles is None:
        return ""
    by_id = {style.get(f"{_W}styleId"): style for style in styles.iter(f"{_W}style")}
    rules = []
    for style in by_id.values():
        name, level = style.find(f"{_W}name"), _outline_level(style, by_id)
        if name is not None and level is not None:
            quoted = name.get(f"{_W}val", "").replace("\\", "\\\\").replace("'", "\\'")
            rules.append(f"p[style-name='{quoted}'] => h{level}:fresh")
    return "\n".join(rules)


def _outline_level(style: Element, by_id: dict[str, Element]) -> int | None:
    """The level from 1 to 6 of a style, its own or that of the style it is based on."""
    for _ in range(len(by_id)):
        told = style.find(f"{_W}pPr/{_W}outlineLvl")
        if told is not None:
            level = int(told.get(f"{_W}val", "9"))
            return min(6, level + 1) if level < 9 else None  # 9 is body text
        base = style.find(f"{_W}basedOn")
        style = by_id.get(base.get(f"{_W}val")) if base is not None else None
        if style is None:
            break
    return None


def _settle(body: Element) -> None:
    """Headings below the title one level down, notes without their arrows back."""
    if body.find(".//h1[@class='title']") is not None:
        for heading in body.xpath(".//h1|.//h2|.//h3|.//h4|.//h5"):
            if heading.get("class") != "title":
                heading.tag = f"h{int(heading.tag[1]) + 1}"
    for link in body.xpath(
        ".//a[starts-with(@href, '#footnote-ref') or starts-with(@href, '#endnote-ref')]"
    ):
        link.drop_tree()
