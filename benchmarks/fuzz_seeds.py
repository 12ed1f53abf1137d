"""The whole files that `fuzz_readers` damages: those of the tests, and some made here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.fuzz_books import epub, notebook, packed

ROOT = Path(__file__).parent.parent
KINDS = (".md", ".txt", ".csv", ".html", ".docx", ".pdf", ".epub", ".ipynb")
LONGEST = 20_000  # bytes of a seed: with longer ones a run reads fewer files

_MARKDOWN = """---
title: "The Lamp"
date: 2024-02-30
url: https://lamp.example/a?b=c
---
# The *Lamp* at the `Mill`

It burns at 0.5 l/h, e.g. by night. See [the map](http://x.example "t") and ![it](a.png).

Setext
------

- one
  - nested
    1. deep
- two:

  more of two

| a | b |
|---|--:|
| c | d |

> quoted
> > twice

```python
# no heading
```

    code

<div>
# html
</div>

[ref]: http://x.example

## Caf\u00e9 na\u00efve \u4e2d\u6587 \u0645\u0631\u062d\u0628\u0627 \U0001f600 ##

Ein Satz. \u00bfUna frase? \u6587\u3002\u6587\uff01
***
"""

_TEXT = """THE LAMP AT THE MILL

A Short History
===============

It was lit in 1850, by hand, and burnt
until the morning of the next day.

1. First
2. Second
   - nested
\u2022 Third

2.1 Oil and Wick

What does it burn?

Oil: 0.5 l/h.

    def lamp():
        return 1

-----

Yours,
M. L.
"""

_TABLE = """name,dose,unit,notes
alpha,40,mg,with food
beta,80,mg,"at night, not
with ""milk"" \u00e9"
gamma,5,ml,
"""
_COLUMNS = """Of 2024

name\tdose
alpha\t40
beta\t80
"""

_HTML = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>Lamp | Mill</title>
<link rel="canonical" href="https://lamp.example/"><meta property="og:site_name" content="Mill">
<style>p{}</style></head><body><nav class="menu"><a href="/">Home</a> <a href="/b">B</a></nav>
<main><article><h1>The Lamp</h1><p>It burns <b>0.5</b>&nbsp;l&shy;amp 10<sup>6</sup> &eacute;.</p>
<div role="heading" aria-level="3">Role</div><p>x<br>y</p>
<ul><li>one<ul><li>nested</li></ul></li><li><p>two</p><p>more</p></li></ul>
<ol start="3"><li>three</ol><table><caption>T</caption><tr><th>a<th colspan="2">b</tr>
<tr><td rowspan="2">c<td>d<td>e</tr><tr><td>f<td>g</tr></table>
<blockquote><p>quoted</p><blockquote>twice</blockquote></blockquote>
<pre>code &lt;b&gt;
# no heading</pre><details><summary>Sum</summary>Answer</details><h2>Two</h2><p>End.</p>
</article></main><footer>Foot</footer><script>x()</script></body></html>
"""

PAGES = (
    b"""BT /F2 18 Tf 72 770 Td (Chapter 1) Tj /F1 11 Tf 0 -30 Td (It burns half a litre of lamp-) Tj
0 -14 Td (oil an hour, e.g. by night.) Tj 0 -40 Td (\\225 an item) Tj 0 -14 Td [(An)-250(other)] TJ
0 -600 Td (Page 1) Tj ET""",
    b"""BT /F1 11 Tf 72 770 Td (and goes on to the next page without an end) Tj 0 -30 Td /F2 12 Tf
(The wick) Tj /F1 11 Tf 0 -30 Td (Cotton, or linen, of a finger's width.) Tj 0 -30 Td (1. first) Tj
0 -14 Td (2. second) Tj 300 400 Td (A second column) Tj 0 -14 Td (of it.) Tj ET""",
)
TITLES = (b"Chapter 1", b"The wick")
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_M = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def seeds(kind: str) -> list[bytes]:
    """Files of this kind, each of which is read without a complaint."""
    made = {
        ".md": [_MARKDOWN.encode(), _MARKDOWN.encode("utf-16")],
        ".txt": [_TEXT.encode(), _TEXT.encode("cp1252", "replace")],
        ".html": [_HTML.encode(), b"<p>" + "caf\u00e9 \u201cq\u201d".encode("cp1252")],
        ".docx": [docx(), docx(stored=True)],
        ".pdf": [pdf(), pdf(PAGES * 3, (b"Nowhere",))],
        ".csv": [_TABLE.encode(), _TABLE.replace(",", ";").encode("cp1252"), _COLUMNS.encode()],
        ".epub": [epub(), epub(stored=True)],
        ".ipynb": [notebook(), notebook(in_sheets=True)],
    }[kind]
    folders = {
        ".md": [ROOT / "corpus", ROOT / "tests" / "data"],
        ".txt": [ROOT / "tests" / "data"],
    }.get(kind, [ROOT / "tests" / "data"])
    paths = sorted(path for folder in folders for path in folder.rglob(f"*{kind}"))
    return made + [path.read_bytes()[:LONGEST] for path in paths if _is_whole(kind, path)]


def _is_whole(kind: str, path: Path) -> bool:
    """Whether the first bytes of a file are a file of its kind: an archive ends with its list."""
    return kind not in (".docx", ".pdf", ".epub", ".ipynb") or path.stat().st_size <= LONGEST


def docx(*, stored: bool = False) -> bytes:
    """A Word document with headings, lists, a table, a note, a change and hidden words."""
    styles = "".join(
        f'<w:style w:styleId="{name.title().replace(" ", "")}"><w:name w:val="{name}"/></w:style>'
        for name in ("title", "heading 1", "heading 2")
    )
    level = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/></w:lvl>'
    numbering = f'<w:abstractNum w:abstractNumId="0">{level}</w:abstractNum>'
    numbering += '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    members = {
        "_rels/.rels": _relations({"officeDocument": "word/document.xml"}),
        "word/_rels/document.xml.rels": _relations(
            {kind: f"{kind}.xml" for kind in ("styles", "numbering", "footnotes")}
        ),
        "word/document.xml": f"<w:document {_W} {_M}><w:body>{_docx_body()}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {_W}>{styles}</w:styles>",
        "word/numbering.xml": f"<w:numbering {_W}>{numbering}</w:numbering>",
        "word/footnotes.xml": f"<w:footnotes {_W}><w:footnote w:id='2'>{_paragraph('A note')}"
        "</w:footnote></w:footnotes>",
    }
    return packed({name: xml.encode() for name, xml in members.items()}, stored=stored)


