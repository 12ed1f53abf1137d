"""Boilerplate: what stands in many articles is found, noted, ranked last, and never lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from passages.articles.boilerplate import TextHashes, Texts, find_boilerplate
from passages.articles.chunking import chunk
from passages.articles.corpus import Article
from passages.search.searcher import Index
from tests.conftest import BagOfWords, build

CALL = "Call our friendly team now to book your visit."
SHORT = "High blood pressure."


def _found(texts: list[str], articles: int = 0) -> tuple[list[str], list[str]]:
    """The sentences that are boilerplate, and the notes."""
    passages = [
        passage
        for number, text in enumerate(texts)
        for passage in chunk(
            Article(f"a{number}", f"A{number}", text), BagOfWords().count_tokens, 40
        )
    ]
    hashes = TextHashes.of(passages)
    shard = Texts.of(passages, hashes)
    boilerplate, notes = find_boilerplate([shard], articles or len(texts))
    whole = boilerplate.are_passages(hashes.passages)
    counts = [len(passage.sentences) for passage in passages]
    flags = boilerplate.are_sentences(hashes.sentences) | np.repeat(whole, counts)
    sentences = [p.words[start:end] for p in passages for start, end in p.sentences]
    flagged = [text for text, flag in zip(sentences, flags, strict=True) if flag]
    return flagged, [f"{note.file}: {note.problem}" for note in notes]


def test_sentences_in_three_articles_are_boilerplate_however_they_are_spaced() -> None:
    texts = [f"Tea {n} is green.\n\n{CALL}\n" for n in range(2)]
    texts.append("Milk is white.\n\nCALL our friendly team\nnow to book your visit.\n")
    flagged, notes = _found(texts)
    assert flagged == [CALL, CALL, "CALL our friendly team\nnow to book your visit."]
    assert notes[0] == (
        f"a0, a1: the same words in 2 articles, ranked below all other text: {CALL!r}"
    )


@pytest.mark.parametrize(
    ("texts", "articles"),
    [
        ([f"Tea {n}.\n\n{CALL}\n" for n in range(2)], 2),  # in two articles
        ([f"Tea.\n\n{CALL}\n\n{CALL} {n}\n" for n in range(2)], 2),  # more often, but in two
        ([f"Tea {n}.\n\n{CALL}\n" for n in range(3)], 16),  # in less than a fifth of them
        ([f"Tea {n} may cause this:\n\n- {SHORT}\n" for n in range(3)], 3),  # three words
    ],
)
def test_what_is_no_boilerplate(texts: list[str], articles: int) -> None:
    assert _found(texts, articles)[0] == []


def test_a_short_section_is_boilerplate_if_it_is_repeated_whole() -> None:
    texts = [f"# T\n\n## One\n\nTea {n}.\n\n## Contact\n\nCall us!\n" for n in range(3)]
    flagged, notes = _found(texts)
    assert flagged == ["Call us!"] * 3
    assert notes == [
        "a0, a1, a2: the same words in 3 articles, ranked below all other text: 'Call us!'"
    ]


def test_a_passage_in_two_articles_is_noted_and_no_more() -> None:
    flagged, notes = _found(["Tea is green.", "Tea is green.", "Milk."])
    assert flagged == []
    assert notes == ["a0, a1: the same passage in 2 articles: 'Tea is green.'"]


def test_boilerplate_is_served_below_all_else_and_never_marked(
    tmp_path: Path, open_toy: Callable[[Path], Index]
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    disclaimer = "Ask your doctor about tea before you drink tea."
    for n, fact in enumerate(["Tea is green.", "Coffee is black.", "Milk is white."]):
        text = f"# Drink {n}\n\n## Facts\n\n{fact} {disclaimer}\n\n## Note\n\n{disclaimer}\n"
        (corpus / f"drink-{n}.md").write_text(text, "utf-8")
    report = build(corpus, tmp_path / "index")
    assert [note.problem for note in report.problems] == [
        f"the same words in 3 articles, ranked below all other text: {disclaimer!r}"
    ]
    hits = open_toy(tmp_path / "index").search("ask your doctor about tea").hits
    assert [hit.passage.anchor for hit in hits] == ["facts"] * 3 + ["note"]
    assert sorted(hit.sentence for hit in hits[:3]) == [
        "Coffee is black.",
        "Milk is white.",
        "Tea is green.",
    ]
    assert [hit.sentence for hit in hits[3:]] == [disclaimer]
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
