"""Notebooks: what becomes of each kind of cell and result, and what is refused."""

from __future__ import annotations

import json

import pytest

from passages.articles import readers
from passages.articles.readers.notebook.notebook import MAX_CELLS, MAX_OUTPUT
from passages.articles.readers.reading import Reading
from passages.errors import UnreadableFile

PIXEL = "iVBORw0KGgo" * 50


def _read(*cells: object, **metadata: object) -> Reading:
    notebook = {"nbformat": 4, "metadata": metadata, "cells": cells}
    return readers.read(json.dumps(notebook).encode(), ".ipynb")


def _md(*source: str) -> dict[str, object]:
    return {"cell_type": "markdown", "metadata": {}, "source": list(source)}


def _code(source: str, *outputs: object) -> dict[str, object]:
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": list(outputs)}


def _stream(text: str) -> dict[str, object]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def test_text_code_and_results_in_their_order() -> None:
    reading = _read(
        _md("# Lamps\n", "\n", "How much they burn.\n"),
        _code("burn(0.5)\n", _stream("0.5 l/h\n")),
        _md("## At night\n\nMore."),
        language_info={"name": "python"},
    )
    assert reading.text == (
        "# Lamps\n\nHow much they burn.\n\n```python\nburn(0.5)\n```\n\n```text\n0.5 l/h\n```\n\n"
        "## At night\n\nMore.\n"
    )
    assert (reading.notes, reading.advice) == ((), ())


def test_code_that_holds_a_fence_stays_in_its_own() -> None:
    assert _read(_code('"""\n```\n# no heading\n```\n"""')).text == (
        '````\n"""\n```\n# no heading\n```\n"""\n````\n'
    )


RESULTS = {
    "a picture beside its name": (
        {
            "output_type": "display_data",
            "data": {"text/plain": ["<Figure size 640x480 with 1 Axes>"], "image/png": PIXEL},
        },
        "",
    ),
    "a table": (
        {
            "output_type": "execute_result",
            "data": {"text/plain": "   dose\n0    40", "text/html": "<table></table>"},
        },
        "   dose\n0    40",
    ),
    "an error": (
        {"output_type": "error", "ename": "KeyError", "evalue": "'oil'", "traceback": ["\x1b[31m"]},
        "KeyError: 'oil'",
    ),
    "colours": (_stream("\x1b[1;31mred\x1b[0m"), "red"),
    "the third format": ({"output_type": "pyout", "text": ["12"], "png": PIXEL}, "12"),
}


@pytest.mark.parametrize("name", RESULTS)
def test_results(name: str) -> None:
    output, text = RESULTS[name]
    fence = f"\n```text\n{text}\n```\n" if text else ""
    assert _read(_code("x", output)).text == f"```\nx\n```\n{fence}"


def test_a_long_result_is_cut_at_a_line_and_that_is_told() -> None:
    line = "epoch 1 of 1000, loss 0.5\n"
    reading = _read(_md("# A"), _code("x", _stream(line * 1000)))
    kept = MAX_OUTPUT // len(line)
    assert reading.text == f"# A\n\n```\nx\n```\n\n```text\n{line * kept}…\n```\n"
    assert reading.advice == ("results that were shortened: 1",)


@pytest.mark.parametrize(
    "picture",
    [f"![a lamp](data:image/png;base64,{PIXEL})", "![a lamp](attachment:lamp.png)"],
)
def test_pictures_in_text_cells_leave_their_description(picture: str) -> None:
    assert _read(_md(f"# A\n\nIt is {picture} here.")).text == "# A\n\nIt is a lamp here.\n"


def test_a_raw_cell_may_be_front_matter() -> None:
    cell = {"cell_type": "raw", "source": "---\ntitle: The Lamp\ndate: 2024-01-02\n---"}
    reading = _read(cell, _md("It burns."))
    assert (reading.title, reading.date) == ("The Lamp", "2024-01-02")
    assert reading.text.strip() == "It burns."


def test_the_third_format() -> None:
    cells = [
        {"cell_type": "heading", "level": 2, "source": ["Lamps"]},
        {"cell_type": "markdown", "source": ["They burn."]},
        {"cell_type": "code", "input": ["burn()"], "outputs": []},
    ]
    notebook = {"nbformat": 3, "metadata": {}, "worksheets": [{"cells": cells}]}
    assert readers.read(json.dumps(notebook).encode(), ".ipynb").text == (
        "## Lamps\n\nThey burn.\n\n```\nburn()\n```\n"
    )


ODD = [
    {"cell_type": "markdown", "source": None},
    {"cell_type": "markdown", "source": [1, None, "kept"]},
    {"cell_type": "code", "source": "x", "outputs": {"a": 1}},
    {"cell_type": "code", "source": "x", "outputs": [1, None, {"data": 3}]},
    {"cell_type": "heading", "level": "two", "source": "kept"},
    "no cell",
    None,
]


@pytest.mark.parametrize("cell", ODD)
def test_cells_of_another_kind_than_expected_do_no_harm(cell: object) -> None:
    text = _read(_md("Before."), cell, _md("Behind.")).text
    assert text.startswith("Before.\n")
    assert text.endswith("\nBehind.\n")


REFUSED = {
    "no JSON": (b"x", "no notebook, or a damaged one: save it anew"),
    "not UTF-8": (b'{"cells": ["\xff"]}', "no notebook, or a damaged one: save it anew"),
    "deep": (b"[" * 100_000, "no notebook, or a damaged one: save it anew"),
    "a long number": (b'{"cells": ' + b"9" * 5000 + b"}", "no notebook, or a damaged one"),
    "another file": (b'{"a": 1}', "no notebook: it has no cells"),
    "a list": (b"[]", "no notebook: it has no cells"),
    "no text": (b'{"cells": []}', "holds no text"),
    "many cells": (
        json.dumps({"cells": [0] * (MAX_CELLS + 1)}).encode(),
        "10,001 cells: at most 10,000; divide it",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name: str) -> None:
    data, problem = REFUSED[name]
    with pytest.raises(UnreadableFile) as caught:
        readers.read(data, ".ipynb")
    assert str(caught.value).startswith(problem)
