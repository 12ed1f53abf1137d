"""BM25 against its formula, and what becomes of words that no passage has."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from passages.lexical import HEADING_COPIES, K1, WEIGHTS, B, Lexicon, parse_synonyms, stems_of

BODIES = ["The liver breaks ketamine down.", "Insurance covers the infusion.", "Nothing else here"]
HEADINGS = ["Organs", "Insurance", ""]


@pytest.fixture
def lexicon() -> Lexicon:
    return Lexicon.build(BODIES, HEADINGS)


def _bm25(word: str, row: int) -> float:
    """Robertson's formula with Lucene's idf, over `heading` * copies + body."""
    documents = [
        stems_of(h) * HEADING_COPIES + stems_of(b) for h, b in zip(HEADINGS, BODIES, strict=True)
    ]
    [stem] = stems_of(word)
    n = sum(stem in document for document in documents)
    idf = math.log(1 + (len(documents) - n + 0.5) / (n + 0.5))
    mean = sum(map(len, documents)) / len(documents)
    count = documents[row].count(stem)
    return idf * count / (count + K1 * (1 - B + B * len(documents[row]) / mean))


def test_scores_are_bm25_over_the_weight_of_all_words_asked(lexicon: Lexicon) -> None:
    match = lexicon.match("Does insurance cover it?")
    asked = sum(term.idf for term in match.terms)
    expected = (_bm25("insurance", 1) + _bm25("cover", 1)) / asked
    assert match.scores[1] == pytest.approx(expected, rel=1e-5)
    assert match.scores[0] == match.scores[2] == 0
    assert (match.found[1], match.known) == (pytest.approx(1), pytest.approx(1))
    assert match.best(5).tolist() == [1]


def test_an_unknown_word_lowers_every_score(lexicon: Lexicon) -> None:
    known, unknown = lexicon.match("liver"), lexicon.match("liver zeppelins")
    assert 0 < unknown.scores[0] < known.scores[0]
    assert unknown.found[0] == pytest.approx(unknown.known)
    assert unknown.known < known.known == pytest.approx(1)


def test_a_misspelt_word_counts_as_the_nearest_known_one_but_less(lexicon: Lexicon) -> None:
    right, wrong = lexicon.match("liver"), lexicon.match("livver")
    assert wrong.best(1).tolist() == [0]
    assert wrong.scores[0] == pytest.approx(right.scores[0] * WEIGHTS["corrected"], rel=1e-5)
    assert lexicon.corrected("is a livver bad, dr Xyz?") == "is a liver bad, dr Xyz?"


def test_short_words_and_numbers_are_never_corrected(lexicon: Lexicon) -> None:
    assert lexicon.corrected("els 1962 lver") in ("els 1962 lver", "els 1962 liver")
    assert lexicon.corrected("els 1962") == "els 1962"


def test_synonyms_find_what_the_articles_call_otherwise() -> None:
    groups = parse_synonyms("# for patients\nhealth plan, insurance\nhepatic, liver\n\nalone\n")
    assert len(groups) == 2
    lexicon = Lexicon.build(BODIES, HEADINGS, groups)
    assert lexicon.match("hepatic problems").best(1).tolist() == [0]
    assert lexicon.match("my health plan").best(1).tolist() == [1]
    assert Lexicon.build(BODIES, HEADINGS).match("hepatic problems").best(1).tolist() == []


def test_what_is_saved_opens_the_same(lexicon: Lexicon, tmp_path: Path) -> None:
    lexicon.save(tmp_path / "lexicon")
    opened = Lexicon.open(tmp_path / "lexicon")
    for question in ("liver insurance", "livver", "", "the", "👩‍⚕️"):
        np.testing.assert_array_equal(opened.match(question).scores, lexicon.match(question).scores)
        assert opened.corrected(question) == lexicon.corrected(question)
    assert len(opened) == 3


@pytest.mark.parametrize("question", ["", "the of and", "?!", "zzzzqqq"])
def test_a_question_without_known_words_finds_nothing(question: str, lexicon: Lexicon) -> None:
    match = lexicon.match(question)
    assert not match.scores.any()
    assert match.known == 0
    assert len(match.best(5)) == 0


def test_no_passage_and_no_word_are_lexicons_too() -> None:
    assert len(Lexicon.build([], [])) == 0
    assert not Lexicon.build(["..."], [""]).match("liver").scores.any()


def test_matched_words_are_found_in_any_form(lexicon: Lexicon) -> None:
    text = "Insurances covered it; the Liver’s too."
    spans = lexicon.matched_spans("does my insurence cover livers", text)
    assert [text[start:end] for start, end in spans] == ["Insurances", "covered", "Liver’s"]
