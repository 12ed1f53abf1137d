"""Word documents, written by python-docx or as bare XML: what becomes of them, to the letter."""

from __future__ import annotations

import io
import re
import sys
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from xml.sax.saxutils import escape

import docx
import pytest
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from hypothesis import given, settings
from hypothesis import strategies as st

from passages.articles import readers
from passages.articles.readers import writing
from passages.articles.readers.reading import Reading
from passages.articles.readers.word import word_archive

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
NAMES = f"""xmlns:w="{W}" xmlns:wp="urn:wp" xmlns:v="urn:schemas-microsoft-com:vml"
    xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
    xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"
    xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" """
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def _saved(document: Document) -> Reading:
    file = io.BytesIO()
    document.save(file)
    return readers.read(file.getvalue(), ".docx")


def _archive(members: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def _bare(body: str, **parts: str) -> bytes:
    """A document of this XML; `styles`, `numbering`, `footnotes` are parts of their own."""
    members: dict[str, str | bytes] = {
        f"word/{name}.xml": f"<w:{name} {NAMES}>{xml}</w:{name}>" for name, xml in parts.items()
    }
    members["word/document.xml"] = f"<w:document {NAMES}><w:body>{body}</w:body></w:document>"
    return _archive(members)


def _read(body: str, **parts: str) -> Reading:
    return readers.read(_bare(body, **parts), ".docx")


def _p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def _style(name: str, inside: str = "", style: str = "") -> str:
    told = f'w:type="paragraph" w:styleId="{style or name}"'
    return f'<w:style {told}><w:name w:val="{name}"/>{inside}</w:style>'


def test_headings_by_styles_below_the_title() -> None:
    document = docx.Document()
    document.core_properties.title = "A draft of March"
    document.add_heading("Sleep", 0)
    document.add_paragraph("What helps, and what does not.")
    for level, words in ((1, "At night"), (2, "Light"), (3, "Blue light"), (1, "By day")):
        document.add_heading(words, level)
        document.add_paragraph(f"About {words.lower()}.")
    reading = _saved(document)
    assert reading.title is None  # the text shows it
    assert reading.text == (
        "# Sleep\n\nWhat helps, and what does not.\n\n"
        "## At night\n\nAbout at night.\n\n### Light\n\nAbout light.\n\n"
        "#### Blue light\n\nAbout blue light.\n\n## By day\n\nAbout by day.\n"
    )


def test_several_chapters_stand_below_the_title_that_the_file_tells() -> None:
    document = docx.Document()
    document.core_properties.title = "Sleep"
    document.add_heading("At night", 1)
    document.add_paragraph("Dark.")
    document.add_heading("By day", 1)
    document.add_paragraph("Light.")
    reading = _saved(document)
    assert reading.title == "Sleep"
    assert reading.text == "## At night\n\nDark.\n\n## By day\n\nLight.\n"


def test_the_only_heading_of_the_first_level_is_the_title() -> None:
    document = docx.Document()
    document.core_properties.title = "Document1"
    document.add_heading("Sleep", 1)
    document.add_heading("At night", 2)
    document.add_paragraph("Dark.")
    reading = _saved(document)
    assert (reading.title, reading.text) == (None, "# Sleep\n\n## At night\n\nDark.\n")


def test_lists_bulleted_numbered_nested_and_going_on() -> None:
    document = docx.Document()
    for words, style in (
        ("Tea", "List Bullet"),
        ("green", "List Bullet 2"),
        ("black", "List Bullet 2"),
        ("Milk", "List Bullet"),
        ("Boil it", "List Number"),
        ("Pour it", "List Number"),
        ("Wait a while.", "Normal"),
        ("Drink it", "List Number"),
    ):
        document.add_paragraph(words, style=style)
    assert _saved(document).text == (
        "- Tea\n  - green\n  - black\n- Milk\n\n1. Boil it\n2. Pour it\n\nWait a while.\n\n"
        "3. Drink it\n"
    )


def test_numbers_are_those_that_word_shows() -> None:
    levels = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="{start}"/><w:numFmt w:val="{mark}"/></w:lvl>'
        for n, start, mark in ((0, 4, "decimal"), (1, 1, "lowerLetter"), (2, 1, "bullet"))
    )
    numbering = (
        f'<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )

    def item(words: str, level: int, of: int = 1) -> str:
        told = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{of}"/></w:numPr>'
        return _p(words, told)

    body = [item("a", 0), item("b", 1), item("c", 2), item("d", 1), item("e", 0), item("f", 1)]
    text = _read("".join([*body, item("g", 0, of=2), item("h", 0, of=0)]), numbering=numbering).text
    assert text == "4. a\n   1. b\n      - c\n   2. d\n5. e\n   1. f\n\n1. g\n\nh\n"


def test_tables_and_the_bullets_in_their_cells() -> None:
    document = docx.Document()
    table = document.add_table(3, 2)
    for place, words in enumerate(("Drug", "Dose", "Ketamine", "0.5 mg | kg", "Esketamine")):
        table.cell(place // 2, place % 2).text = words
    last = table.cell(2, 1)
    last.paragraphs[0].text = "28 mg"
    last.add_paragraph("twice a week", style="List Bullet")
    table.cell(1, 0).merge(table.cell(2, 0))
    document.add_paragraph("After it.")
    assert _saved(document).text == (
        "| Drug | Dose |\n| --- | --- |\n| Ketamine Esketamine | 0.5 mg \\| kg |\n"
        "|  | 28 mg • twice a week |\n\nAfter it.\n"
    )


def test_a_table_of_one_column_is_a_frame_around_its_text() -> None:
    document = docx.Document()
    cell = document.add_table(1, 1).cell(0, 0)
    cell.paragraphs[0].text = "Call for help"
    cell.paragraphs[0].style = document.styles["Heading 2"]
    cell.add_paragraph("if you are short of breath.")
    assert _saved(document).text == "## Call for help\n\nif you are short of breath.\n"


def test_bold_breaks_and_powers_keep_their_words() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Take ")
    paragraph.add_run("one").bold = True
    paragraph.add_run(" of 10")
    paragraph.add_run("6").font.superscript = True
    paragraph.add_run(" tablets\tdaily.").add_break()
    paragraph.add_run("2*3*4 <b> # no markup")
    assert (
        _saved(document).text == "Take one of 10⁶ tablets daily.  \n2\\*3\\*4 \\<b> # no markup\n"
    )


def test_links_keep_their_words() -> None:
    link = '<w:hyperlink w:anchor="x"><w:r><w:t>the label</w:t></w:r></w:hyperlink>'
    assert _read(f"<w:p><w:r><w:t>See </w:t></w:r>{link}</w:p>").text == "See the label\n"


def test_bold_paragraphs_are_headings_where_there_are_no_others() -> None:
    document = docx.Document()
    strong = document.styles.add_style("Kopf", WD_STYLE_TYPE.PARAGRAPH)
    strong.font.bold = True
    document.add_paragraph("At night", style="Kopf")
    document.add_paragraph("It is dark.")
    document.add_paragraph("Night Is Young", style="Intense Quote")
    document.add_paragraph().add_run("At noon").bold = True
    document.add_paragraph("It is light.")
    reading = _saved(document)
    assert (
        reading.text
        == "## At night\n\nIt is dark.\n\nNight Is Young\n\n## At noon\n\nIt is light.\n"
    )
    assert reading.advice == ("headings found by being bold: 2",)


@pytest.mark.parametrize(
    ("styles", "properties"),
    [
        (
            _style("heading 2", '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>', "berschrift2"),
            "berschrift2",
        ),
        (_style("heading 2", style="berschrift2"), "berschrift2"),
        (
            _style("Überschrift 2", '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>', "Heading2"),
            "Heading2",
        ),
        (
            _style("Heading 2", '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>')
            + _style("Our own", '<w:basedOn w:val="Heading 2"/>'),
            "Our own",
        ),
        ("", "Heading2"),
    ],
    ids=["german", "german-bare", "german-name", "based-on", "no-styles"],
)
def test_headings_of_other_languages_and_templates(styles: str, properties: str) -> None:
    body = _p("Dosis", f'<w:pStyle w:val="{properties}"/>') + _p("Ein Gramm.")
    assert _read(body, styles=styles).text == "## Dosis\n\nEin Gramm.\n"


def test_outline_levels_of_paragraphs_and_what_is_too_long_for_a_heading() -> None:
    long = "long " * 60
    body = _p("Dose", '<w:outlineLvl w:val="2"/>') + _p(long, '<w:outlineLvl w:val="2"/>')
    plain = _p("Body", '<w:pStyle w:val="Heading1"/><w:outlineLvl w:val="9"/>')
    assert _read(body + plain).text == f"## Dose\n\n{long.strip()}\n\nBody\n"


def test_styles_based_on_each_other_end() -> None:
    styles = _style("a", '<w:basedOn w:val="b"/>') + _style("b", '<w:basedOn w:val="a"/>')
    assert _read(_p("Text.", '<w:pStyle w:val="a"/>'), styles=styles).text == "Text.\n"


def test_notes_stand_at_the_end_of_their_section() -> None:
    def note(number: int) -> str:
        raised = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
        return f'<w:r>{raised}<w:footnoteReference w:id="{number}"/></w:r>'

    heading = '<w:pStyle w:val="Heading2"/>'
    body = (
        _p("Safety", heading)
        + f"<w:p><w:r><w:t>It is safe.</w:t></w:r>{note(7)}</w:p>"
        + _p("So they say.")
        + _p("Cost", heading)
        + f"<w:p><w:r><w:t>It is cheap</w:t></w:r>{note(3)}<w:r><w:t>.</w:t></w:r></w:p>"
    )
    footnotes = (
        '<w:footnote w:id="0" w:type="separator"><w:p><w:r><w:t>---</w:t></w:r></w:p></w:footnote>'
        f'<w:footnote w:id="3">{_p(" A pound.")}</w:footnote>'
        f'<w:footnote w:id="7">{_p("In rats.")}{_p("And mice.")}</w:footnote>'
    )
    assert _read(body, footnotes=footnotes).text == (
        "## Safety\n\nIt is safe.[1]\n\nSo they say.\n\n[1] In rats.\n\nAnd mice.\n\n"
        "## Cost\n\nIt is cheap[2].\n\n[2] A pound.\n"
    )


def test_tracked_changes_are_taken_as_accepted() -> None:
    body = (
        "<w:p><w:r><w:t>Give </w:t></w:r>"
        "<w:del><w:r><w:delText>ten</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>two</w:t></w:r></w:ins><w:r><w:t> tablets</w:t></w:r>"
        "<w:moveFrom><w:r><w:t> at noon</w:t></w:r></w:moveFrom></w:p>"
        + _p("at ", "<w:rPr><w:del/></w:rPr>")
        + _p("night.")
        + "<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>"
        + _p("gone")
        + "</w:tc></w:tr></w:tbl>"
    )
    assert _read(body).text == "Give two tablets\n\nat night.\n"


def test_a_heading_that_was_deleted_gives_the_next_paragraph_no_style() -> None:
    gone = '<w:pPr><w:pStyle w:val="Heading1"/><w:rPr><w:del/></w:rPr></w:pPr>'
    deleted = "<w:del><w:r><w:delText>Old</w:delText></w:r></w:del>"
    assert _read(f"<w:p>{gone}{deleted}</w:p>" + _p("Text.")).text == "Text.\n"
    last = _p("The end", "<w:rPr><w:del/></w:rPr>")
    table = f"<w:tbl><w:tr><w:tc>{last}</w:tc><w:tc>{_p('x')}</w:tc></w:tr></w:tbl>"
    assert (
        _read(last + table + last).text == "The end\n\n| The end | x |\n| --- | --- |\n\nThe end\n"
    )


def test_a_drop_cap_is_the_first_letter_of_its_word() -> None:
    body = _p("O", '<w:framePr w:dropCap="drop" w:lines="3"/>') + _p("nce upon a time.")
    assert _read(body).text == "Once upon a time.\n"


def _box(words: str) -> str:
    return f"<w:txbxContent>{_p(words)}</w:txbxContent>"


@pytest.mark.parametrize(
    "inside",
    [
        "<mc:AlternateContent><mc:Choice>{0}</mc:Choice><mc:Fallback>{0}</mc:Fallback>"
        "</mc:AlternateContent>",
        "<mc:AlternateContent><mc:Choice>{0}</mc:Choice><mc:Fallback><w:pict/></mc:Fallback>"
        "</mc:AlternateContent>",
        "<mc:AlternateContent><mc:Choice/><mc:Fallback>{0}</mc:Fallback></mc:AlternateContent>",
        "<w:pict><v:shape><v:textbox>{0}</v:textbox></v:shape></w:pict>",
        "<w:drawing><wp:anchor><a:graphic>{0}</a:graphic></wp:anchor></w:drawing>",
    ],
    ids=["word", "google", "old-only", "vml", "drawing"],
)
def test_text_boxes_are_read_once_behind_their_paragraph(inside: str) -> None:
    box = inside.format(_box("Beware of the dose."))
    body = f"<w:p><w:r><w:t>Before, </w:t></w:r><w:r>{box}</w:r><w:r><w:t>after.</w:t></w:r></w:p>"
    assert _read(body + _p("Then.")).text == "Before, after.\n\nBeware of the dose.\n\nThen.\n"


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ('Table <w:fldSimple w:instr="SEQ"><w:r><w:t>3</w:t></w:r></w:fldSimple>', "Table 3"),
        ("<w:smartTag><w:r><w:t>London</w:t></w:r></w:smartTag>", "London"),
        ("<w:sdt><w:sdtContent><w:r><w:t>choice</w:t></w:r></w:sdtContent></w:sdt>", "choice"),
        ("<w:unheardOf><w:r><w:t>kept</w:t></w:r></w:unheardOf>", "kept"),
        ("<m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r>"
         "</m:den></m:f></m:oMath>", "a/b"),
        ("<w:r><w:t>long</w:t><w:noBreakHyphen/><w:t>term</w:t></w:r>", "long-term"),
        ("<w:r><w:t>treat</w:t><w:softHyphen/><w:t>ment</w:t></w:r>", "treatment"),
        ('<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF x</w:instrText></w:r>'
         "<w:r><w:t>page 4</w:t></w:r>", "page 4"),
        ('<w:r><w:sym w:font="Symbol" w:char="00B5"/><w:t>g</w:t></w:r>', "µg"),
    ],
)  # fmt: skip
def test_words_are_found_wherever_word_puts_them(inside: str, text: str) -> None:
    inside = re.sub("^([A-Z]\\w+ )", r"<w:r><w:t>\1</w:t></w:r>", inside)
    assert _read(f"<w:p>{inside}</w:p>").text == f"{text}\n"


