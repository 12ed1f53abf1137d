"""What must hold of every article that was read, whatever its file was: for tests and fuzzing."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from passages.articles.chunking import Passage, chunk
from passages.articles.corpus import Article, Problem
from passages.articles.cutter import TokenCounter
from passages.articles.readers.decoding import clean
from passages.articles.sections import Section, split_sections
from passages.articles.visible import document

MAX_LINE = 500
"""Characters of a line of the report; who reads it reads it in a terminal."""


def check_article(article: Article, count: TokenCounter, max_tokens: int) -> list[Passage]:
    """Cut an article into passages, check all that holds of any text, and return them."""
    passages = chunk(article, count, max_tokens)
    check_nothing_lost(article, passages)
    for passage in passages:
        check_passage(passage, count, max_tokens)
    return passages


def check_text(article: Article) -> None:
    """What a reader made is clean: NFC, nothing invisible; its fields are one line each."""
    assert clean(article.text) == article.text, "text is not clean"
    assert "\0" not in article.text
    article.text.encode("utf-8")
    for field in (article.title, article.source, article.url, article.date):
        assert field is None or field == " ".join(field.split()) != "", f"field {field!r}"


def check_line(line: str) -> None:
    """A message is one line that can be printed and read."""
    assert line.strip(), "an empty message"
    assert all(unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp") for char in line), (
        f"a message that is no line: {line[:200]!r}"
    )
    assert len(line) <= MAX_LINE, f"a message of {len(line)} characters: {line[:200]!r}"


def check_problems(problems: Sequence[Problem]) -> None:
    """Each line of the report is a line."""
    for problem in problems:
        check_line(problem.problem)


def check_nothing_lost(article: Article, passages: Sequence[Passage]) -> None:
    """Every character that can be seen is in exactly one passage or in one heading."""
    text, seen = article.text, document(article.text).visible

    def shown(start: int, end: int) -> str:
        return seen.text[slice(*seen.within(start, end))].strip()

    sections = split_sections(article)
    assert sections[0].start == 0
    assert sections[-1].end == len(text)
    headings = [(a.end, b.start) for a, b in pairwise(sections) if not b.goes_on]
    taken = sorted([(p.start, p.end) for p in passages] + headings)
    end = 0
    for first, last in taken:
        assert end <= first < last, f"{first} to {last} is taken twice"
        assert not shown(end, first), f"lost: {shown(end, first)[:80]!r}"
        end = last
    assert not shown(end, len(text)), f"lost: {shown(end, len(text))[:80]!r}"
    _check_paths(sections)


def _check_paths(sections: Sequence[Section]) -> None:
    """Each section stands below the nearest heading before it that has a higher level."""
    titles = sum(section.level == 1 and not section.goes_on for section in sections)
    for place, section in enumerate(sections[1:], 1):
        if section.goes_on:
            before = [each for each in sections[:place] if not each.goes_on]
            assert any(
                (each.headings, each.anchor) == (section.headings, section.anchor)
                for each in before
            )
        elif section.level == 1:
            assert len(section.headings) == (titles > 1)
        if section.goes_on or section.level == 1:
            continue
        above = next((s for s in sections[place - 1 :: -1] if s.level < section.level), None)
        assert above is not None
        assert section.headings[:-1] == above.headings
        assert len(section.headings) == len(above.headings) + 1


def check_passage(passage: Passage, count: TokenCounter, max_tokens: int) -> None:
    """Its text is a slice of the article within the limit, its sentences are in what it shows."""
    text = passage.article.text[passage.start : passage.end]
    assert passage.text == text == text.strip() != ""
    assert passage.encoder_text.endswith(passage.words)
    assert count([passage.encoder_text])[0] <= max_tokens, "more tokens than allowed"
    assert passage.sentences, "no sentence"
    assert all(a[1] <= b[0] for a, b in pairwise(passage.sentences)), "sentences overlap"
    for first, last in passage.sentences:
        said = passage.words[first:last]
        assert 0 <= first < last <= len(passage.words), "a sentence out of its passage"
        assert said == said.strip() != "", "a sentence with space at its ends"
        start, end = passage.in_text((first, last))
        assert 0 <= start < end <= len(text), "a sentence that is not in the passage's text"
