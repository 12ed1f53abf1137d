"""PDFs, written by ReportLab line by line or as articles: what becomes of them, to the letter."""

from __future__ import annotations

import io
import re
import sys
import unicodedata
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    ListFlowable,
    PageTemplate,
    Paragraph,
    SimpleDocTemplate,
)

from passages.articles import readers
from passages.articles.readers.pdf.pdf_lines import Bounds, open_pdf
from passages.articles.readers.reading import Reading

STYLES = getSampleStyleSheet()
WIDTH = 480  # of a column of text, in points

TEXT = [
    "The treatment was given twice a week for four weeks, and those who took it slept longer",
    "than those who did not. Nobody knows why this is so, but others have seen it as well, and",
    "they have written about it in several journals.",
]
PROSE = " ".join(TEXT)


@dataclass(frozen=True)
class L:
    """A line of a page: how far below the last, how large, how far to the right."""

    text: str
    size: float = 11
    bold: bool = False
    gap: float = 0
    indent: float = 0
    font: str = ""


Page = Iterable[L | str]


def _pdf(
    *pages: Page,
    title: str | None = None,
    outline: Iterable[tuple[int, str, int]] = (),
    head: str = "",
    foot: str = "",
    password: str | None = None,
) -> bytes:
    """A PDF of these lines; an entry of the outline is a level, a title and a page."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, encrypt=password)
    canvas.setTitle(title or "")
    for number, page in enumerate(pages):
        for level, name, place in outline:
            if place == number:
                canvas.bookmarkPage(name)
                canvas.addOutlineEntry(name, name, level)
        for y, line in ((820, head), (30, foot)):
            canvas.setFont("Helvetica", 8)
            canvas.drawString(60, y, line.format(number + 1))
        y = 760.0
        for each in page:
            line = each if isinstance(each, L) else L(each)
            y -= 1.25 * line.size + line.gap
            canvas.setFont(line.font or f"Helvetica{'-Bold' * line.bold}", line.size)
            canvas.drawString(60 + line.indent, y, line.text)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _read(*pages: Page, **options: object) -> Reading:
    return readers.read(_pdf(*pages, **options), ".pdf")  # type: ignore[arg-type]


def _article(story: list[Flowable]) -> bytes:
    file = io.BytesIO()
    SimpleDocTemplate(file, pagesize=A4).build(story)
    return file.getvalue()


def test_headings_by_the_size_of_type() -> None:
    reading = _read(
        [
            L("Sleep", 24, bold=True),
            *TEXT,
            L("At night", 16, bold=True, gap=8),
            *TEXT,
            L("Light, and a heading that is so long that it takes", 13, bold=True, gap=8),
            L("another line", 13, bold=True),
            *TEXT,
            L("By day", 16, bold=True, gap=8),
            *TEXT,
        ],
        title="Not shown",
    )
    assert reading.title is None  # the text shows one
    assert reading.text == (
        f"# Sleep\n\n{PROSE}\n\n## At night\n\n{PROSE}\n\n"
        "### Light, and a heading that is so long that it takes another line\n\n"
        f"{PROSE}\n\n## By day\n\n{PROSE}\n"
    )


def test_sizes_that_hardly_differ_are_one_level_and_questions_end_a_heading() -> None:
    page = [L("Sleep", 24), *TEXT, L("May I nap?", 16), L("May I read?", 16), *TEXT]
    assert _read([*page, L("By day", 15.5), *TEXT]).text == (
        f"# Sleep\n\n{PROSE}\n\n## May I nap?\n\n## May I read?\n\n{PROSE}\n\n"
        f"## By day\n\n{PROSE}\n"
    )


def test_headings_by_being_bold() -> None:
    page = [L("At night", bold=True), *TEXT, L("In the morning", bold=True, gap=8), *TEXT]
    assert _read(page).text == f"## At night\n\n{PROSE}\n\n## In the morning\n\n{PROSE}\n"


def test_headings_of_the_outline_whatever_their_type() -> None:
    outline = [(0, "At night", 0), (1, "Light", 0), (0, "By day", 1)]
    reading = _read(
        [L("Sleep", 20), L("At night", gap=8), *TEXT, L("Light", gap=8), *TEXT],
        ["By day", L("Large, but no heading", 14, gap=8), *TEXT],
        outline=outline,
    )
    assert reading.text == (
        f"# Sleep\n\n## At night\n\n{PROSE}\n\n### Light\n\n{PROSE}\n\n"
        f"## By day\n\nLarge, but no heading\n\n{PROSE}\n"
    )


def test_an_outline_of_other_words_is_none() -> None:
    outline = [(0, "slide1", 0), (0, "slide2", 0), (0, "slide3", 0)]
    reading = _read([L("Sleep", 20), *TEXT], outline=outline)
    assert reading.text == f"# Sleep\n\n{PROSE}\n"


SECTION = {"size": 16, "bold": True, "gap": 8}


def _sections(*names: str, **look: object) -> list[L | str]:
    look = look or SECTION
    return [line for name in names for line in (L(name, **look), *TEXT)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "outline",
    [
        ["Bibliography"],
        ["Methods"],
        ["Introduction", "Bibliography"],
        ["Methods", "Results", "Bibliography"],
    ],
)
def test_an_outline_of_few_entries_hides_no_heading_that_type_shows(outline: list[str]) -> None:
    names = ["Introduction", "Methods", "Results", "Bibliography"]
    page = [L("Winter Crops", 24, bold=True), *_sections(*names)]
    reading = _read(page, outline=[(0, name, 0) for name in outline])
    assert re.findall(r"^#.*", reading.text, re.MULTILINE) == [
        "# Winter Crops",
        *(f"## {name}" for name in names),
    ]


def test_bold_lines_below_the_headings_of_an_outline_stay_text() -> None:
    outline = [(0, "Methods", 0), (0, "Results", 0)]
    page = [*_sections("Methods"), L("In Short", bold=True, gap=8), *TEXT, *_sections("Results")]
    headings = re.findall(r"^#.*", _read(page, outline=outline).text, re.MULTILINE)
    assert headings == ["## Methods", "## Results"]


BYLINES = [
    [L("Jane Doe", 14, gap=4), L("12 March 2024", 12.5, gap=4)],
    [L("Jane R. Doe and John Smith", 14, gap=4)],
    [L("By the editors of the journal", 16, gap=4)],
    [L("Updated: 3. Mai 2023", 14, gap=4)],
    [L("Prof. Jane Doe", 20, bold=True, gap=4), L("jane@example.org", 13, gap=4)],
    [L("What farmers have found", 20, gap=4), L("Jane Doe", 14, gap=4), L("May 2024", 14, gap=4)],
]


@pytest.mark.parametrize("lines", BYLINES)
def test_author_and_date_are_no_headings_but_stay_as_text(lines: list[L]) -> None:
    text = _read([L("Winter Crops", 26, bold=True), *lines, *_sections("Methods", "Results")]).text
    headings = re.findall(r"^#.*", text, re.MULTILINE)
    assert headings == ["# Winter Crops", "## Methods", "## Results"]
    assert [line.text for line in lines if line.text not in text] == []


def test_the_author_whom_the_file_names_is_no_heading() -> None:
    file = io.BytesIO()
    canvas = Canvas(file)
    canvas.setAuthor("Winter Seed Company; J. Doe")
    page = [("Winter Crops", 24), ("Winter Seed Company", 18), ("It is sown in autumn.", 11)]
    for place, (line, size) in enumerate([*page, ("Methods", 16), ("It was counted.", 11)]):
        canvas.setFont("Helvetica", size)
        canvas.drawString(60, 760 - 40 * place, line)
    canvas.save()
    text = readers.read(file.getvalue(), ".pdf").text
    assert re.findall(r"^#.*", text, re.MULTILINE) == ["# Winter Crops", "## Methods"]


@pytest.mark.parametrize("first", ["Abstract", "Executive Summary", "Why Winter?", "Part One"])
def test_what_has_text_below_is_a_heading_though_it_follows_the_title(first: str) -> None:
    page = [L("Winter Crops", 24), L(first, 14, gap=8), *TEXT, *_sections("Methods", "Results")]
    assert f"# {first}\n" in _read(page).text


@pytest.mark.parametrize("told", [0, 90, 180, 270])
@pytest.mark.parametrize("drawn", [0, 90, 180, 270])
def test_pages_that_are_turned_read_as_those_that_are_not(drawn: int, told: int) -> None:
    lines = [L("Winter Crops", 24), *_sections("Methods", "Results")]
    width, height = A4
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(height, width) if drawn % 180 else A4)
    canvas.setPageRotation(told)
    canvas.translate(*{0: (0, 0), 90: (height, 0), 180: (width, height), 270: (0, width)}[drawn])
    canvas.rotate(drawn)
    y = 760.0
    for line in (each if isinstance(each, L) else L(each) for each in lines):
        y -= 1.25 * line.size + line.gap
        canvas.setFont(f"Helvetica{'-Bold' * line.bold}", line.size)
        canvas.drawString(60, y, line.text)
    canvas.save()
    assert readers.read(file.getvalue(), ".pdf").text == _read(lines).text


DEJAVU = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")


@pytest.mark.skipif(not DEJAVU.exists(), reason="needs a font with Arabic letters")
@pytest.mark.parametrize(
    ("shaped", "glyph", "letters", "text"),
    [
        ("\ufe8d\ufedf\ufeb4\ufefc\ufee1", "FEFC", "06440627", "السلام"),
        ("\ufe8d\ufedf\ufeb4\ufefc\ufee1", "FEFC", "FEFC", "السلام"),
        ("\ufe8d\ufef7\ufe97", "FEF7", "06440623", "الأت"),
        ("\ufb2a\u05dc\u05d5\u05dd", "FB2A", "05E905C1", "שׁלום"),
    ],
)
def test_letters_of_right_to_left_ligatures_are_in_reading_order(
    shaped: str, glyph: str, letters: str, text: str
) -> None:
    pdfmetrics.registerFont(TTFont("DejaVu", str(DEJAVU)))
    file = io.BytesIO()
    canvas = Canvas(file, pageCompression=0)
    canvas.setFont("DejaVu", 14)
    canvas.drawRightString(500, 700, shaped[::-1])  # as programs set it: from left to right
    canvas.save()
    data = file.getvalue()
    assert f"<{glyph}>".encode() in data  # what the glyph stands for
    told = data.replace(f"<{glyph}>".encode(), f"<{letters}>".encode())
    assert readers.read(told, ".pdf").text == f"{unicodedata.normalize('NFC', text)}\n"


@pytest.mark.skipif(not DEJAVU.exists(), reason="needs a font with Hebrew letters")
def test_lines_from_right_to_left_make_paragraphs() -> None:
    pdfmetrics.registerFont(TTFont("DejaVu", str(DEJAVU)))
    file = io.BytesIO()
    canvas = Canvas(file)
    canvas.setFont("DejaVu", 11)
    lines = ["האוהל מתוקן בעזרת סרט דביק שאותו מדביקים משני הצדדים של הבד", "ואז מחכים יום אחד."]
    for place, line in enumerate(lines):
        canvas.drawRightString(500, 700 - 14 * place, line[::-1])
    canvas.save()
    assert readers.read(file.getvalue(), ".pdf").text == " ".join(lines) + "\n"


def test_the_language_of_a_pdf() -> None:
    file = io.BytesIO()
    canvas = Canvas(file, lang="de-DE")
    canvas.drawString(60, 700, "Das Zelt wird geflickt.")
    canvas.save()
    assert readers.read(file.getvalue(), ".pdf").language == "de-DE"


@pytest.mark.parametrize(
    ("told", "title"),
    [
        ("Sleep, a guide", "Sleep, a guide"),
        ("Microsoft Word - sleep.doc", None),
        ("sleep_final.docx", None),
        ("untitled", None),
        (None, None),
    ],
)
def test_title_that_the_file_tells(told: str | None, title: str | None) -> None:
    page = [L("At night", bold=True), *TEXT, L("In the morning", bold=True, gap=8), *TEXT]
    assert _read(page, title=told).title == title


def test_headers_footers_and_page_numbers_are_no_text() -> None:
    pages = [[*TEXT, f"On page {word} it ends."] for word in ("one", "two", "three")]
    reading = _read(*pages, head="Sleep and its treatment", foot="Page {} of 3")
    assert reading.text == "\n\n".join(
        f"{PROSE}\n\nOn page {word} it ends." for word in ("one", "two", "three")
    ) + "\n"  # fmt: skip
    assert set(reading.advice) == {
        "left out as running header or footer: 'Sleep and its treatment' on 3 pages",
        "left out as running header or footer: 'Page 1 of 3' on 3 pages",
    }


def test_the_header_of_one_chapter_is_no_text() -> None:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    for number in range(12):
        canvas.drawString(60, 820, "First part" if number < 6 else "Second part")
        canvas.drawString(60, 700, f"This is what the {'x' * (number + 1)} page says about it.")
        canvas.showPage()
    canvas.save()
    text = readers.read(file.getvalue(), ".pdf").text
    assert "part" not in text
    assert text.count("page says") == 12


def test_the_headers_of_short_chapters_are_no_text() -> None:
    chapters = [1, 1, 1, 2, 2, 2, 2, 3, 4, 4]
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    for number, chapter in enumerate(chapters):
        canvas.drawString(60, 820, f"{'abcde'[chapter] * 5} {number + 1}")
        canvas.drawString(60, 700, f"This is what the {'x' * (number + 1)} page says about it.")
        canvas.showPage()
    canvas.save()
    text = readers.read(file.getvalue(), ".pdf").text
    assert text.count("page says") == 10
    assert "ddddd 8" not in text  # once only, but where the other pages have theirs


def test_a_table_of_contents_is_no_text_but_a_list_of_prices_is() -> None:
    contents = [
        "Contents",
        *(f"{words} {'. ' * 30}{n}" for n, words in ((1, "Dose"), (2, "Risk"), (2, "Use"))),
    ]
    reading = _read(contents, [L("Dose", 16), *TEXT, L("Risk", 16), *TEXT])
    assert reading.text == f"## Dose\n\n{PROSE}\n\n## Risk\n\n{PROSE}\n"
    assert reading.advice == ("left out as table of contents: 4 lines",)
    prices = [f"{words} ........ {n}" for n, words in ((9, "Tea"), (3, "Milk"), (5, "Rum"))]
    assert all(price in _read([*TEXT, *prices]).text for price in prices)


def test_headings_that_count_are_no_page_numbers() -> None:
    pages = [[L(f"Day {n}", 18, bold=True), *TEXT] for n in (1, 2, 3)]
    wanted = "\n\n".join(f"## Day {n}\n\n{PROSE}" for n in (1, 2, 3))
    assert _read(*pages).text == f"{wanted}\n"


def test_rows_that_differ_in_their_figures_are_no_footers() -> None:
    pages = [[*TEXT, L(f"Dose: {dose} mg", gap=30)] for dose in (5, 20, 80)]
    text = _read(*pages).text
    assert [f"Dose: {dose} mg" in text for dose in (5, 20, 80)] == [True] * 3


def test_the_number_of_the_only_page_is_no_text() -> None:
    assert _read(TEXT, foot="- {} -").text == f"{PROSE}\n"


def test_words_divided_at_line_ends() -> None:
    page = [
        "It is a long-term matter, and so is the long-",
        "term study that was made of the treat-",
        "ment, of the dose and the response, of the dose-",
        "response curve, the self-",
        "report, COVID-",
        "19, pre-",
        "and postoperative pain, and of Post-",
        "Traumatic stress, of MDMA, and of MD-",
        "MA, an N-",
        "METHYL compound.",
    ]
    assert _read(page).text == (
        "It is a long-term matter, and so is the long-term study that was made of the treatment, "
        "of the dose and the response, of the dose-response curve, the self-report, COVID-19, "
        "pre- and postoperative pain, and of Post-Traumatic "
        "stress, of MDMA, and of MDMA, an N-METHYL compound.\n"
    )


def test_a_paragraph_goes_on_over_the_page_and_behind_notes() -> None:
    first = [
        *TEXT,
        L(TEXT[0], gap=8),
        "than those who did not, and as we know this was so in nearly all of the cases in the old",
    ]
    note = [L("1 As far as we know.", 8, gap=200)]
    last = first[-1]
    name = "Ketamine clinic, of which nobody had known before that anything like that went on"
    assert _read(first, [name, *TEXT]).text == (
        f"{PROSE}\n\n{TEXT[0]} {last} {name} {PROSE}\n"
    )  # a name in capitals goes on as well
    assert _read([*first, *note], [name.lower(), *TEXT]).text == (
        f"{PROSE}\n\n{TEXT[0]} {last} {name.lower()} {PROSE}\n\n1 As far as we know.\n"
    )
    assert _read(TEXT, TEXT).text == f"{PROSE}\n\n{PROSE}\n"


def test_paragraphs_by_gap_indent_and_short_last_line() -> None:
    by_gap = [*TEXT, L(TEXT[0], gap=8), *TEXT[1:]]
    by_indent = [L(TEXT[0], indent=15), *TEXT[1:], L(TEXT[0], indent=15), *TEXT[1:]]
    for page in (by_gap, by_indent, [*TEXT, *TEXT]):
        assert _read(page).text == f"{PROSE}\n\n{PROSE}\n"


def test_rows_are_no_sentence() -> None:
    page = [*TEXT, L("First visit  £72", gap=8), "Further visit  £41", "Both visits  £100"]
    text = f"{PROSE}\n\nFirst visit £72\n\nFurther visit £41\n\nBoth visits £100\n"
    assert _read([L("Prices", 16), *page]).text == f"# Prices\n\n{text}"


def test_a_line_in_bold_amid_a_paragraph_stays_in_it() -> None:
    assert _read([TEXT[0], L(TEXT[1], bold=True), TEXT[2]]).text == f"{PROSE}\n"


def test_lists_by_their_marks() -> None:
    page = [
        *TEXT,
        L("Take these and no others:", gap=8),
        "• green tea, which anybody may drink at any time of the day, and by night if it has to",
        L("be so", indent=8),
        "• milk",
        *TEXT,
        L("1. boil it", gap=8),
        "2. pour it",
        L("Then drink it, and go to bed at once.", gap=8),
    ]
    text = _read([L("Drinks", 18), *page]).text
    assert text == (
        f"## Drinks\n\n{PROSE}\n\nTake these and no others:\n\n- green tea, which anybody may "
        "drink at any time of the day, and by night if it has to be so\n- milk\n\n"
        f"{PROSE}\n\n1. boil it\n2. pour it\n\nThen drink it, and go to bed at once.\n"
    ).replace("## Drinks", "# Drinks")
    assert "\n\n1. boil it\n2. pour it\n\n" in _read(page).text  # without any heading, too


def test_an_article_as_programs_set_it() -> None:
    prose = PROSE * 3

    def p(text: str, style: str = "BodyText") -> Paragraph:
        return Paragraph(text, STYLES[style])

    items = ListFlowable([p("green tea"), p(prose), p("milk")], bulletType="bullet")
    story = [p("Sleep", "Title"), p("Tea", "Heading1"), p(prose), items, p("Light", "Heading2")]
    text = readers.read(_article([*story, p(prose), p("Day", "Heading1"), p(prose)]), ".pdf").text
    assert text == (
        f"# Sleep\n\n## Tea\n\n{prose}\n\n- green tea\n- {prose}\n- milk\n\n### Light\n\n{prose}"
        f"\n\n## Day\n\n{prose}\n"
    )


def test_two_columns_one_after_the_other() -> None:
    file = io.BytesIO()
    frames = [Frame(x, 400, 220, 180, id=str(x)) for x in (50, 310)]
    document = BaseDocTemplate(file, pagesize=A4, pageTemplates=[PageTemplate(frames=frames)])
    document.build([Paragraph(PROSE, STYLES["BodyText"]) for _ in range(4)])
    assert readers.read(file.getvalue(), ".pdf").text == "\n\n".join([PROSE] * 4) + "\n"


def test_the_same_words_in_two_columns_are_no_header() -> None:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    for x in (60, 320):
        for n, line in enumerate(("Morning: one tablet", "Evening: two tablets")):
            canvas.drawString(x, 700 - 14 * n, line)
    canvas.save()
    text = readers.read(file.getvalue(), ".pdf").text
    assert (text.count("one tablet"), text.count("two tablets")) == (2, 2)


def test_ligatures_are_letters() -> None:
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
    page = [L("The ﬁrst inﬂuence of it, as the naïve Übermut of ½ µg.", font="Vera")]
    assert _read(page).text == "The first influence of it, as the naïve Übermut of ½ µg.\n"


def test_raised_figures_are_no_larger_numbers() -> None:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    words = canvas.beginText(60, 700)
    words.setFont("Helvetica", 11)
    words.textOut("There were 10")
    for size, rise, text in ((7, 4, "6"), (11, 0, " cells in 2 of them."), (7, 4, "12")):
        words.setFont("Helvetica", size)
        words.setRise(rise)
        words.textOut(text)
    canvas.drawText(words)
    canvas.save()
    assert readers.read(file.getvalue(), ".pdf").text == "There were 10⁶ cells in 2 of them.¹²\n"


_WORDS = st.text(st.sampled_from("abcdefgéßäKLM"), min_size=1, max_size=9)


@settings(max_examples=12, deadline=None, phases=[Phase.generate])  # each starts a process
@given(st.lists(st.lists(_WORDS, min_size=2, max_size=7), min_size=1, max_size=30), st.randoms())
def test_no_word_is_lost_and_none_changes_places(lines: list[list[str]], random: object) -> None:
    choose = random.choice  # type: ignore[attr-defined]
    numbered = [[f"n{n}", *words] for n, words in enumerate(lines)]  # no two lines are one
    page = [
        L(" ".join(words), choose([11, 11, 11, 14, 18]), choose([False, True]), choose([0, 0, 10]))
        for words in numbered
    ]
    wanted = [word for words in numbered for word in words]
    assert re.findall(r"\w+", _read(page[:15], page[15:]).text) == wanted


def _picture() -> bytes:
    """A page that shows text as a scanner does."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    dots = io.BytesIO(b"P5 8 8 255\n" + bytes(range(64)))
    canvas.drawImage(ImageReader(dots), 60, 60, 400, 600)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _raw(objects: list[bytes]) -> bytes:
    """A PDF of these objects, without a table of where they are: PDFium looks for them."""
    body = b"".join(b"%d 0 obj%b\nendobj\n" % each for each in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF"


def _stream(data: bytes, extra: bytes = b"") -> bytes:
    data = zlib.compress(data, 9)
    return b"<</Filter/FlateDecode/Length %d%b>>stream\n%b\nendstream" % (len(data), extra, data)


def _with_contents(contents: bytes, *more: bytes) -> bytes:
    return _raw(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
            b"/Resources<</XObject<</F 5 0 R>>>>>>",
            _stream(contents),
            *more,
        ]
    )