def test_what_is_left_out_is_told() -> None:
    body = (
        _p("Seen.")
        + "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>two words</w:t></w:r></w:p>"
        + '<w:p><w:r><w:drawing><a:graphicData uri="x/2006/diagram"/></w:drawing></w:r></w:p>'
        + '<w:altChunk/><w:p><w:r><w:sym w:font="Wingdings" w:char="F04A"/></w:r></w:p>'
    )
    reading = _read(body)
    assert reading.text == "Seen.\n"
    assert reading.notes == (
        "hidden words left out: 2",
        "diagrams left out: 1",
        "inserted files left out: 1",
        "symbols left out: 1",
    )


def _m(text: str) -> str:
    return f"<m:r><m:t>{escape(text)}</m:t></m:r>"


def _fraction(above: str, below: str) -> str:
    return f"<m:f><m:num>{above}</m:num><m:den>{below}</m:den></m:f>"


def _power(base: str, exponent: str) -> str:
    return f"<m:sSup><m:e>{base}</m:e><m:sup>{exponent}</m:sup></m:sSup>"


def _d(inside: str, properties: str = "") -> str:
    return f"<m:d><m:dPr>{properties}</m:dPr><m:e>{inside}</m:e></m:d>"


SUM = (
    '<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub>'
    + _m("i=1")
    + "</m:sub><m:sup>"
    + _m("n")
    + "</m:sup><m:e>"
    + _m("i")
    + "</m:e></m:nary>"
)
SQUARES = '<m:begChr m:val="["/><m:endChr m:val="]"/>'
FORMULAS = {
    "x=(a+b)/(2c)": _m("x=") + _fraction(_m("a+b"), _m("2c")),
    "A=πr²": _m("A=π") + _power(_m("r"), _m("2")),
    "(a/b)/c": _fraction(_fraction(_m("a"), _m("b")), _m("c")),
    "dose/weight": _fraction(_m("dose"), _m("weight")),
    "(x+1)/2": _fraction(_d(_m("x+1")), _m("2")),
    "e^(−kt)": _power(_m("e"), _m("−kt")),
    "10⁻⁶": _power(_m("10"), _m("-6")),
    "[a+b]²": _power(_d(_m("a+b"), SQUARES), _m("2")),
    "√(b²−4ac)": "<m:rad><m:deg/><m:e>" + _power(_m("b"), _m("2")) + _m("−4ac") + "</m:e></m:rad>",
    "∛x": f"<m:rad><m:deg>{_m('3')}</m:deg><m:e>{_m('x')}</m:e></m:rad>",
    "∑_(i=1)^n i": SUM,
    "sin x": f"<m:func><m:fName>{_m('sin')}</m:fName><m:e>{_m('x')}</m:e></m:func>",
    "(1, 0; 0, 1)": _d(
        f"<m:m><m:mr><m:e>{_m('1')}</m:e><m:e>{_m('0')}</m:e></m:mr>"
        f"<m:mr><m:e>{_m('0')}</m:e><m:e>{_m('1')}</m:e></m:mr></m:m>"
    ),
    "(n k)": _d(
        f'<m:f><m:fPr><m:type m:val="noBar"/></m:fPr><m:num>{_m("n")}</m:num>'
        f"<m:den>{_m('k')}</m:den></m:f>"
    ),
}


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_read_alike_in_a_paragraph_and_in_a_cell(text: str) -> None:
    formula = f"<w:p><m:oMath>{FORMULAS[text]}</m:oMath></w:p>"
    cells = f"<w:tbl><w:tr><w:tc>{formula}</w:tc><w:tc>{_p('b')}</w:tc></w:tr></w:tbl>"
    assert _read(formula).text == f"{writing.paragraph(text)}\n"
    assert _read(cells).text == f"| {writing.inline(text)} | b |\n| --- | --- |\n"


