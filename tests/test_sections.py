"""Headings to sections: what is a heading, its path and anchor, and that nothing is lost."""

from __future__ import annotations

from itertools import pairwise

import pytest

from passages.articles.corpus import Article
from passages.articles.sections import Section, split_sections


def _sections(text: str) -> list[Section]:
    return split_sections(Article("a", "Title", text))


def _shape(text: str) -> list[tuple[tuple[str, ...], str, str]]:
    return [
        (section.headings, section.anchor, text[section.start : section.end].strip())
        for section in _sections(text)
    ]


def test_atx_and_setext_headings_nest_by_level() -> None:
    text = "# Title\n\nintro\n\nOne\n---\n\none\n\n### Two ###\n\ntwo\n\n## Three\nthree\n"
    assert _shape(text) == [
        ((), "", ""),
        ((), "title", "intro"),
        (("One",), "one", "one"),
        (("One", "Two"), "two", "two"),
        (("Three",), "three", "three"),
    ]


def test_several_top_headings_are_sections_of_their_own() -> None:
    assert _shape("# A\n\na\n\n# B\n\nb\n")[1:] == [
        (("A",), "a", "a"),
        (("B",), "b", "b"),
    ]


def test_skipped_level_is_a_child_and_a_higher_one_ends_it() -> None:
    headings = [
        section.headings for section in _sections("## A\n\n#### B\n\n### C\n\n# T\n\n## D\n")
    ]
    assert headings == [(), ("A",), ("A", "B"), ("A", "C"), (), ("D",)]


@pytest.mark.parametrize(
    "body",
    [
        "```\n# not a heading\n```",
        "~~~ python\n## nor this\n~~~",
        "> # quoted",
        "- # in an item",
        "    # indented code",
        "#hashtag",
        "<div>\n# in html\n</div>",
    ],
)
def test_these_are_no_headings(body: str) -> None:
    assert _shape(f"## Real\n\n{body}\n")[1:] == [(("Real",), "real", body.strip())]


def test_text_before_the_first_heading_is_a_section() -> None:
    assert _shape("before\n\n## A\n\na\n")[0] == ((), "", "before")


def test_anchors_are_those_of_github() -> None:
    text = "".join(
        f"## {heading}\n\nx\n\n"
        for heading in (
            "What Is It?",
            "What is it",
            "what-is-it-1",
            "Über *Kaffee* & `Tee`",
            "???",
            "1.2 α–β",
        )
    )
    assert [section.anchor for section in _sections(text)][1:] == [
        "what-is-it",
        "what-is-it-1",
        "what-is-it-1-1",
        "über-kaffee--tee",
        "-1",
        "12-αβ",
    ]


def test_heading_text_is_plain() -> None:
    heading = _sections("## The *[cost](http://x)* of `ketamine`\\! <b>now</b>\n\nx\n")[1].headings
    assert heading == ("The cost of ketamine! now",)


def test_every_character_is_in_a_heading_or_in_one_section() -> None:
    table = "| a |\n|---|\n| b |"
    text = f"lead\n\n# T\n\n[ref]: http://x\n\n## A\n\n\n{table}\n\n***\n\n<p>x</p>\n\nB\n=\nend"
    sections = _sections(text)
    headings = [text[a.end : b.start] for a, b in pairwise(sections)]
    assert headings == ["# T", "## A", "B\n="]
    assert sections[0].start == 0
    assert sections[-1].end == len(text)
