"""Books: which chapters come in which order, under which headings, and what is refused."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from benchmarks.fuzz_books import epub, packed
from passages.articles import readers
from passages.articles.readers.epub import book
from passages.articles.readers.reading import Reading
from passages.errors import UnreadableFile

CONTAINER = '<container><rootfiles><rootfile full-path="OPS/a.opf"/></rootfiles></container>'
TITLE = "<dc:title>The Lamp</dc:title>"


def _page(body: str, head: str = "<title/>") -> str:
    names = 'xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'
    return f'<?xml version="1.0"?><html {names}><head>{head}</head><body>{body}</body></html>'


def _members(
    pages: dict[str, str], told: str = TITLE, more: str = "", spine: str = "", toc: str = ""
) -> dict[str, bytes]:
    """A book of these pages, read in this order, unless a spine says otherwise."""
    items = "".join(
        f'<item id="{name}" href="{name}.xhtml" media-type="application/xhtml+xml"/>'
        for name in pages
    )
    references = spine or "".join(f'<itemref idref="{name}"/>' for name in pages)
    package = f"""<package xmlns="http://www.idpf.org/2007/opf"><metadata
        xmlns:dc="http://purl.org/dc/elements/1.1/">{told}</metadata>
        <manifest>{items}{more}</manifest><spine{toc}>{references}</spine></package>"""
    members = {"META-INF/container.xml": CONTAINER, "OPS/a.opf": package}
    members |= {f"OPS/{name}.xhtml": _page(body) for name, body in pages.items()}
    return {name: text.encode() for name, text in members.items()}


def _read(pages: dict[str, str], *args: str, **options: str) -> Reading:
    return readers.read(packed(_members(pages, *args, **options)), ".epub")


def test_a_whole_book() -> None:
    reading = readers.read(epub(), ".epub")
    assert reading.text == (
        "## Oil\n\nIt burns 0.5 l/h.\n\n### By night\n\n- one\n\n| a | b |\n| --- | --- |\n\n"
        "## Wick\n\nOf thread.\n\n### Cotton\n\nCotton, or linen.  \nBoth.\n"
    )
    assert (reading.title, reading.language, reading.date) == ("The Lamp", "en", "1850")
    assert (reading.notes, reading.advice) == ((), ())


def test_chapters_stand_in_the_order_of_the_spine() -> None:
    pages = {"b": "<h1>Two</h1><p>2</p>", "a": "<h1>One</h1><p>1</p>", "c": "<p>left out</p>"}
    spine = '<itemref idref="a"/><itemref idref="b" linear="no"/><itemref idref="gone"/>'
    assert _read(pages, spine=spine).text == "## One\n\n1\n\n## Two\n\n2\n"


LEVELS = {
    "chapters below the book": (
        {"a": "<h1>One</h1><p>1</p><h2>In</h2><p>x</p>", "b": "<h1>Two</h1><p>2</p>"},
        ["## One", "### In", "## Two"],
    ),
    "a section in a file of its own": (
        {"a": "<h1>One</h1><p>1</p>", "b": "<h2>In</h2><p>x</p>", "c": "<h1>Two</h1><p>2</p>"},
        ["## One", "### In", "## Two"],
    ),
    "the title on a page of its own": (
        {"t": "<h1>THE LAMP</h1>", "a": "<h1>One</h1><p>1</p>", "b": "<h1>Two</h1><p>2</p>"},
        ["# THE LAMP", "## One", "## Two"],
    ),
    "the title above all chapters": (
        {"t": "<h1>The Lamp</h1>", "a": "<h2>One</h2><p>1</p>"},
        ["# The Lamp", "## One"],
    ),
    "a single chapter": ({"a": "<h1>One</h1><p>1</p>"}, ["## One"]),
}


@pytest.mark.parametrize("name", LEVELS)
def test_levels_across_chapter_files(name: str) -> None:
    pages, headings = LEVELS[name]
    assert re.findall(r"^#.*", _read(pages).text, re.MULTILINE) == headings


NCX = """<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>
    <navPoint><navLabel><text>One</text></navLabel><content src="a.xhtml"/>
    <navPoint><navLabel><text>In &amp; out</text></navLabel><content src="a.xhtml#in"/></navPoint>
    </navPoint><navPoint><navLabel><text>Two</text></navLabel><content src="b.xhtml"/></navPoint>
    </navMap></ncx>"""
NAV = """<nav epub:type="landmarks"><ol><li><a href="b.xhtml">Begin</a></li></ol></nav>
    <nav epub:type="toc"><ol><li><a href="a.xhtml">One</a><ol><li><a href="a.xhtml#in">In
    &amp; out</a></li></ol></li><li><a href="b.xhtml"><span>Two</span></a></li></ol></nav>"""


@pytest.mark.parametrize("kind", ["ncx", "nav"])
def test_chapters_without_headings_have_those_of_the_table_of_contents(kind: str) -> None:
    pages = {"a": '<p>1</p><p id="in">x</p>', "b": "2"}
    more, toc = '<item id="toc" href="toc.ncx"/>', ' toc="toc"'
    if kind == "nav":
        more, toc = '<item id="n" href="toc.ncx" properties="nav"/>', ""
    members = _members(pages, more=more, toc=toc)
    members["OPS/toc.ncx"] = (NCX if kind == "ncx" else _page(NAV)).encode()
    text = readers.read(packed(members), ".epub").text
    assert text == "## One\n\n1\n\n### In & out\n\nx\n\n## Two\n\n2\n"


def test_printed_page_numbers_and_lists_of_contents_are_no_text() -> None:
    contents = '<section epub:type="toc"><h2>Contents</h2><p>One ... 3</p></section>'
    page = f"{contents}<h1>One</h1><p>1<span epub:type='pagebreak'>3</span> lamp</p>"
    assert _read({"a": page, "b": "<h1>Two</h1><p>2</p>"}).text == (
        "## One\n\n1 lamp\n\n## Two\n\n2\n"
    )


def test_what_the_book_says_of_itself() -> None:
    told = f"""{TITLE}<dc:creator>J. Doe</dc:creator><dc:publisher>Mill Press</dc:publisher>
        <dc:identifier>urn:isbn:1</dc:identifier><dc:language>de_AT</dc:language>
        <dc:source>https://lamp.example/book</dc:source><dc:date>2019-04-01T00:00:00Z</dc:date>"""
    reading = _read({"a": "<p>1</p>"}, told)
    assert (reading.title, reading.source, reading.language) == ("The Lamp", "Mill Press", "de-AT")
    assert (reading.url, reading.date) == ("https://lamp.example/book", "2019-04-01")