def test_raised_figures_stay_raised_in_cells_and_headings() -> None:
    raised = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>{}</w:t></w:r>'
    power = f"<w:r><w:t>10</w:t></w:r>{raised.format('-6')}<w:r><w:t> mol</w:t></w:r>"
    heading = f'<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr>{power}</w:p>'
    cells = f"<w:tbl><w:tr><w:tc><w:p>{power}</w:p></w:tc><w:tc>{_p('b')}</w:tc></w:tr></w:tbl>"
    text = "# 10⁻⁶ mol\n\n| 10⁻⁶ mol | b |\n| --- | --- |\n"
    assert _read(heading + cells).text == text


def test_prose_between_the_items_of_a_nested_list_is_in_the_item_above() -> None:
    document = docx.Document()
    for style, words in (
        ("List Number", "First"),
        ("List Number 2", "Sub one"),
        ("Normal", "Prose below sub one."),
        ("List Number 2", "Sub two"),
        ("List Number", "Second"),
    ):
        document.add_paragraph(words, style)
    assert _saved(document).text == (
        "1. First\n   1. Sub one\n\n   Prose below sub one.\n\n   2. Sub two\n2. Second\n"
    )


NUMBERING = """<w:abstractNum w:abstractNumId="0">{}</w:abstractNum>
    <w:abstractNum w:abstractNumId="1">{}</w:abstractNum>
    <w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
    <w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>""".format(
    *(
        "".join(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{mark}"/></w:lvl>'
            for level in range(3)
        )
        for mark in ("bullet", "decimal")
    )
)


