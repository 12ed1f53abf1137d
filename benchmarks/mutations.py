"""Ways to damage a file, each the same for the same random numbers."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from lxml import etree

from benchmarks.fuzz_books import packed
from benchmarks.fuzz_seeds import PAGES, TITLES, pdf

LONGEST = 300_000  # bytes of a damaged file: enough for time that grows with the square to show

_MENDING = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)

_ANY = (
    *(
        "\0",
        "\r",
        "\n\n",
        "\t",
        " ",
        "\x0b",
        "\x0c",
        "\x1f",
        "\u0085",
        "\u2028",
        "\u2029",
        "\u00a0",
    ),
    *("\u200b", "\u200d", "\u00ad", "\ufeff", "\u202e", "\u0301", "e\u0301", "\u1100\u1161"),
    *("\U0001f468\u200d\U0001f469", "\ufffd", "\uffff", "\U0010ffff", "\u0338", "\u0130", "\u00df"),
    *("x" * 3000, " " * 3000, "a. " * 500, "?!" * 300, "\u0301" * 100, "9" * 5000),
)
_MARKDOWN = (
    *(
        "# ",
        "\n# H\n",
        "\n====\n",
        "\n----\n",
        "- ",
        "\n- a\n",
        "\n1. a\n",
        "> ",
        "```\n",
        "~~~",
        "`",
    ),
    *("| a |\n|---|\n", "|", "\\", "*", "_", "[", "](", "[a]: b\n", "<div>", "-->", "<!--", "&#0;"),
    *("&shy;", "&#x301;", "---\n", "...\n", "title: [\n", "!!python/object:x\n", "&a *a\n", "    "),
    *("===\n" * 400, "- " * 400, "> " * 400, "[" * 400, "*a_" * 300, "1. A\nBB\n" * 200),
)
_MARKUP = (
    *(
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<table>",
        "<tr><td>",
        "<li>",
        "<ul>",
        "<h1>",
        "<h2>x</h2>",
    ),
    *("<pre>", "<br>", "<blockquote>", "<script>", "<!--", "-->", "<![CDATA[", "<?xml ?>", "<svg>"),
    *("&shy;", "&#x301;", "&#0;", "&#13;", "&#133;", "&#8232;", "&zwj;", "&#xD800;", "&#x110000;"),
    *('aria-level=""', 'role="heading"', 'aria-level="12"', 'colspan="9999"', 'start="99999999"'),
    *(
        "<i> </i>" * 500,
        "<div>" * 140,
        "<ul><li>" * 60,
        "<blockquote>" * 100,
        "<b>A</b>",
        "<template>",
    ),
)
_WORD = (
    *(
        "<w:p>",
        "</w:p>",
        "<w:r>",
        "<w:t>x</w:t>",
        "<w:tbl><w:tr><w:tc>",
        "<w:br/>",
        "&#0;",
        "&#x301;",
    ),
    *('w:val=""', 'w:val="-1"', 'w:val="99999999999"', "<w:pPr/>", "<w:txbxContent>", "<!-- -->"),
    *("<!DOCTYPE a [<!ENTITY b 'c'>]>", "&b;", "<w:p/>" * 500, "<w:ins>" * 300, "&#13;", "&#x85;"),
)
_PDF = (
    *(
        "0 R",
        "1 0 R",
        "2 0 R",
        "/Kids[2 0 R]",
        "obj",
        "endobj",
        "stream\n",
        "endstream",
        "<<",
        ">>",
    ),
    *("[", "]", "(", ")", "\\", "-1", "99999999999", "/Count -1", "Tf", "Tj", "ET", "BT", "\\000"),
    *("<FEFF0041>", "/Encrypt 1 0 R", "/Filter/FlateDecode", "/Prev 0", "(x) Tj " * 500, "Td 0 0"),
)
_TABLE = (
    *(",", ";", "\t", "|", '"', '""', "\n", "sep=;\n", '"\n"', "a,b\n" * 300, "," * 3000),
    *("1,5;2,5\n", "---\t---\n", " , ", "x" * 140_000, '"a', "|---|\n", "= 1\n", "  b   c\n"),
)
_BOOK = (
    *("<dc:title>x</dc:title>", '<itemref idref="one"/>', '<item id="one"/>', 'href="../../x"'),
    *('epub:type="toc"', '<nav epub:type="toc">', "<ol><li>" * 100, '<a href="one.xhtml#b">x</a>'),
    *(
        '<navPoint><navLabel><text>x</text></navLabel><content src="one.xhtml"/></navPoint>',
        'id="b"',
    ),
    *(
        'full-path="OPS/one.xhtml"',
        "<title/>",
        "<p/>",
        "<a/>" * 500,
        '<itemref idref="two"/>' * 300,
    ),
    *("<!DOCTYPE a [<!ENTITY b 'c'>]>", "&b;", 'properties="nav"', 'toc="nav"', "<spine>"),
)
_JSON = (
    *(
        "{",
        "}",
        "[",
        "]",
        '"',
        ",",
        ":",
        "null",
        "true",
        "1e999",
        "-1",
        "NaN",
        "9" * 5000,
        "\\u0000",
    ),
    *(
        '"source": null,',
        '"cells": {},',
        '"cell_type": "heading",',
        '"level": 99,',
        '"outputs": 1,',
    ),
    *('"text": [1, "x"],', '"worksheets": [{"cells": []}],', "[" * 3000, '"a": ' * 300, "\\ud800"),
    *(
        '"data": {"text/plain": ["x"]},',
        '"source": "# H\\n\\n```\\nx",',
        "![a](data:image/png;base64,AA)",
    ),
)
_INSERTED = {
    ".md": (*_ANY, *_MARKDOWN),
    ".txt": (*_ANY, *_MARKDOWN),
    ".html": (*_ANY, *_MARKUP, *_MARKUP),
    ".docx": (*_ANY, *_WORD, *_WORD),
    ".pdf": (*_ANY[:20], *_PDF, *_PDF),
    ".csv": (*_ANY, *_TABLE, *_TABLE),
    ".epub": (*_ANY, *_MARKUP, *_BOOK, *_BOOK),
    ".ipynb": (*_ANY[:20], *_JSON, *_JSON),
}


def mutated(kind: str, seeds: Sequence[bytes], rng: random.Random) -> bytes:
    """One of the seeds, damaged in one to four ways."""
    data = rng.choice(seeds)
    if kind in (".docx", ".epub") and rng.random() < 0.85:
        return _inside_archive(kind, data, rng)
    if kind == ".ipynb" and rng.random() < 0.85:
        return _inside_notebook(data, rng)
    if kind == ".pdf" and rng.random() < 0.7:
        return _inside_pages(rng)
    return _damaged(kind, data, seeds, rng)


def _inside_archive(kind: str, data: bytes, rng: random.Random) -> bytes:
    """The archive with the XML of some members damaged, and packed again."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for name in rng.choices(list(members), k=rng.randint(1, 2)):
        xml = _damaged(kind, members[name], list(members.values()), rng)
        # Most damage makes no XML, which is soon refused: the parser mends three of four.
        members[name] = _mended(xml) if rng.random() < 0.75 else xml
    if rng.random() < 0.1:
        del members[rng.choice(list(members))]
    return packed(members, stored=rng.random() < 0.5)