def test_an_unknown_date_is_none() -> None:
    assert _read({"a": "<p>1</p>"}, "<dc:date>0101-01-01T00:00:00+00:00</dc:date>").date is None


def test_a_chapter_that_is_missing_is_told() -> None:
    members = _members({"a": "<p>1</p>", "b": "<p>2</p>"})
    del members["OPS/b.xhtml"]
    reading = readers.read(packed(members), ".epub")
    assert reading.text == "1\n"
    assert reading.notes == ("chapters that the archive lacks: OPS/b.xhtml",)


def _encrypted(file: str) -> bytes:
    members = _members({"a": "<p>1</p>"})
    members["META-INF/encryption.xml"] = (
        f'<encryption><CipherData><CipherReference URI="{file}"/></CipherData></encryption>'
    ).encode()
    return packed(members)


def test_a_book_whose_fonts_alone_are_encrypted_can_be_read() -> None:
    assert readers.read(_encrypted("OPS/font.otf"), ".epub").text == "1\n"


def _without(name: str) -> bytes:
    members = _members({"a": "<p>1</p>"})
    del members[name]
    return packed(members)


REFUSED = {
    "no archive": (b"x", "no EPUB, or a damaged one: export it as .epub again"),
    "cut": (epub()[:-40], "no EPUB, or a damaged one: export it as .epub again"),
    "another archive": (
        _without("META-INF/container.xml"),
        "an archive, but no EPUB: export it as .epub",
    ),
    "no list of chapters": (
        _without("OPS/a.opf"),
        "an EPUB that does not say what is in it: export it again",
    ),
    "protected": (
        _encrypted("OPS/a.xhtml"),
        "protected against copying: export it without protection",
    ),
    "nothing but pictures": (packed(_members({"a": '<img src="a.png"/>'})), "holds no text"),
    "a list that is no XML": (
        packed(_members({"a": ""}) | {"OPS/a.opf": b"<package"}),
        "a damaged EPUB: ",
    ),
    "many elements": (
        packed(_members({name: "<p>x</p>" * 90_000 for name in "abc"})),
        "more than 200,000 elements: divide it",
    ),
    "a bomb": (
        packed(_members({"a": " " * (book.MAX_BYTES + 1)})),
        "more than 20 MB of text: divide it",
    ),
    "deep": (
        packed(_members({"a": "<div>" * 300})),
        "elements nested more than 150 deep: no article",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name: str) -> None:
    data, problem = REFUSED[name]
    with pytest.raises(UnreadableFile) as caught:
        readers.read(data, ".epub")
    assert str(caught.value).startswith(problem)


def test_entities_of_a_list_are_not_resolved() -> None:
    members = _members({"a": "<p>1</p>"}, "<dc:title>&b;</dc:title>")
    bomb = b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/hostname'>]>"
    members["OPS/a.opf"] = bomb + members["OPS/a.opf"]
    assert readers.read(packed(members), ".epub").title is None


def test_members_that_lie_about_their_size_are_refused() -> None:
    data = bytearray(packed(_members({"a": "<p>" + "x" * 100_000})))
    for place in [match.start() for match in re.finditer(b"PK\x01\x02", bytes(data))]:
        data[place + 24 : place + 28] = (10).to_bytes(4, "little")
    assert zipfile.is_zipfile(io.BytesIO(data))
    with pytest.raises(UnreadableFile):
        readers.read(bytes(data), ".epub")