def _item(text: str, level: int, name: int = 1) -> str:
    return _p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{name}"/></w:numPr>')


INTERRUPTED = {
    "bullets": (
        _item("a", 0) + _item("b", 1) + _p("Prose.") + _item("c", 1) + _item("d", 0),
        "- a\n  - b\n\n  Prose.\n  - c\n- d\n",
    ),
    "two levels down": (
        _item("a", 0, 2) + _item("b", 1, 2) + _item("c", 2, 2) + _p("Prose.") + _item("d", 2, 2),
        "1. a\n   1. b\n      1. c\n\n      Prose.\n\n      2. d\n",
    ),
    "prose before the first nested item": (
        _item("a", 0, 2) + _p("Prose.") + _item("b", 1, 2),
        "1. a\n\n   Prose.\n   1. b\n",
    ),
    "the nested list is one of its own": (
        _item("a", 0, 2) + _p("You need:") + _item("b", 1) + _item("c", 1) + _item("d", 0, 2),
        "1. a\n\n   You need:\n   - b\n   - c\n2. d\n",
    ),
    "a list on the first level begins anew": (
        _item("a", 0, 2) + _p("Prose.") + _item("b", 0, 2),
        "1. a\n\nProse.\n\n2. b\n",
    ),
    "another list": (
        _item("a", 0) + _item("b", 1) + _p("Prose.") + _item("c", 1, 2),
        "- a\n  - b\n\nProse.\n\n1. c\n",
    ),
    "much prose is no part of an item": (
        _item("a", 0) + _item("b", 1) + _p("Prose.") * 4 + _item("c", 1),
        "- a\n  - b\n\n" + "Prose.\n\n" * 4 + "- c\n",
    ),
}


