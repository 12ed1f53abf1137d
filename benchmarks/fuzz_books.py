"""Whole books and notebooks, made here, that `fuzz_readers` damages."""

from __future__ import annotations

import io
import json
import zipfile


def epub(*, stored: bool = False) -> bytes:
    """A book of three chapters: with headings, without one, and the table of contents."""
    page = '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
    page += "<head><title/></head><body>{}</body></html>"
    files, nav = ("nav", "one", "two"), ' properties="nav"'
    manifest = "".join(
        f'<item id="{name}" href="{name}.xhtml" media-type="application/xhtml+xml"'
        f"{nav * (name == 'nav')}/>"
        for name in files
    )
    spine = "".join(f'<itemref idref="{name}"/>' for name in files)
    told = "<dc:title>The Lamp</dc:title><dc:language>en</dc:language><dc:date>1850</dc:date>"
    members = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container><rootfiles><rootfile full-path="OPS/book.opf"/>'
        "</rootfiles></container>",
        "OPS/book.opf": '<package xmlns="http://www.idpf.org/2007/opf">'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">{told}</metadata>'
        f"<manifest>{manifest}</manifest><spine>{spine}</spine></package>",
        "OPS/nav.xhtml": page.format(
            '<nav epub:type="toc"><ol><li><a href="one.xhtml">Oil</a></li>'
            '<li><a href="two.xhtml">Wick</a>'
            '<ol><li><a href="two.xhtml#b">Cotton</a></li></ol></li></ol></nav>'
        ),
        "OPS/one.xhtml": page.format(
            '<h1>Oil</h1><p>It burns <b>0.5</b> l/h.<span epub:type="pagebreak">3</span></p>'
            "<h2>By night</h2><ul><li>one</li></ul><table><tr><td>a</td><td>b</td></tr></table>"
        ),
        "OPS/two.xhtml": page.format('<p>Of thread.</p><p id="b">Cotton, or linen.<br/>Both.</p>'),
    }
    return packed({name: text.encode() for name, text in members.items()}, stored=stored)


def notebook(*, in_sheets: bool = False) -> bytes:
    """A notebook with text, code, results of all kinds and a picture; maybe in the older format."""
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": ["0.5 l/h\n", "\x1b[31mred\x1b[0m\n"]},
        {"output_type": "execute_result", "data": {"text/plain": ["12"], "image/png": "iVBORw=="}},
        {"output_type": "error", "ename": "KeyError", "evalue": "'oil'", "traceback": ["x"]},
    ]
    cells = [
        {"cell_type": "raw", "metadata": {}, "source": ["---\n", "title: The Lamp\n", "---"]},
        {"cell_type": "markdown", "metadata": {}, "source": ["# The Lamp\n", "\n", "It burns."]},
        {"cell_type": "code", "metadata": {}, "source": "burn(0.5)\n", "outputs": outputs},
        {"cell_type": "markdown", "source": "## Oil\n\n![a lamp](attachment:a.png) More."},
    ]
    told = {"language_info": {"name": "python"}}
    inside = {"worksheets": [{"cells": cells}]} if in_sheets else {"cells": cells}
    return json.dumps({"nbformat": 4, "metadata": told, **inside}).encode()


def packed(members: dict[str, bytes], *, stored: bool = False) -> bytes:
    """A zip archive of these files, always the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in members.items():
            method = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return stream.getvalue()
