"""Markdown to blocks: kinds, exact spans, items and rows, and the plain words of headings."""

from __future__ import annotations

import pytest

from passages.articles import readers
from passages.articles.markdown import blocks, plain, title_of


def _kinds(text: str) -> list[tuple[str, str]]:
    return [(block.kind, text[block.start : block.end]) for block in blocks(text)]


def test_every_kind_of_block_with_its_exact_span() -> None:
    parts = [
        ("heading", "# A"),
        ("paragraph", "one\ntwo"),
        ("heading", "B\n---"),
        ("list", "- x\n- y"),
        ("list", "1. x\n2. y"),
        ("table", "| a | b |\n|---|---|\n| c | d |"),
        ("code", "```\n# no\n```"),
        ("quote", "> # no"),
        ("paragraph", "\\# no"),
        ("rule", "***"),
    ]
    text = "\n\n\n".join(part for _, part in parts) + "\n\n\n"
    assert _kinds(text) == parts


def test_an_open_fence_runs_to_the_end() -> None:
    text = "a\n\n```\n# no\n\n# nor this\n"
    assert _kinds(text) == [("paragraph", "a"), ("code", "```\n# no\n\n# nor this")]


@pytest.mark.parametrize("nothing", ["[a]: http://x", "\u00a0", ""])
def test_a_link_definition_or_white_space_is_no_block(nothing: str) -> None:
    assert _kinds(f"{nothing}\n\ntext\n") == [("paragraph", "text")]


def test_items_of_a_list_hold_their_nested_lists_and_paragraphs() -> None:
    text = "- one\n  - inner\n- two\n\n  more of two\n"
    [block] = blocks(text)
    assert [text[a:b] for a, b in block.items] == [
        "- one\n  - inner",
        "- two\n\n  more of two",
    ]


def test_rows_of_a_table_are_its_header_and_body_lines() -> None:
    text = "| a | b |\n|---|---|\n| c | d |\n| e | f |\n"
    [block] = blocks(text)
    assert [text[a:b] for a, b in block.items] == ["| a | b |", "| c | d |", "| e | f |"]


@pytest.mark.parametrize(
    ("heading", "level", "words"),
    [
        ("#### Four ####", 4, "Four"),
        ("Two  \nlines\n===", 1, "Two lines"),
        ("## a [link](http://x) and ![picture](y)", 2, "a link and picture"),
    ],
)
def test_levels_and_words_of_headings(heading: str, level: int, words: str) -> None:
    [block] = blocks(heading + "\n")
    assert (block.kind, block.level, block.heading) == ("heading", level, words)


def test_plain_leaves_words_only() -> None:
    assert plain("*Side* **effects** of `x` [here](u) <b>now</b> &amp; \\*then\\*") == (
        "Side effects of x here now & *then*"
    )


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# One\n\n## Two\n", "One"),
        ("# One\n\n# Two\n", None),
        ("## Two\n", None),
        ("```\n# One\n```\n", None),
        ("#\n\ntext\n", None),
        ("text\n\nOne\n===\n", "One"),
    ],
)
def test_the_only_top_heading_is_the_title(text: str, title: str | None) -> None:
    assert title_of(text) == title


def test_the_language_of_an_article_is_that_of_its_front_matter() -> None:
    reading = readers.read("---\nlang: de\n---\n# Tee\n\nHeiß.\n".encode(), ".md")
    assert reading.language == "de"