@pytest.mark.parametrize("name", INTERRUPTED)
def test_lists_interrupted_by_prose(name: str) -> None:
    body, text = INTERRUPTED[name]
    assert _read(body, numbering=NUMBERING).text == text


@pytest.mark.parametrize(
    ("levels", "marks"),
    [
        ((1, 3, 2, 3), "1 2 2 3"),
        ((1, 4, 5, 4), "1 2 3 2"),
        ((1, 1, 3, 1), "2 2 3 2"),
        ((1, 2, 3, 4, 5, 6, 7), "1 2 3 4 5 6 6"),
        ((2, 4), "2 3"),
    ],
)
def test_levels_that_a_document_skips_are_none(levels: tuple[int, ...], marks: str) -> None:
    body = "".join(_p(f"H{n}", f'<w:pStyle w:val="heading {n}"/>') + _p("x.") for n in levels)
    found = re.findall(r"^#+", _read(body).text, re.MULTILINE)
    assert " ".join(str(len(mark)) for mark in found) == marks


CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def test_the_title_of_a_chart_is_text() -> None:
    body = f"""{_p("Before.")}<w:p><w:r><w:drawing><a:graphic><a:graphicData uri="{CHART}">
        <c:chart xmlns:c="{CHART}" xmlns:r="urn:r" r:id="rId7"/></a:graphicData></a:graphic>
        </w:drawing></w:r></w:p>{_p("Behind.")}"""
    chart = f"""<c:chartSpace xmlns:c="{CHART}" {NAMES}><c:chart><c:title><c:tx><c:rich><a:p>
        <a:r><a:t>Pain by </a:t></a:r><a:r><a:t>week</a:t></a:r></a:p></c:rich></c:tx></c:title>
        <c:plotArea><c:valAx><c:title><a:p><a:r><a:t>Score</a:t></a:r></a:p></c:title></c:valAx>
        </c:plotArea></c:chart></c:chartSpace>"""
    relation = '<Relationship Id="rId7" Type="x/chart" Target="charts/chart1.xml"/>'
    reading = readers.read(
        _archive(
            {
                "word/document.xml": f"<w:document {NAMES}><w:body>{body}</w:body></w:document>",
                "word/_rels/document.xml.rels": f'<Relationships xmlns="{RELATIONS}">{relation}'
                "</Relationships>",
                "word/charts/chart1.xml": chart,
            }
        ),
        ".docx",
    )
    assert reading.text == "Before.\n\nPain by week\n\nBehind.\n"
    assert reading.notes == ("diagrams left out: 1",)


