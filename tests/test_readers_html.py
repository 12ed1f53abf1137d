"""Web pages: the article with its headings, lists and tables; nothing of what stands around it."""

from __future__ import annotations

import json
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


RINSE = "Rinse the tank twice with warm water and let it dry for an hour before the first use."
PUMP = "The pump is strong, but the handle becomes slippery when it is wet, so wear gloves."
ARTICLE = f"<h2>Before use</h2><p>{RINSE}</p><h2>Our verdict</h2><p>{PUMP}</p>"
TITLE = "<h1>Garden sprayer test</h1>"
LETTERS = "A reader wrote that the hose came loose after a month and the shop replaced it. " * 8
SECTIONS = [(1, "Garden sprayer test"), (2, "Before use"), (2, "Our verdict")]


def _page(inside: str, body: str = "") -> str:
    head = "<html lang=en><head><title>Garden sprayer test</title></head>"
    around = "<header><a href=/>Home</a> <a href=/a>All pages</a></header>"
    return f"{head}<body {body}>{around}{inside}<footer><a href=/i>Imprint</a></footer></body>"


def _is_whole(html: str) -> None:
    text = _read(html).text
    assert _outline(text)[:3] == SECTIONS
    assert RINSE in text
    assert PUMP in text
    assert "Imprint" not in text


@pytest.mark.parametrize(
    "name",
    [
        "no-sidebar",
        "has-ads",
        "share-open",
        "sidebar-left",
        "comments-off",
        "nav-up",
        "content-and-sidebar",
        "noSidebar",
        "social-enabled",
        "is-popup-closed",
        "cookie-accepted",
        "menu-collapsed",
        "author-left",
        "layout--ads",
        "promo-loaded",
        "two-sidebars-layout",
        "toc-right",
        "page--has-ads",
        "content-with-sidebar-wrp",
    ],
)
def test_what_a_class_says_of_the_layout_condemns_nothing(name: str) -> None:
    _is_whole(_page(f"{TITLE}<div class='row {name}'>{ARTICLE}</div><div><p>{LETTERS}</p></div>"))
    _is_whole(_page(TITLE + ARTICLE, f"class='{name}'"))
    _is_whole(_page(f"<div class='{name}'>{TITLE}{ARTICLE}</div><div><p>{LETTERS}</p></div>"))
    parts = ARTICLE.replace("<h2>", f"<section class='part {name}'><h2>").replace(
        "</p>", "</p></section>"
    )
    _is_whole(_page(f"<main><article>{TITLE}<p>Tried for a week.</p>{parts}</article></main>"))


def test_a_state_beside_the_name_of_an_article() -> None:
    inside = f"{TITLE}<div class='entry themeform share'>{ARTICLE}</div>"
    _is_whole(_page(f"{inside}<div class=letters><h2>Letters</h2><p>{LETTERS}</p></div>"))


@pytest.mark.parametrize(
    "inside",
    [
        f"<form action=x><input type=hidden name=state>{TITLE}{ARTICLE}</form>",
        f"{TITLE}<form action=x>{ARTICLE}</form><div class=letters><p>{LETTERS}</p></div>",
        f"{TITLE}<noscript>{ARTICLE}</noscript>",
        f"<noscript>{TITLE}{ARTICLE}</noscript><div id=root></div>",
        f"{TITLE}<noscript><div class=post>{ARTICLE}</div></noscript><p>{LETTERS}</p>",
        f"{TITLE}<dialog open>{ARTICLE}</dialog>",
        f"{TITLE}<dialog open>{ARTICLE}</dialog><p>{LETTERS}</p>",
        f"{TITLE}<template shadowrootmode=open>{ARTICLE}</template>",
        f"{TITLE}<aside>{ARTICLE}</aside>",
        f"<div class=sidebar-layout><main>{TITLE}{ARTICLE}</main></div><div>{LETTERS}</div>",
        f"{TITLE}<main class=share>{ARTICLE}</main><div class=comments>{LETTERS}</div>",
        f"<form><main>{TITLE}{ARTICLE}</main></form><div>{LETTERS}</div>",
    ],
)
def test_the_article_in_an_element_that_seldom_holds_one(inside: str) -> None:
    _is_whole(_page(inside))


@pytest.mark.parametrize("tag", ["script", "style", "template", "svg"])
def test_what_is_never_shown_does_not_count_as_text(tag: str) -> None:
    code = f"<{tag}>{'var x = 1;' * 10_000}</{tag}>"
    _is_whole(_page(f"{code}{TITLE}<div class=content-with-sidebar>{ARTICLE}</div>"))
    _is_whole(_page(f"<div>{code}</div>{TITLE}<div class=share>{ARTICLE}</div>"))
    stream = "".join(f"<p>Another story, number {n}, is told here.</p>" for n in range(9))
    part = f"<div class=content-with-sidebar-wrp>{ARTICLE}</div>"
    text = _read(_page(f"{TITLE}<article>{part}</article><section>{stream}</section>{code}")).text
    assert _outline(text) == SECTIONS
    assert "Another story" not in text


