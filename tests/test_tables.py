"""Tables in plain text and in files of their own: which cells come out, and what is no table."""

from __future__ import annotations

import pytest

from passages.articles import readers
from passages.articles.chunking import chunk
from passages.articles.corpus import Article
from passages.errors import UnreadableFile
from tests.conftest import BagOfWords

TABLE = """| name | dose | unit | notes |
| --- | --- | --- | --- |
| alpha | 40 | mg | with food |
| beta | 80 | mg | at night, not with milk |
| gamma | 5 | ml | before sleep |
"""
ROWS = [
    ("name", "dose", "unit", "notes"),
    ("alpha", "40", "mg", "with food"),
    ("beta", "80", "mg", "at night, not with milk"),
    ("gamma", "5", "ml", "before sleep"),
]


def _text(text: str, suffix: str = ".txt") -> str:
    return readers.read(text.encode(), suffix).text


def _joined(separator: str, quote: str = "") -> str:
    return "\n".join(separator.join(f"{quote}{cell}{quote}" for cell in row) for row in ROWS)


WAYS = {
    "commas": "\n".join(
        ",".join(f'"{cell}"' if "," in cell else cell for cell in row) for row in ROWS
    ),
    "commas, all quoted": _joined(",", '"'),
    "semicolons": _joined(";"),
    "tabs": _joined("\t"),
    "bars": _joined(" | "),
    "bars at both ends": "\n".join(f"| {' | '.join(row)} |" for row in ROWS),
    "columns": "\n".join(f"{a:<8}{b:<6}{c:<6}{d}" for a, b, c, d in ROWS),
    "columns, a rule below the head": "\n".join(
        f"{a:<8}{b:<6}{c:<6}{d}"
        for a, b, c, d in (ROWS[0], ("-----", "----", "----", "-----"), *ROWS[1:])
    ),
    "a cell on two lines": _joined(",", '"').replace("not with", "not\nwith"),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_rows_of_a_table_in_plain_text(way: str) -> None:
    assert _text(WAYS[way] + "\n") == TABLE


@pytest.mark.parametrize("way", [way for way in WAYS if "two lines" not in way])
def test_a_table_between_paragraphs(way: str) -> None:
    text = f"DOSES\n\nThese are what was given:\n\n{WAYS[way]}\n\nNobody took more than that.\n"
    table = "# DOSES\n\nThese are what was given:\n\n" + TABLE + "\nNobody took more than that.\n"
    assert _text(text) == table


def test_a_table_right_below_its_lead_in() -> None:
    text = _text(f"These are what was given:\n{_joined(';')}\nNobody took more.\n")
    assert text == f"These are what was given:\n\n{TABLE}\nNobody took more.\n"


def test_each_row_is_a_sentence() -> None:
    article = Article("doses", "doses", _text(WAYS["commas"]))
    [passage] = chunk(article, BagOfWords().count_tokens, 200)
    sentences = [passage.words[start:end] for start, end in passage.sentences]
    assert "beta\t80\tmg\tat night, not with milk" in sentences


def test_columns_without_a_head_have_an_empty_one() -> None:
    text = "200 g   flour\n3       eggs\n1 l     milk\n"
    assert (
        _text(text) == "|  |  |\n| --- | --- |\n| 200 g | flour |\n| 3 | eggs |\n| 1 l | milk |\n"
    )


PROSE = [
    "It costs 1,000 pounds\nand 2,000 more then\nor 3,000 pounds again\n",
    "First, we went home, and then\nwe slept, for a while, until\nit was day, and warm, and then\n",
    "In spring, we sow.\nIn summer, we wait.\nIn autumn, we reap.\n",
    "Dear Jane,\nthank you for the letter,\nit came in time,\n",
    "One thing;\nanother thing;\na third thing;\n",
]


@pytest.mark.parametrize("text", PROSE)
def test_prose_with_commas_is_no_table(text: str) -> None:
    assert "| ---" not in _text(text)


@pytest.mark.parametrize(
    "text",
    [
        "- one\ttwo\n- three\tfour\n- five\tsix\n",
        "1.\tone\n2.\ttwo\n3.\tthree\n",
        "Anna:   Good morning.\nBen:    Good morning to you.\nAnna:   It rains.\n",
        "    f(a, b, c)\n    f(b, c, d)\n    f(c, d, e)\n",
        "    x = 1    # one\n    yy = 2   # two\n",
    ],
)
def test_lists_dialogues_and_code_are_no_tables(text: str) -> None:
    assert "| ---" not in _text(text)


FILES = {
    ".csv": WAYS["commas"],
    ".tsv": WAYS["tabs"],
    ".CSV": _joined(";"),
    "told by Excel": "sep=;\n" + _joined(";"),
}


@pytest.mark.parametrize("name", FILES)
def test_files_of_tables(name: str) -> None:
    assert _text(FILES[name], name if name.startswith(".") else ".csv") == TABLE


def test_lines_above_the_table_and_cells_over_several_lines() -> None:
    text = 'Doses of 2024;;\n\nname;dose;unit\nalpha;"4,5\n(low)";mg\n;;\nbeta;80\n'
    assert _text(text, ".csv") == (
        "Doses of 2024\n\n| name | dose | unit |\n| --- | --- | --- |\n"
        "| alpha | 4,5 (low) | mg |\n| beta | 80 |  |\n"
    )


def test_empty_columns_and_rows_are_left_out() -> None:
    text = f"name,dose,,note{',' * 600}\nalpha,40,,{',' * 600}\n,,,\nbeta,80,,late\n"
    assert _text(text, ".csv") == (
        "| name | dose | note |\n| --- | --- | --- |\n| alpha | 40 |  |\n| beta | 80 | late |\n"
    )


def test_a_single_column_is_a_list() -> None:
    assert _text("tents\nstoves\nlamps\n", ".csv") == "- tents\n- stoves\n- lamps\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a" * 200_000 + ",b\n", "a damaged table (field larger than field limit (131072))"),
        ("x," * 501 + "\na,b\n", "a table of more than 500 columns or 200,000 cells: data"),
        ("x," * 400 + "\n" + "a,b\n" * 600, "a table of more than 500 columns or 200,000"),
        ("\n\n", "holds no text"),
    ],
)
def test_tables_that_are_refused(text: str, problem: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        _text(text, ".csv")
    assert str(caught.value).startswith(problem)