def _in(language: str, text: str, kind: str = "val") -> str:
    mark = f'<w:rPr><w:lang w:{kind}="{language}"/></w:rPr>' if language else ""
    return f"<w:p><w:r>{mark}<w:t>{text}</w:t></w:r></w:p>"


DEFAULT = '<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="en-US" w:eastAsia="ja-JP"/></w:rPr>'
DEFAULT += "</w:rPrDefault></w:docDefaults>"


@pytest.mark.parametrize(
    ("body", "language"),
    [
        (_in("", "The tent is mended with tape."), "en-US"),
        (_in("de-DE", "Das Zelt wird mit Band geflickt.") + _in("", "A tent."), "de-DE"),
        (_in("", "テントをテープで直す。"), "ja-JP"),
        (_in("ar-SA", "تصلح الخيمة بالشريط", "bidi") + _in("", "tent"), "ar-SA"),
        (_in("", "Das Zelt wird mit Band geflickt und trocknet in der Nacht."), None),
        (_in("x-none", "The tent"), None),
    ],
)
def test_the_language_is_that_of_most_of_the_text(body: str, language: str | None) -> None:
    assert _read(body, styles=DEFAULT).language == language


def test_the_language_that_the_file_says_goes_before() -> None:
    document = docx.Document()
    document.add_paragraph("Das Zelt wird mit Band geflickt.")
    document.core_properties.language = "de-AT"
    assert _saved(document).language == "de-AT"


