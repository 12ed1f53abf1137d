"""Sections to passages: limits held, cuts where they hurt least, sentences found.

What holds of every text, that nothing is lost above all, is tested in `test_properties`.
"""

from __future__ import annotations

import pytest
from nltk import redos

from passages.articles.chunking import Passage, chunk
from passages.articles.corpus import Article
from tests.conftest import BagOfWords

ENCODER = BagOfWords()


def _chunk(text: str, max_tokens: int = 20, title: str = "T") -> list[Passage]:
    return chunk(Article("a", title, text), ENCODER.count_tokens, max_tokens)


def _texts(text: str, max_tokens: int = 20) -> list[str]:
    return [passage.text for passage in _chunk(text, max_tokens)]


def _sentences(text: str) -> list[str]:
    [passage] = _chunk(text, 1000)
    return [passage.words[start:end] for start, end in passage.sentences]


def test_the_encoder_sees_each_sentence_under_its_headings() -> None:
    [passage] = _chunk("## A\n\nOne. Two.\n")
    assert passage.sentence_texts == ["T > A\nOne.", "T > A\nTwo."]


def test_a_section_that_fits_is_one_verbatim_passage() -> None:
    [passage] = _chunk("# T\n\n## A\n\none *two*\n\n- three\n\n")
    assert passage.text == "one *two*\n\n- three"
    assert (passage.headings, passage.anchor) == (("A",), "a")
    assert passage.encoder_text == "T > A\none two\nthree"


def test_a_heading_without_body_is_no_passage_but_stays_in_the_path() -> None:
    [passage] = _chunk("# T\n\n## A\n\n### B\n\nbody\n\n## C\n")
    assert passage.headings == ("A", "B")


def test_a_long_section_is_cut_between_paragraphs_into_even_parts() -> None:
    paragraphs = [" ".join([letter] * 6) for letter in "abcd"]
    assert _texts("\n\n".join(paragraphs)) == [
        "\n\n".join(paragraphs[:2]),
        "\n\n".join(paragraphs[2:]),
    ]


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    first, second = "Aa " * 9 + "aa.", "Bb " * 9 + "bb."
    assert _texts(f"{first} {second}") == [first, second]


def test_a_long_sentence_is_cut_between_words_and_a_long_word_inside() -> None:
    words = " ".join(f"w{number}" for number in range(40))
    assert " ".join(_texts(words)) == words
    halves = chunk(Article("a", "T", "x" * 30), lambda texts: [len(t) for t in texts], 14)
    assert "".join(passage.text for passage in halves) == "x" * 30


def test_no_passage_is_longer_than_the_limit_with_its_prefix() -> None:
    text = "## A heading of six words here\n\n" + "Some words. " * 50
    for passage in _chunk(text):
        assert ENCODER.count_tokens([passage.encoder_text])[0] <= 20


def test_an_endless_heading_path_leaves_room_for_the_text() -> None:
    [passage] = _chunk("## " + "long " * 190 + "\n\nbody text\n")
    assert passage.text == "body text"
    assert ENCODER.count_tokens([passage.encoder_text])[0] <= 20
    assert len(passage.headings[0].split()) == 190


def test_a_list_keeps_its_lead_in() -> None:
    before = "Aa aa aa aa aa aa aa. " * 2
    listed = "Effects are:\n\n- nausea of the kind\n- headache of the kind\n- a third one here"
    texts = _texts(f"{before}\n\n{listed}")
    assert any(text.startswith("Effects are:\n\n- nausea") for text in texts)
    assert all(not text.endswith("Effects are:") for text in texts)
    assert all(text.startswith(("Aa", "Effects", "- ")) for text in texts)


@pytest.mark.parametrize(
    "sentence",
    [
        "The usual dose is 0.5 mg/kg of ketamine per session.",
        "It was compared, e.g. by Dr. Smith, with midazolam vs. placebo.",
        "About 8.4% of U.S. adults are ill at 5 p.m. on some days.",
        "See Fig. 3 and approx. 20 others, i.e. all.",
    ],
)
def test_abbreviations_and_decimals_end_no_sentence(sentence: str) -> None:
    assert _sentences(f"{sentence} This is the next.") == [sentence, "This is the next."]


def test_finding_sentences_does_not_give_up_by_the_clock() -> None:
    assert _sentences("One. Two.") == ["One.", "Two."]
    assert redos.DEFAULT_TIMEOUT is None  # a busy machine would refuse a long paragraph


def test_list_items_and_table_rows_are_sentences() -> None:
    assert _sentences("Lead:\n\n- one\n- two. Three.\n\n1) four\n") == [
        "Lead:",
        "one",
        "two.",
        "Three.",
        "four",
    ]
    assert _sentences("| a | b |\n|---|---|\n| c | d |\n") == ["a\tb", "c\td"]


def test_what_has_nothing_to_read_is_no_passage() -> None:
    for nothing in ("[ref]: http://example.org", "![](a.png)\n![](b.png)", "<!-- no -->", "***"):
        assert _texts(f"Text.\n\n## Empty\n\n{nothing}\n") == ["Text."]
