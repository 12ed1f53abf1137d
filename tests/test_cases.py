"""Small folders of Markdown in the dialects that people write, and what is right on each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from passages.articles.chunking import Passage, chunk
from passages.articles.corpus import Problem
from passages.building.intake import read_corpus
from passages.search.searcher import Index
from tests.conftest import BagOfWords, build

CASES = Path(__file__).parent / "data" / "cases"


def _read(case: str) -> tuple[dict[str, list[Passage]], list[Problem]]:
    taken, problems = read_corpus(CASES / case)
    count = BagOfWords().count_tokens
    passages = {item.article.id: chunk(item.article, count, 200) for item in taken}
    return passages, [*problems, *(each for item in taken for each in item.file.problems)]


def _sentences(passages: Iterable[Passage]) -> list[str]:
    return [each.words[start:end] for each in passages for start, end in each.sentences]


def _paths(passages: Iterable[Passage]) -> list[tuple[tuple[str, ...], str]]:
    return [(passage.headings, passage.anchor) for passage in passages]


@pytest.mark.parametrize(
    ("case", "article", "sentences"),
    [
        (
            "md-colon-directive",
            "printer",
            [
                "This page is about the office printer, a machine on the second floor that prints, "
                "scans and copies for all teams.",
                "Open the panel and tap Service.",
                "Tap Logs and choose Detailed.",
                "Put the level back afterwards.",
            ],
        ),
        (
            "md-github-alert",
            "tea",
            ["Pregnancy", "No more than two cups a day.", "Green tea has less caffeine."],
        ),
        ("md-html-comment", "visit", ["Ring the bell at the front door."]),
        (
            "md-html-headings",
            "charger",
            [
                "A small charger.",
                "The panel charges the battery in the sun.",
                "At night it rests.",
            ],
        ),
        (
            "md-image-sentence",
            "panel",
            ["Open the panel.", "The panel", "Service", "Tap Service.", "Then wait."],
        ),
        ("md-link-definitions-section", "manual", ["Read the guide first."]),
        (
            "md-mkdocs-admonition",
            "backup",
            [
                "Do this first",
                "Stop the database before you copy its files.",
                "A running database gives a broken copy.",
                "Linux",
                "Run the script as root.",
                "The backup is written to the disk.",
                "Windows",
                "Start the wizard from the menu.",
            ],
        ),
        (
            "md-wikilink-alias",
            "tea",
            [
                "Green tea has less caffeine than coffee.",
                "See Kettle.",
                "Water at 80 degrees.",
            ],
        ),
        (
            "mdx-file",
            "install",
            [
                "Download the file from the site.",
                "Drag the icon to the folder.",
                "Drag it to the bin.",
            ],
        ),
        (
            "md-setext-swallow",
            "rowing",
            [
                "Members row on Tuesday.",
                "Guests row on Sunday and pay\nthree euros at the desk.",
                "The boats are red.",
                "No shoes in the boats.",
            ],
        ),
        ("fm-colon-in-title", "sleep", ["Go to bed at the same time."]),
        (
            "fm-toml",
            "p1",
            ["Winter tyres grip better below seven degrees.", "Change them in October."],
        ),
    ],
)
def test_sentences_are_what_a_reader_sees(case: str, article: str, sentences: list[str]) -> None:
    assert _sentences(_read(case)[0][article]) == sentences


@pytest.mark.parametrize(
    ("case", "article", "title", "paths"),
    [
        ("md-heading-icons", "shop", "Shop", [(("Delivery",), "delivery")]),
        (
            "md-heading-id",
            "clinic",
            "Clinic guide",
            [(("Opening hours",), "hours"), (("Opening hours", "Weekends"), "weekends")],
        ),
        (
            "md-html-headings",
            "charger",
            "Solar charger",
            [((), "solar-charger"), (("How it works",), "how-it-works")],
        ),
        (
            "md-wikilink-alias",
            "tea",
            "Tea",
            [((), "tea"), (("Brewing in a Kettle",), "brewing-in-a-kettle")],
        ),
        ("mdx-file", "install", "Install the app", [((), ""), (("Remove",), "remove")]),
        ("fm-colon-in-title", "sleep", "Sleep hygiene: a short guide", [((), "")]),
        ("fm-toml", "p1", "Winter tyre guide", [((), ""), (("When to change",), "when-to-change")]),
        (
            "md-setext-swallow",
            "rowing",
            "Rowing club",
            [((), "rowing-club"), (("Rules",), "rules")],
        ),
    ],
)
def test_headings_are_what_a_reader_sees(
    case: str, article: str, title: str, paths: list[tuple[tuple[str, ...], str]]
) -> None:
    passages = _read(case)[0][article]
    assert passages[0].article.title == title
    assert _paths(passages) == paths


@pytest.mark.parametrize(
    ("case", "file", "severity", "said"),
    [
        ("fm-colon-in-title", "sleep.md", "warning", "line 2"),
        ("md-only-pictures", "tour.md", "note", "no text below 'Pictures'"),
        ("md-link-definitions-section", "manual.md", "note", "no text below 'Links'"),
        ("md-setext-swallow", "rowing.md", "warning", "a paragraph became a heading"),
        ("md-setext-swallow", "rowing.md", "warning", "'##Rules' is taken as a heading"),
    ],
)
def test_what_an_editor_should_know_is_said(case: str, file: str, severity: str, said: str) -> None:
    found = [p.problem for p in _read(case)[1] if (p.file, p.severity) == (file, severity)]
    assert any(said in problem for problem in found), found


def test_pictures_in_the_text_leave_two_passages_without_them() -> None:
    passages = [each for found in _read("md-base64-inline")[0].values() for each in found]
    assert len(passages) == 2
    assert not any("base64" in passage.text for passage in passages)


def test_a_section_of_pictures_is_no_passage() -> None:
    assert _sentences(_read("md-only-pictures")[0]["tour"]) == ["A walk through the house."]


def test_a_list_of_links_to_its_own_headings_ranks_below_the_sections(
    tmp_path: Path, open_toy: Callable[[Path], Index]
) -> None:
    build(CASES / "md-toc-list", tmp_path / "index")
    hits = open_toy(tmp_path / "index").search("password reset", k=50).hits
    assert hits[0].passage.headings == ("Password reset",)
    contents = [hit.rank for hit in hits if hit.passage.headings == ("Table of contents",)]
    assert contents == [len(hits)]


def test_the_marked_sentence_is_words(tmp_path: Path, open_toy: Callable[[Path], Index]) -> None:
    build(CASES / "md-colon-directive", tmp_path / "index")
    hit = open_toy(tmp_path / "index").search("how to get printer logs").hits[0]
    assert hit.passage.article.id == "printer"
    assert hit.sentence in _sentences([hit.passage])
    assert hit.passage.text == hit.passage.article.text[hit.passage.start : hit.passage.end]