def test_the_table_of_contents_is_no_text() -> None:
    gallery = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
    contents = (
        f"<w:sdt><w:sdtPr>{gallery}</w:sdtPr><w:sdtContent>{_p('Contents')}</w:sdtContent></w:sdt>"
    )
    body = _p("Dose 4", '<w:pStyle w:val="TOC1"/>') + contents + _p("Text.")
    assert _read(body, styles=_style("toc 1", style="TOC1")).text == "Text.\n"


def test_strict_documents_are_documents() -> None:
    data = _archive({"word/document.xml": f'<w:document xmlns:w="{STRICT}">{_p("x")}</w:document>'})
    assert readers.read(data, ".docx").text == "x\n"


def test_the_main_part_is_the_one_that_the_archive_names() -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r" Type="{kind}" Target="/word/document2.xml"/></Relationships>'
    )
    main = f'<w:document xmlns:w="{W}">{_p("x")}</w:document>'
    data = _archive({"_rels/.rels": relations, "word/document2.xml": main})
    assert readers.read(data, ".docx").text == "x\n"


_WORDS = st.text(st.characters(codec="utf-8", categories=("L", "Nd")), min_size=1, max_size=8)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["p", "Heading1", "Heading2", "Title", "cell", "bold", "box", "note"]),
            st.lists(_WORDS, min_size=1, max_size=6),
        ),
        max_size=12,
    )
)
def test_no_word_is_lost_and_none_changes_places(blocks: list[tuple[str, list[str]]]) -> None:
    body = ""
    for kind, words in blocks:
        if kind in ("p", "note"):
            body += _p(" ".join(words))
        elif kind == "cell":
            cells = "".join(f"<w:tc>{_p(word)}</w:tc>" for word in words)
            body += f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"
        elif kind == "bold":
            runs = (f"<w:r><w:rPr><w:b/></w:rPr><w:t> {word}</w:t></w:r>" for word in words)
            body += f"<w:p>{''.join(runs)}</w:p>"
        elif kind == "box":
            body += f"<w:p><w:r><w:pict>{_box(' '.join(words))}</w:pict></w:r></w:p>"
        else:
            body += _p(" ".join(words), f'<w:pStyle w:val="{kind}"/>')
    wanted = re.findall(r"\w+", " ".join(readers.decoding.clean(w) for _, ws in blocks for w in ws))
    if wanted:
        assert re.findall(r"\w+", _read(body).text) == wanted


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "no Word document"),
        (b"Just a text.", "no Word document"),
        (OLE, r"an old \.doc: save it as \.docx"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (_archive({"a.txt": "x"}), "an archive, but no Word document"),
        (_archive({"word/document.xml": "<html/>"}), "no Word document"),
        (_archive({"word/document.xml": "<w:document"}), "a damaged Word document"),
        (_bare(_p("x"))[:-40], "a damaged one"),
        (_bare(_p("x"))[10:], "a damaged one"),
        (_bare(""), "holds no text"),
        (_bare(_p(" ")), "holds no text"),
    ],
    ids=["0", "txt", "doc", "crypt", "zip", "html", "cut-xml", "cut", "head", "empty", "blank"],
)
def test_what_is_no_document_says_so(data: bytes, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        readers.read(data, ".docx")


def test_an_empty_document_of_word_holds_no_text() -> None:
    with pytest.raises(ValueError, match="holds no text"):
        _saved(docx.Document())


def test_a_damaged_member_is_refused() -> None:
    data = bytearray(_bare(_p("x" * 5000)))
    data[data.index(b"word/document.xml") + 40] ^= 0xFF
    with pytest.raises(ValueError, match="damaged"):
        readers.read(bytes(data), ".docx")


def _huge(megabytes: int) -> bytes:
    return b"\0" * (megabytes * 1_000_000)


_ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 20}">' for n in range(1, 9))
_LAUGHS = f'<!DOCTYPE d [<!ENTITY e0 "ha">{_ENTITIES}]>'


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda: _archive({"word/document.xml": _huge(25)}), "more than 20 MB of text"),
        (lambda: _bare(_p(" " * 9_000_000) * 2, styles=" " * 9_000_000), "more than 20 MB"),
        (lambda: _archive({"word/document.xml": b"<a/>"}, zipfile.ZIP_BZIP2), "packed in a way"),
        (lambda: _archive({"word/document.xml": b"<a/>"}, zipfile.ZIP_LZMA), "packed in a way"),
        (lambda: _archive({f"m{n}": "" for n in range(5_001)}), "5,001 files in it"),
        (lambda: _bare("<w:p/>" * 400_001 + "<w:p/>" * 400_001), "more than 800,000 tags"),
        (lambda: _bare("<w:ins>" * 300 + "</w:ins>" * 300), "damaged Word document.*depth"),
        (lambda: _bare("<w:tbl><w:tr><w:tc/><w:tc>" * 30 + "</w:tc></w:tr></w:tbl>" * 30),
         "nested more than 20 deep"),
        (lambda: _archive({"word/document.xml": f"{_LAUGHS}<w:document xmlns:w='{W}'>&e8;"
                           "</w:document>"}), "amplification"),
        (lambda: _archive({"word/document.xml": f"{_LAUGHS}<w:document xmlns:w='{W}' a='&e8;'/>"}),
         "damaged Word document"),
        (lambda: _archive({"word/document.xml": "<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///a'>]>"
                           f"<w:document xmlns:w='{W}'>&x;</w:document>"}), "entities of its own"),
    ],
    ids=["zip", "zip-2", "bzip2", "lzma", "members", "tags", "deep", "tables", "laughs",
         "attribute", "external"],
)  # fmt: skip
def test_bombs_are_refused_at_once(make: Callable[[], bytes], problem: str) -> None:
    data = make()
    began = time.process_time()
    with pytest.raises(ValueError, match=problem):
        readers.read(data, ".docx")
    assert time.process_time() - began < 2