def _forms_in_forms(depth: int) -> bytes:
    """A few hundred bytes that draw the same thing ten to the power of `depth` times."""
    forms = [
        _stream(
            b"/F Do " * 10,
            b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F %d 0 R>>>>"
            % (n + 1),
        )
        for n in range(5, 5 + depth)
    ]
    last = _stream(b"0 0 m 5 5 l S", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]")
    return _with_contents(b"/F Do", *forms, last)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "no PDF that can be read"),
        (b"Just a text.", "no PDF that can be read"),
        (_pdf(TEXT)[:400], "no PDF that can be read"),
        (_pdf(TEXT, password="secret"), "protected by a password: save it without one"),
        (_picture(), "pages are pictures, without text: run OCR over it first"),
        (_pdf([]), "pages are pictures"),
    ],
    ids=["0", "txt", "cut", "password", "picture", "blank"],
)
def test_what_has_no_text_says_so(data: bytes, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        readers.read(data, ".pdf")


def test_a_pdf_without_its_end_is_read_as_far_as_it_goes() -> None:
    assert readers.read(_pdf(TEXT)[:-20], ".pdf").text == f"{PROSE}\n"


def test_pages_without_text_are_told() -> None:
    reading = _read(TEXT, [], TEXT, [])
    assert reading.notes == ("pages without text: 2, 4; run OCR over it if they should have any",)


@pytest.mark.parametrize(
    ("bounds", "problem"),
    [
        (Bounds(pages=2), "3 pages: at most 2; divide it"),
        (Bounds(chars=2), "more than 2 characters"),
    ],
    ids=["pages", "characters"],
)
def test_bounds(bounds: Bounds, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        open_pdf(_pdf(TEXT, TEXT, TEXT), bounds)


@pytest.mark.skipif(sys.platform == "win32", reason="bounds of a process")
@pytest.mark.parametrize(
    ("data", "bounds"),
    [
        (_forms_in_forms(12), Bounds(seconds=1)),
        (_with_contents(b"q " * 8_000_000), Bounds(memory=400_000_000)),
    ],
    ids=["days of work", "gigabytes of memory"],
)
def test_bombs_end_with_their_process(data: bytes, bounds: Bounds) -> None:
    assert len(data) < 100_000
    with pytest.raises(ValueError, match="too much time or memory"):
        open_pdf(data, bounds)


def test_without_pypdfium2_the_message_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(
        ValueError, match=r"reading \.pdf needs the extra \[formats\]: pip install pypdfium2=="
    ):
        _read(TEXT)
