"""The tables of languages: complete, and read as they should be."""

from __future__ import annotations

import pytest
import Stemmer

from passages.language.languages import code_of, fold, language, tables

NAMED = "en de fr es it pt nl sv da no fi pl cs ru uk el tr ar he fa hi th vi zh ja ko"


def test_there_is_a_table_for_each_language_named() -> None:
    assert set(NAMED.split()) <= set(tables())


@pytest.mark.parametrize("code", tables())
def test_a_table_is_whole(code: str) -> None:
    spoken = language(code)
    assert spoken.name
    assert not spoken.stemmer or spoken.stemmer in Stemmer.algorithms()
    assert spoken.units["mg"] == "mg"
    assert spoken.units["%"]


def test_a_language_without_a_table_has_the_signs_that_all_share() -> None:
    unknown = language("xx")
    assert (unknown.stemmer, unknown.stop, unknown.direction) == ("", frozenset(), "ltr")
    assert unknown.units["%"] == "percent"
    assert language("../en").stemmer == ""


def test_which_are_written_from_right_to_left() -> None:
    rtl = {code for code in tables() if language(code).direction == "rtl"}
    assert rtl == {"ar", "he", "fa", "ur"}
    assert language("ps").direction == "rtl"


@pytest.mark.parametrize(
    ("tag", "code"),
    [("de-AT", "de"), ("pt_BR", "pt"), ("EN", "en"), ("deu", "de"), ("nb-NO", "no"), ("iw", "he"),
     ("zh-Hant", "zh"), ("yue", "zh"), ("gsw", "gsw"), ("", None), (None, None), ("German", None)],
)  # fmt: skip
def test_the_code_of_a_tag(tag: str | None, code: str | None) -> None:
    assert code_of(tag) == code


@pytest.mark.parametrize(
    ("text", "folded"),
    [("CAFÉ", "cafe"), ("Straße", "strasse"), ("İstanbul", "istanbul"), ("ışık", "isik"),
     ("ガス", "ガス"), ("が", "が"), ("บ้าน", "บ้าน"), ("हिन्दी", "हिंदी"), ("한국", "한국"),
     ("שָׁלוֹם", "שלום"), ("أحمد", "احمد"), ("ёлка", "елка"), ("Ελλάδα", "ελλαδα"),
     ("ŁÓŻKO", "lozko"), ("đường", "duong"),
     ("CŒUR", "coeur"), ("co\u00adoperate", "cooperate"), ("ﬁsh", "fish"), ("ｶﾞｽ", "ガス"),
     ("كـتاب", "كتاب"), ("علی", "علي"), ("می\u200cشود", "ميشود"), ("צה״ל", "צהל")],
)  # fmt: skip
def test_accents_are_folded_and_letters_stay(text: str, folded: str) -> None:
    assert fold(text) == folded