def test_a_member_that_lies_about_its_size_is_not_unpacked() -> None:
    data = bytearray(_archive({"word/document.xml": _huge(60)}))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.index(mark) + place
        data[at : at + 4] = (1000).to_bytes(4, "little")
    tracemalloc.start()
    with pytest.raises(ValueError, match="damaged"):
        readers.read(bytes(data), ".docx")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000


def test_members_that_no_document_needs_are_never_unpacked() -> None:
    members = {"word/document.xml": f'<w:document xmlns:w="{W}">{_p("x")}</w:document>'}
    data = _archive({**members, "word/media/bomb.bin": _huge(60)})
    assert readers.read(data, ".docx").text == "x\n"
    assert word_archive.MAX_XML_BYTES < 60_000_000


def test_many_runs_take_no_square_of_their_number() -> None:
    run = "<w:r><w:rPr><w:b/></w:rPr><w:t>a </w:t></w:r><w:r><w:t>b </w:t></w:r>"
    data = _bare(f"<w:p>{run * 20_000}</w:p>")
    began = time.process_time()
    assert readers.read(data, ".docx").text.count("a b") == 20_000
    assert time.process_time() - began < 3


def test_without_lxml_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lxml.etree", None)
    with pytest.raises(
        ValueError, match=r"reading \.docx needs the extra \[formats\]: pip install lxml=="
    ):
        readers.read(_bare(_p("x")), ".docx")