@pytest.mark.parametrize(
    "opens",
    [
        "<button aria-expanded=false>",
        "<button class=accordion>",
        "<button class='Accordion_trigger__x1'><span>",
        "<button class=btn data-bs-toggle=collapse>",
        "<div role=button aria-controls=x>",
        "<a class=accordion-toggle href=#x>",
        "<input type=checkbox><label>",
    ],
)
def test_a_button_that_unfolds_an_answer_is_its_heading(opens: str) -> None:
    closes = f"</{re.findall('<([a-z]+)', opens.removesuffix('<span>'))[-1]}>"
    question = "{}How much is a ticket?{}<div><p>Five euros.</p></div>"
    second = "{}Dogs and cats{}<div role=region>No, animals stay outside.</div>"
    wanted = [(1, "Pool help"), (2, "How much is a ticket?"), (2, "Dogs and cats")]
    for each in ("<div>{}</div>", "<li>{}</li>", "<div><p>{}</p></div>"):
        items = "".join(each.format(q.format(opens, closes)) for q in (question, second))
        text = _read(_page(f"<main><h1>Pool help</h1><ul>{items}</ul></main>")).text
        assert _outline(text) == wanted
        assert "No, animals stay outside." in text


@pytest.mark.parametrize(
    "button",
    [
        "<button aria-expanded=false>Our pages</button><ul><li><a href=/a>A</a></li></ul>",
        "<button aria-expanded=false>Read more</button><div>One more.</div>" * 2,
        "<button class=cta>Book a visit</button><p>We are open on Mondays.</p>",
    ],
)
def test_other_buttons_are_no_headings(button: str) -> None:
    text = _read(_page(f"<main>{TITLE}{ARTICLE}<div>{button}</div></main>")).text
    assert _outline(text) == SECTIONS


def test_a_page_of_links_alone_is_a_warning() -> None:
    reading = _read(_page("<div id=app></div><script>draw()</script>"))
    assert "drawn by a script" in reading.notes[0]


def test_names_of_what_is_small_or_leads_elsewhere_still_condemn() -> None:
    furniture = (
        "<div class=sidebar><h3><a href=/b>Best hoses</a></h3><p>Seven of them.</p></div>"
        "<div class=newsletter><p>Write me every week about gardens and what grows there.</p></div>"
        f"<section id=comments><p>{LETTERS}</p></section>"
    )
    text = _read(_page(f"{TITLE}<div>{ARTICLE}<p>{LETTERS[:150]}</p></div>{furniture}")).text
    assert _outline(text) == SECTIONS
    assert "Seven" not in text
    assert "every week" not in text
    assert text.count("A reader wrote") <= 2


def test_a_page_whose_text_is_only_in_its_data() -> None:
    data = json.dumps({"@graph": [{"articleBody": f"{RINSE}\n{LETTERS}"}]})
    page = f"<script type='application/ld+json'>{data}</script><h1>Sprayer</h1><div id=root></div>"
    reading = _read(page)
    assert reading.text.startswith(f"# Sprayer\n\n{RINSE}\n\nA reader wrote")
    assert "data for search engines" in reading.advice[0]


@pytest.mark.parametrize(
    ("beside", "warned"),
    [
        (f"<div class=comments><h2>Comments</h2><p>{LETTERS}</p></div>", True),
        ("<nav>" + "<a href=/a>Another page of this site</a> " * 90 + "</nav>", False),
    ],
)
def test_most_text_left_out_is_a_warning_where_it_is_not_links(beside: str, warned: bool) -> None:
    reading = _read(_page(f"<main>{TITLE}{ARTICLE}</main>{beside}"))
    if warned:
        assert "headed 'Comments': most of its text" in reading.notes[0]
    else:
        assert "left out around the article" in reading.advice[0]
    assert bool(reading.notes) is warned
    reading = _read(_page(f"<main>{TITLE}{ARTICLE}</main>"))
    assert reading.notes == ()
    assert reading.advice == ("left out around the article: 4 words",)


def test_the_language_that_the_page_names() -> None:
    assert _read("<html lang=pt_BR><p>Olá").language == "pt-BR"
    assert _read("<html><p>Olá").language is None


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
        ("<noscript>You need to enable JavaScript to run this app.</noscript>", "drawn by a"),
        ("<div>" * 500 + "x", "nested more than 150 deep"),
        ("<p>x</p>" * (web_page.MAX_ELEMENTS + 1), "more than 100,000 elements"),
        ("<p " + "a/" * web_page.MAX_ATTRIBUTES + ">x", "more than 30,000 attributes"),
        ("<p>" + "x" * web_page.MAX_BYTES, "MB of HTML"),
        ("<h1>x</h1>" * 11_000, "11,000 headings"),
        ("<table>" + "<tr><td rowspan=50 colspan=50>x" * 20_000, "characters"),
    ],
    ids=["empty", "script", "hint", "deep", "many", "attributes", "long", "headings", "spans"],
)
def test_bombs_are_refused(page: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        _read(page)