def _mended(xml: bytes) -> bytes:
    tree = etree.fromstring(xml, _MENDING) if xml.strip() else None
    try:
        return xml if tree is None else etree.tostring(tree)
    except etree.LxmlError:  # says that it is in an encoding that there is not
        return xml


def _inside_notebook(data: bytes, rng: random.Random) -> bytes:
    """The notebook with some of its texts damaged, or other values in their place."""

    def damaged(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: damaged(each) for key, each in value.items()}
        if isinstance(value, list):
            return [damaged(each) for each in value] * rng.choice((1, 1, 1, 1, 1, 1, 1, 20))
        if rng.random() < 0.04:
            return rng.choice((None, 1, [], {}, [[]], True, -1.5, "code", "markdown", "\ud800"))
        if isinstance(value, str) and rng.random() < 0.2:
            text = value.encode("utf-8", "surrogatepass")
            return _damaged(".md", text, [text], rng).decode("utf-8", "replace")
        return value

    return json.dumps(damaged(json.loads(data))).encode()[:LONGEST]


def _inside_pages(rng: random.Random) -> bytes:
    """A whole PDF whose pages and outline are damaged."""
    pages, titles = list(PAGES), list(TITLES)
    for texts in rng.choices((pages, pages, titles), k=rng.randint(1, 2)):
        place = rng.randrange(len(texts))
        texts[place] = _damaged(".pdf", texts[place], PAGES, rng)
    return pdf(pages * rng.choice((1, 1, 1, 5)), titles * rng.choice((1, 1, 1, 50)))


