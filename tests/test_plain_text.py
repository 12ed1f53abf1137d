"""Plain text without markup: its headings are found, its words are kept, prose stays prose."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from passages.articles import readers
from passages.articles.markdown import blocks
from passages.articles.readers.text import plain_text
from tests.conftest import ROOT

SEED = Path(__file__).parent / "data" / "seed_articles.txt"
TEXTS = Path(__file__).parent / "data" / "text"
KINDS = sorted(TEXTS.glob("*.txt"))

# How each article begins in the file of all three: with what its picture shows.
STARTS = {
    "ketamine-therapy-for-ptsd": "a person going through ptsd\n",
    "ketamine-therapy-for-addiction": "\naddiction\n",
    "ketamine-dose-for-depression": "\na person depressed touching a window\n",
}

OUTLINES = {
    "recipe": """
# Lentil Soup with Lemon
## INGREDIENTS
## METHOD
### Make It Your Own
""",
    "faq": """
# Frequently Asked Questions
## How do I register as a new patient?
## What are your opening hours?
## Can I see the same doctor every time?
## What if I need help when you are closed?
## Do you offer home visits?
## Still have questions?
""",
    "legal": """
# TERMS OF SERVICE
## 1. Definitions
## 2. Bookings
### 2.1 How a booking is made
### 2.2 Changes
## 3. Liability
## 4. Governing Law
""",
    "minutes": """
# Minutes of the Allotment Committee
## Minutes of the last meeting
## Water supply
## Waiting list
## Any other business
""",
    "poem": """
# The Lamp at the Mill
""",
    "letter": "",
    "code": """
# tinycache
## Installing
## Using it
### Keys
### Clearing
## Licence
""",
    "news": """
# Town votes to bring back the night ferry
## A long fight
## Who will pay
## What happens next?
""",
    "transcript": """
# Episode 12: The Quiet Garden
""",
    "no-headings": "",
}


def _headings(text: str) -> list[str]:
    return [block.heading for block in blocks(text) if block.kind == "heading"]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


@pytest.mark.parametrize("name", STARTS)
def test_headings_of_the_articles_as_they_came(name: str) -> None:
    source = SEED.read_text("utf-8")
    starts = sorted(source.index(start) for start in STARTS.values())
    start = source.index(STARTS[name])
    end = next((later for later in starts if later > start), len(source))
    found = set(_headings(plain_text.to_markdown(source[start:end])[0]))
    wanted = set(_headings((ROOT / "corpus" / f"{name}.md").read_text("utf-8")))
    f1 = 2 * len(found & wanted) / (len(found) + len(wanted))
    assert f1 >= 0.97, found ^ wanted


@pytest.mark.parametrize("name", OUTLINES)
def test_outline(name: str) -> None:
    text = readers.read((TEXTS / f"{name}.txt").read_bytes(), ".txt").text
    outline = [f"{'#' * b.level} {b.heading}" for b in blocks(text) if b.kind == "heading"]
    assert outline == OUTLINES[name].strip().splitlines()


@pytest.mark.parametrize("path", [SEED, *KINDS], ids=lambda path: path.stem)
def test_no_word_is_lost_or_added(path: Path) -> None:
    text = path.read_text("utf-8")
    assert _words(readers.read(path.read_bytes(), ".txt").text) == _words(text)


def test_what_would_become_markup_is_escaped() -> None:
    reading = readers.read(
        b"Notes\n\n# is the number sign. It is used as in #5.\n\n* starred\n", ".txt"
    )
    assert "# is the number sign" not in _headings(reading.text)


def test_a_line_is_wrapped_or_broken_by_hand() -> None:
    text = "Maria Lindgren\nBristol\n\nThe parcel reached me on\nthe third of May, in two\nparts.\n"
    markdown = plain_text.to_markdown(text)[0]
    assert "Maria Lindgren  \nBristol" in markdown
    assert "reached me on\nthe third of May, in two\nparts." in markdown


def test_lists_stay_lists_as_they_are_nested() -> None:
    markdown = plain_text.to_markdown("You need:\n• rice\n    - long\n    - short\n• salt\n")[0]
    assert markdown == "You need:\n\n- rice\n  - long\n  - short\n- salt\n"


def test_a_heading_right_below_another_is_its_child() -> None:
    text = """
The Guide

Some words about it, at length.

Frequently Asked Questions

Is it safe?

It is, as far as anybody knows.

Is it cheap?

It is not.

Where To Buy It

In the town, at the market.
"""
    headings = [(b.level, b.heading) for b in blocks(plain_text.to_markdown(text)[0]) if b.level]
    assert headings == [
        (1, "The Guide"),
        (2, "Frequently Asked Questions"),
        (3, "Is it safe?"),
        (3, "Is it cheap?"),
        (2, "Where To Buy It"),
    ]