def _paragraph(text: str, style: str = "", more: str = "") -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{more}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def _docx_body() -> str:
    numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    cell = f"<w:tc>{_paragraph('cell')}</w:tc>"
    note = '<w:p><w:r><w:t>Noted</w:t><w:footnoteReference w:id="2"/></w:r></w:p>'
    changed = "<w:p><w:ins><w:r><w:t>in</w:t></w:r></w:ins><w:del><w:r><w:delText>out</w:delText>"
    nested = numbered.replace('ilvl w:val="0"', 'ilvl w:val="1"')
    part = "<m:e><m:r><m:t>a+b</m:t></m:r></m:e>"
    power = f"<m:sSup>{part}<m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup>"
    formula = f"<m:f><m:num>{power}</m:num><m:den><m:d>{part}</m:d></m:den></m:f>"
    return "".join(
        [
            _paragraph("The Lamp", "Title"),
            _paragraph("Oil", "Heading1"),
            _paragraph("It burns 0.5 l/h, e.g. by night."),
            _paragraph("one", more=numbered) + _paragraph("in", more=nested) + _paragraph("Prose."),
            _paragraph("in", more=nested) + _paragraph("two", more=numbered),
            f"<w:p><m:oMath>{formula}</m:oMath></w:p>",
            _paragraph("Wick", "Heading2") + note,
            f"<w:tbl><w:tr>{cell * 2}</w:tr><w:tr>{cell * 2}</w:tr></w:tbl>",
            changed + "</w:r></w:del></w:p>",
            "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r></w:p>",
            "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Bold</w:t><w:br/><w:sym w:char='F0B7'/></w:r>",
            "</w:p>",
        ]
    )


def _relations(targets: dict[str, str]) -> str:
    lines = "".join(
        f'<Relationship Id="r{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets.items())
    )
    return f'<Relationships xmlns="{_RELATIONS}">{lines}</Relationships>'


def pdf(pages: Sequence[bytes] = (), titles: Sequence[bytes] = TITLES) -> bytes:
    """A PDF of pages with this content, and an outline of these entries, one page each."""
    pages = pages or PAGES
    kids = " ".join(f"{6 + 2 * page} 0 R" for page in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/Outlines 5 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}/MediaBox[0 0 595 842]>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>",
    ]
    first = 6 + 2 * len(pages)
    last = first + len(titles) - 1
    objects.append(f"<</First {first} 0 R/Last {last} 0 R/Count {len(titles)}>>".encode())
    fonts = b"<</Font<</F1 3 0 R/F2 4 0 R>>>>"
    for number, content in enumerate(pages):
        place = b"%d 0 R" % (7 + 2 * number)
        objects.append(b"<</Type/Page/Parent 2 0 R/Resources%s/Contents %s>>" % (fonts, place))
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(content), content))
    for number, title in enumerate(titles):
        following = b"/Next %d 0 R" % (first + number + 1) if number + 1 < len(titles) else b""
        page = b"%d 0 R" % (6 + 2 * (number % len(pages)))
        objects.append(b"<</Title(%s)/Parent 5 0 R%s/Dest[%s/Fit]>>" % (title, following, page))
    return _numbered(objects)


def _numbered(objects: Sequence[bytes]) -> bytes:
    """The objects of a PDF, and the table of where they are."""
    made = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj%sendobj\n" % (number, body)
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    trailer = f"trailer<</Root 1 0 R/Size {size}>>startxref\n{len(made)}\n%%EOF"
    return made + f"xref\n0 {size}\n0000000000 65535 f \n{rows}{trailer}".encode()