def _damaged(kind: str, data: bytes, others: Sequence[bytes], rng: random.Random) -> bytes:
    for _ in range(rng.randint(1, 4)):
        way = rng.choice(_WAYS)
        data = way(data, kind, others, rng)[:LONGEST]
    return data


def _span(data: bytes, rng: random.Random) -> tuple[int, int]:
    """A place in the data and one after it, mostly near."""
    start = rng.randrange(len(data) + 1)
    return start, min(len(data), start + int(rng.paretovariate(0.5)))


def _flip(data: bytes, kind: str, others: Sequence[bytes], rng: random.Random) -> bytes:
    made = bytearray(data)
    for _ in range(rng.randint(1, 16) if made else 0):
        made[rng.randrange(len(made))] ^= 1 << rng.randrange(8)
    return bytes(made)


def _cut(data: bytes, kind: str, others: Sequence[bytes], rng: random.Random) -> bytes:
    place = rng.randrange(len(data) + 1)
    return data[:place] if rng.random() < 0.7 else data[place:]


def _delete(data: bytes, kind: str, others: Sequence[bytes], rng: random.Random) -> bytes:
    start, end = _span(data, rng)
    return data[:start] + data[end:]


def _repeat(data: bytes, kind: str, others: Sequence[bytes], rng: random.Random) -> bytes:
    start, end = _span(data, rng)
    times = int(10 ** rng.uniform(0, 4))
    room = max(1, (LONGEST - len(data)) // max(1, end - start))
    return data[:start] + data[start:end] * min(times, room) + data[end:]


def _splice(data: bytes, kind: str, others: Sequence[bytes], rng: random.Random) -> bytes:
    other = rng.choice(others)
    start, _ = _span(data, rng)
    return data[:start] + other[rng.randrange(len(other) + 1) :]


def _insert(data: bytes, kind: str, others: Sequence[bytes], rng: random.Random) -> bytes:
    start, _ = _span(data, rng)
    text = rng.choice(_INSERTED[kind]) * rng.choice((1, 1, 1, 2, 50))
    return data[:start] + text.encode("utf-8", "surrogatepass") + data[start:]


def _overwrite(data: bytes, kind: str, others: Sequence[bytes], rng: random.Random) -> bytes:
    start, end = _span(data, rng)
    end = min(end, start + 64)
    return data[:start] + rng.randbytes(end - start) + data[end:]


def _move(data: bytes, kind: str, others: Sequence[bytes], rng: random.Random) -> bytes:
    start, end = _span(data, rng)
    rest = data[:start] + data[end:]
    place = rng.randrange(len(rest) + 1)
    return rest[:place] + data[start:end] + rest[place:]


_Way = Callable[[bytes, str, Sequence[bytes], random.Random], bytes]
_WAYS: tuple[_Way, ...] = (
    *(_flip, _cut, _delete, _repeat, _splice, _overwrite, _move),
    *(_insert, _insert, _insert),
)
