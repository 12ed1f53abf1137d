"""Plain text without markup: its headings are found, its words are kept, prose stays prose."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from passages import readers
from passages.markdown import blocks
from tests.conftest import ROOT

SEED = Path(__file__).parent / "data" / "seed_articles.txt"
KINDS = sorted((Path(__file__).parent / "data" / "text").glob("*.txt"))


def _headings(text: str) -> list[str]:
    return [block.heading for block in blocks(text) if block.kind == "heading"]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def test_headings_of_the_articles_as_they_came() -> None:
    found = set(_headings(readers.read(SEED.read_bytes(), ".txt").text))
    wanted = {
        heading
        for path in (ROOT / "corpus").glob("*.md")
        for heading in _headings(path.read_text("utf-8"))
    }
    right = len(found & wanted)
    assert 2 * right / (len(found) + len(wanted)) >= 0.97  # F1
    assert not found & {"addiction", "Contact Us Today", "Contact Us Today!", "Learn More Today!"}


@pytest.mark.parametrize("path", [SEED, *KINDS], ids=lambda path: path.stem)
def test_no_word_is_lost_or_added(path: Path) -> None:
    text = path.read_text("utf-8")
    assert _words(readers.read(path.read_bytes(), ".txt").text) == _words(text)


@pytest.mark.parametrize("name", ["no-headings", "letter", "poem"])
def test_text_without_headings_gets_none(name: str) -> None:
    path = next(path for path in KINDS if path.stem == name)
    assert len(_headings(readers.read(path.read_bytes(), ".txt").text)) <= 1


def test_what_would_become_markup_is_escaped() -> None:
    reading = readers.read(
        b"Notes\n\n# is the number sign. It is used as in #5.\n\n* starred\n", ".txt"
    )
    assert "# is the number sign" not in _headings(reading.text)
