"""Web pages: the article with its headings, lists and tables; nothing of what stands around it."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from passages.articles import readers
from passages.articles.markdown import blocks
from passages.articles.readers.html import web_page
from passages.articles.readers.reading import Reading

PAGES = sorted((Path(__file__).parent / "data" / "html").glob("*.html"))


def _read(html: str) -> Reading:
    return readers.read(html.encode(), ".html")


def _outline(text: str) -> list[tuple[int, str]]:
    return [(block.level, block.heading) for block in blocks(text) if block.kind == "heading"]


def _items(text: str) -> list[list[str]]:
    return [re.findall(r"\w+", text[a:b]) for block in blocks(text) for a, b in block.items]


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_saved_pages(page: Path) -> None:
    wanted = page.with_suffix(".md").read_text("utf-8")
    text = readers.read(page.read_bytes(), ".html").text
    assert _outline(text) == _outline(wanted)
    assert _items(text) == _items(wanted)
    assert not _words(wanted) - _words(text)
    too_many = (_words(text) - _words(wanted)).total()
    assert too_many <= 0.11 * _words(wanted).total()


def test_what_the_page_says_of_itself() -> None:
    reading = readers.read(PAGES[1].read_bytes(), ".html")
    assert reading.url == "https://calmharbour.example/blog/sleep-hygiene/"
    assert reading.source == "Calm Harbour"
    assert (reading.date or "").startswith("2024-02-11")
    assert "left out around the article" in reading.advice[0]
    assert "Newsletter" in reading.advice[0]


def test_title_without_a_heading_is_that_of_the_page_less_the_site() -> None:
    reading = _read("<title>Slow Bread | The Oven</title><h2>Flour</h2><p>Rye, for a start.</p>")
    assert reading.title == "Slow Bread"


def test_short_paragraphs_in_bold_are_headings_where_there_are_no_others() -> None:
    page = "<h1>Bread</h1><p><b>The flour</b></p><p>Rye.</p><p><b>The oven</b></p><p>Hot.</p>"
    reading = _read(page)
    assert _outline(reading.text) == [(1, "Bread"), (2, "The flour"), (2, "The oven")]
    assert "headings found by being bold: 2" in reading.advice
    assert _outline(_read(page + "<h2>More</h2>").text) == [(1, "Bread"), (2, "More")]


def test_text_that_looks_like_markup_stays_text() -> None:
    text = _read("<h1>Notes</h1><p># of tablets: 2*3*4</p><p>1. is a number, &lt;b&gt;</p>").text
    assert _outline(text) == [(1, "Notes")]
    assert [block.kind for block in blocks(text)] == ["heading", "paragraph", "paragraph"]
    assert "\\# of tablets: 2\\*3\\*4" in text


def test_a_table_keeps_its_columns_where_cells_span() -> None:
    text = _read(
        "<table><tr><th>Drug<th colspan=2>Dose</tr><tr><td rowspan=2>A<td>1 g<td>2 g</tr>"
        "<tr><td>3 g<td>4 g</tr></table>"
    ).text
    assert text.splitlines() == [
        "| Drug | Dose |  |",
        "| --- | --- | --- |",
        "| A | 1 g | 2 g |",
        "|  | 3 g | 4 g |",
    ]


def test_a_power_is_no_larger_number() -> None:
    assert _read("<p>10<sup>6</sup> cells of H<sub>2</sub>O</p>").text == "10⁶ cells of H2O\n"


def test_entities_are_as_clean_as_the_letters_they_stand_for() -> None:
    page = "<h1>Caf<b>e</b>&#x301;</h1><p>to&shy;gether e<i>&#x301;</i> w&#8203;ord</p>"
    assert _read(page).text == "# Café\n\ntogether é word\n"
    assert _read("<pre>a&#13;b&#8232;c&#0;&#3;</pre>").text == "```\na\nb\nc\ufffd\n```\n"
    assert _read("<table><tr><td>a&shy;b<td>c</table>").text.startswith("| ab | c |")


@pytest.mark.parametrize(("told", "level"), [("3", 3), ("", 2), ("12", 2), ("x", 2)])
def test_the_level_of_a_heading_by_its_role(told: str, level: int) -> None:
    text = _read(f"<div role=heading aria-level='{told}'>A</div><p>x").text
    assert _outline(text) == [(level, "A")]


def test_hidden_answers_are_text_and_summaries_are_headings() -> None:
    text = _read(
        "<h1>Help</h1><details><summary>Is it safe?</summary><div style='display:none'>Yes.</div>"
        "</details><h3><button>Is it cheap?</button></h3><p>No.</p>"
    ).text
    assert _outline(text) == [(1, "Help"), (2, "Is it safe?"), (3, "Is it cheap?")]


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        ("é “q”".encode("cp1252"), "iso-8859-1"),
        ("é “q”".encode(), "utf-8"),
        ("é “q”".encode(), "x"),
    ],
)
def test_the_encoding_that_the_page_names(data: bytes, charset: str) -> None:
    page = f"<meta charset='{charset}'><p>".encode() + data
    assert readers.read(page, ".html").text == "é “q”\n"


@pytest.mark.parametrize(
    ("page", "problem"),
    [
        ("", "no text"),
        ("<html><body><script>draw()</script></body></html>", "drawn by a script"),
        ("<div>" * 500 + "x", "nested more than 150 deep"),
        ("<p>x</p>" * (web_page.MAX_ELEMENTS + 1), "more than 100,000 elements"),
        ("<p " + "a/" * web_page.MAX_ATTRIBUTES + ">x", "more than 30,000 attributes"),
        ("<p>" + "x" * web_page.MAX_BYTES, "MB of HTML"),
        ("<h1>x</h1>" * 11_000, "11,000 headings"),
        ("<table>" + "<tr><td rowspan=50 colspan=50>x" * 20_000, "characters"),
    ],
    ids=["empty", "script", "deep", "many", "attributes", "long", "headings", "spans"],
)
def test_bombs_are_refused(page: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        _read(page)
