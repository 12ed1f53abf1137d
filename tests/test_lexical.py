"""BM25: hand-worked weights, which words are looked up, and what odd questions and corpora do."""

from __future__ import annotations

from dataclasses import fields, replace
from math import log
from pathlib import Path
from typing import ClassVar

import bm25s
import numpy as np
import pytest
from hypothesis import given, settings, strategies

from passages.index.arrays import Strings
from passages.index.words.lexicon import Lexicon
from passages.index.words.postings import Postings
from passages.index.words.term_list import BM25, TermList
from passages.index.words.vocabulary import Vocabulary, collect
from passages.language.synonyms import parse_synonyms
from passages.language.words import spans_of, stems_of, words_of
from passages.search.query import MAX_TERMS, WEIGHTS, Query, corrected, look_up, make_query, read_as
from passages.search.sources.matching import Match
from tests.conftest import BagOfWords

BODIES = (
    "Green tea is bitter.",
    "Black tea is fermented, so black tea is strong.",
    "Coffee keeps you awake.",
)
HEADINGS = ("Tea Green tea", "Tea Black tea", "Coffee")


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.build(zip(BODIES, HEADINGS, strict=True))


def _saved_and_opened(lexicon: Lexicon, folder: Path) -> Lexicon:
    lexicon.postings.save(folder / "postings")
    lexicon.vocabulary.save(folder / "collection")
    return Lexicon(Vocabulary.open(folder / "collection"), Postings.open(folder / "postings"))


def _without_headings(*bodies: str) -> list[tuple[str, str]]:
    return [(body, "") for body in bodies]


def _query(lexicon: Lexicon, question: str) -> Query:
    return make_query(question, lexicon.vocabulary, BagOfWords())


def _match(lexicon: Lexicon, question: str) -> Match:
    return Match.of(_query(lexicon, question), lexicon.postings)


def _known(lexicon: Lexicon, question: str, rows: np.ndarray | None = None) -> float:
    query = _query(lexicon, question)
    return query.share_of(Match.of(query, lexicon.postings).known(rows))


def _scores(match: Match) -> np.ndarray:
    return match.scores(np.arange(match.passages))


def _found(match: Match) -> np.ndarray:
    return match.found(np.arange(match.passages))


def _idf(n: int, passages: int) -> float:
    return log(1 + (passages - n + 0.5) / (n + 0.5))


def _weight(n: int, passages: int, count: int, length: int, mean: float) -> float:
    return _idf(n, passages) * count / (count + BM25.k1 * (1 - BM25.b + BM25.b * length / mean))


def test_one_word_by_hand(lexicon: Lexicon) -> None:
    # Stems: tea green tea twice and green tea bitter; tea black tea twice and black tea ferment
    # black tea strong; coffe twice and coffe keep awak.
    lengths = [9, 12, 5]
    mean = sum(lengths) / 3
    counts = [5, 6]
    expected = [_weight(2, 3, counts[i], lengths[i], mean) / _idf(2, 3) for i in (0, 1)]
    assert _scores(_match(lexicon, "tea")) == pytest.approx([*expected, 0], rel=1e-5)


def test_several_words_are_a_share_of_all_that_was_asked(lexicon: Lexicon) -> None:
    match = _match(lexicon, "bitter tea with zzyzx?")
    asked = _idf(1, 3) + _idf(2, 3) + _idf(0, 3)  # no passage has the last word
    mean = 26 / 3
    first = (_weight(1, 3, 1, 9, mean) + _weight(2, 3, 5, 9, mean)) / asked
    second = _weight(2, 3, 6, 12, mean) / asked
    assert _scores(match) == pytest.approx([first, second, 0], rel=1e-5)
    found = [(_idf(1, 3) + _idf(2, 3)) / asked, _idf(2, 3) / asked, 0]
    assert _found(match) == pytest.approx(found, rel=1e-5)
    assert _known(lexicon, "bitter tea with zzyzx?") == pytest.approx(found[0])
    assert match.best(5).tolist() == [0, 1]


def test_the_best_n_within_some_rows(lexicon: Lexicon) -> None:
    match = _match(lexicon, "black tea or coffee")
    assert match.best(10)[0] == 1
    assert match.best(1).tolist() == [1]
    assert match.best(10, np.array([0, 2])).tolist() == [2, 0]
    assert match.best(10, np.array([], np.int64)).tolist() == []


def test_what_is_known_within_some_rows(lexicon: Lexicon) -> None:
    rows = np.array([0, 2])
    assert _known(lexicon, "black", rows) == 0
    assert _known(lexicon, "tea", rows) == pytest.approx(1)
    assert _known(lexicon, "black tea") == pytest.approx(1)


def test_rows_with_equal_scores_come_in_their_order() -> None:
    match = _match(Lexicon.build([("tea cup", "Title")] * 4), "cup")
    assert match.best(4).tolist() == [0, 1, 2, 3]


def test_a_heading_counts_even_where_the_text_does_not_repeat_it() -> None:
    bodies = ["It is taken twice a day.", "The dose follows the weight, the weight is measured."]
    lexicon = Lexicon.build(zip(bodies, ["Ketamine dose", "Weight"], strict=True))
    assert _match(lexicon, "ketamine dose").best(2).tolist() == [0, 1]


def test_save_and_open_give_the_same_scores(lexicon: Lexicon, tmp_path: Path) -> None:
    made = Lexicon.build(zip(BODIES, HEADINGS, strict=True), parse_synonyms("awake, alert"))
    opened = _saved_and_opened(made, tmp_path)
    assert len(opened) == len(made) == 3
    for question in ("black tea", "blck tea", "alert", ""):
        one, other = _match(made, question), _match(opened, question)
        assert [term for term, _ in one.terms] == [term for term, _ in other.terms]
        assert _known(made, question) == _known(opened, question)
        assert np.array_equal(_scores(one), _scores(other))
        assert np.array_equal(_found(one), _found(other))
        assert (
            corrected(question, made.vocabulary).text == corrected(question, opened.vocabulary).text
        )


def test_what_holds_no_postings_or_vocabulary_is_refused(lexicon: Lexicon, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="holds no postings"):
        Postings.open(tmp_path)
    with pytest.raises(ValueError, match="holds no vocabulary"):
        Vocabulary.open(tmp_path)
    _saved_and_opened(lexicon, tmp_path)
    (tmp_path / "postings" / "postings.json").write_text(
        '{"passages": 4, "longest": 12, "languages": {}}'
    )
    with pytest.raises(ValueError, match=r"lengths.u32 has 12 bytes"):
        Postings.open(tmp_path / "postings")
    (tmp_path / "collection" / "vocabulary.json").write_text('{"languages": []}')
    with pytest.raises(ValueError, match="holds no vocabulary"):
        Vocabulary.open(tmp_path / "collection")


def test_weights_are_those_of_bm25s_to_the_last_bit() -> None:
    choose = np.random.default_rng(5)
    words = [f"w{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(120)]
    bodies = [
        " ".join(words[n] for n in choose.zipf(1.3, choose.integers(1, 60)) % 120)
        for _ in range(400)
    ]
    lexicon = Lexicon.build(_without_headings(*bodies))
    documents = [[word.term for word in words_of(body)] for body in bodies]
    by_bm25s = bm25s.BM25(method="lucene", k1=BM25.k1, b=BM25.b)
    by_bm25s.index(documents, show_progress=False)
    known, scores = lexicon.vocabulary, by_bm25s.scores
    for word, column in by_bm25s.vocab_dict.items():
        if word == "":  # bm25s adds one for what it does not know
            continue
        start, end = scores["indptr"][column : column + 2]
        listed = lexicon.postings.term_list(word, known.idf(word), known.mean_lengths["en"])
        assert listed.rows.tolist() == scores["indices"][start:end].tolist()
        weights = listed.weights(np.arange(len(listed.rows)))
        sums = np.zeros(len(bodies), np.float32)
        listed.add_to(sums, np.float32(1))
        assert sums[listed.rows].tolist() == weights.tolist()
        assert weights.tolist() == scores["data"][start:end].tolist()
        assert weights.max() <= listed.bound


def test_words_of_shards_are_summed() -> None:
    texts = list(zip(BODIES, HEADINGS, strict=True))
    whole = Lexicon.build(texts).vocabulary
    parts = [Lexicon.build(part).postings for part in (texts[:1], texts[1:], [])]
    summed = collect(parts)
    assert list(summed.words) == list(whole.words)
    assert list(summed.forms) == list(whole.forms)
    assert summed.frequencies.tolist() == whole.frequencies.tolist()
    assert (summed.languages, summed.mean_lengths) == (whole.languages, whole.mean_lengths)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("blakc tea", "black tea"),
        ("fremented", "fermented"),
        ("coffe", "coffee"),
        ("Is COFEE strog?", "Is coffee strong?"),
    ],
)
def test_a_misspelt_word_is_read_as_the_nearest_known(
    lexicon: Lexicon, typed: str, meant: str
) -> None:
    assert _match(lexicon, typed).best(1) == _match(lexicon, meant).best(1)
    assert stems_of(corrected(typed, lexicon.vocabulary).text) == stems_of(meant)


def test_a_corrected_word_weighs_less_than_a_known_one(lexicon: Lexicon) -> None:
    typed, meant = _match(lexicon, "bittr"), _match(lexicon, "bitter")
    assert [(term.stem, term.kind) for term, _ in typed.terms] == [("bitter", "corrected")]
    assert _scores(typed) == pytest.approx(WEIGHTS["corrected"] * _scores(meant))
    assert _known(lexicon, "bittr") == pytest.approx(WEIGHTS["corrected"])


@pytest.mark.parametrize("word", ["tee", "5mg", "2mm", "awoke2", "zblack", "bl", "blck", "block"])
def test_what_is_not_taken_for_a_misspelling(lexicon: Lexicon, word: str) -> None:
    assert {term.kind for term in look_up(word, lexicon.vocabulary)} == {"unknown"}
    assert corrected(word, lexicon.vocabulary).text == word


@pytest.mark.parametrize(
    ("code", "passage", "question", "read_as"),
    [
        ("en", "The realm of the coffee.", "is it realy the cofee", "is it realy the coffee"),
        ("en", "A loaf and a glove.", "a loan for a globe", "a loan for a globe"),
        ("de", "Die Garantie gilt.", "Gilt die Garrantie?", "Gilt die garantie?"),
        ("de", "Die Tanten kamen mit den Akten.", "Tinten und Takte", "Tinten und Takte"),
        ("de", "Das Modell und der Rekord.", "Model und Record", "Model und Record"),
        ("fr", "La pièce est prête.", "une pierre prêtes", "une pierre prêtes"),
        ("es", "Una buena competencia.", "cuando compitió", "cuando compitió"),
        ("it", "La pasta è pronta.", "le paste pronte con pesto", "le paste pronte con pesto"),
        ("ru", "Поэтому премию дали.", "поэму приема", "поэму приема"),
        ("pl", "Tabletka jest gorzka.", "tabletkka", "tabletkka"),
        ("th", "ยาแก้ปวด", "ยาแก้ปวก", "ยาแก้ปวก"),
    ],
)
def test_right_words_are_left_in_every_language(
    code: str, passage: str, question: str, read_as: str
) -> None:
    made = Lexicon.build([(passage, "", code)]).vocabulary
    assert corrected(question, made).text == read_as


def test_a_question_without_misspellings_is_left_as_it_is(lexicon: Lexicon) -> None:
    question = "  Why is BLACK tea’s   taste so “strong”?  "
    assert corrected(question, lexicon.vocabulary).text == question


def test_synonyms_bring_in_passages_at_a_reduced_weight() -> None:
    bodies = ["The hepatic enzymes.", "The kidney.", "Myocardial infarction kills.", "A heart."]
    groups = parse_synonyms(
        "# for patients\nliver, hepatic\n\nheart attack, myocardial infarction\n"
    )
    lexicon = Lexicon.build(_without_headings(*bodies), groups)
    assert _match(lexicon, "liver").best(4).tolist() == [0]
    assert _match(lexicon, "heart attack").best(4).tolist() == [3, 2]
    assert _match(lexicon, "heart").best(4).tolist() == [3]  # half a phrase is not the phrase
    weight = _scores(_match(lexicon, "liver"))[0] * _idf(0, 4)  # of all asked, "liver" is unknown
    assert weight == pytest.approx(WEIGHTS["synonym"] * _weight(1, 4, 1, 2, 7 / 4), rel=1e-5)


def test_a_synonym_does_not_count_as_found() -> None:
    bodies = ["The hepatic enzymes.", "The kidney."]
    match = _match(
        Lexicon.build(_without_headings(*bodies), parse_synonyms("liver, hepatic")), "liver"
    )
    assert _scores(match)[0] > 0
    assert _found(match).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("question", "reworded"),
    [
        ("Will I get hooked?", "Will I get addicted?"),
        ("my Liver, please", "my hepatic, please"),
        ("had a heart attack, and now?", "had a myocardial infarction, and now?"),
        ("heart", "heart"),  # half a phrase is not the phrase
        ("is it addictive?", "is it addictive?"),  # an article's own word stays
        ("throwing it up", "nausea it up"),
        ("sick in your stomach?", "nausea?"),  # stop words between do not count
        ("hookd on kidneys", "hookd on kidneys"),
        ("", ""),
    ],
)
def test_a_phrase_that_no_passage_has_is_reworded_with_the_first_known_synonym(
    question: str, reworded: str
) -> None:
    bodies = [
        "Addicted.",
        "Hepatic.",
        "Myocardial infarction. A heart.",
        "Kidney, nausea.",
    ]
    groups = parse_synonyms(
        "dependent, addicted, hooked, addictive\nliver, hepatic, renal\n"
        "heart attack, myocardial infarction\nnausea, throw, sick to my stomach\nsorrow, grief"
    )
    lexicon = Lexicon.build(_without_headings(*bodies), groups)
    assert read_as(question, lexicon.vocabulary).text == reworded
    assert read_as("sorrow", lexicon.vocabulary).text == "sorrow"  # of the group no word is known


def test_without_synonyms_nothing_is_added() -> None:
    bodies = ["The hepatic enzymes.", "The kidney."]
    assert _match(Lexicon.build(_without_headings(*bodies)), "liver").best(4).tolist() == []


@pytest.mark.parametrize("text", ["", "# only a remark", "alone", "a, the", ", ,", "liver, livers"])
def test_lines_that_make_no_group(text: str) -> None:
    assert parse_synonyms(text) == ()


@pytest.mark.parametrize("question", ["", "   ", "what is it?", "?!", "zzyzx qqfoo", "👩‍⚕️"])
def test_questions_without_a_known_word_match_nothing(lexicon: Lexicon, question: str) -> None:
    match = _match(lexicon, question)
    assert _scores(match).tolist() == _found(match).tolist() == [0, 0, 0]
    assert _known(lexicon, question) == 0
    assert match.best(10).tolist() == []


def test_a_huge_question_is_bounded(lexicon: Lexicon) -> None:
    words = " ".join(f"word{number}x" for number in range(2000))
    assert len(look_up(words, lexicon.vocabulary)) == MAX_TERMS
    assert (
        _match(lexicon, "tea " * 2500).best(1).tolist() == _match(lexicon, "tea").best(1).tolist()
    )
    assert _known(lexicon, "x" * 10_000) == 0


@pytest.mark.parametrize("bodies", [[], [""], ["the of and"], ["one"]])
def test_tiny_and_wordless_corpora(bodies: list[str], tmp_path: Path) -> None:
    lexicon = Lexicon.build(_without_headings(*bodies))
    for made in (lexicon, _saved_and_opened(lexicon, tmp_path)):
        assert len(made) == len(bodies)
        assert _scores(_match(made, "one two")).shape == (len(bodies),)
        assert _match(made, "one").best(10).tolist() == ([0] if bodies == ["one"] else [])


def test_matched_words_are_spans_of_the_text(lexicon: Lexicon) -> None:
    text = "Fermenting makes TEA’s taste; Café-like: teas."
    spans = spans_of(_query(lexicon, "fermnted tea").stems, text)
    assert [text[start:end] for start, end in spans] == ["Fermenting", "TEA’s", "teas"]
    assert spans_of(_query(lexicon, "what is it").stems, text) == []


def test_words_are_compared_without_case_accents_and_possessive() -> None:
    assert stems_of("Crohn’s CAFÉS naïve 0.5 mg/kg") == ["crohn", "cafe", "naiv", "0.5", "mg", "kg"]
    assert stems_of("How does it work?") == ["work"]
    assert stems_of("organ organization") == ["organ", "organiz"]


def test_words_lie_in_order_and_those_of_like_length_are_taken_together(lexicon: Lexicon) -> None:
    assert list(lexicon.vocabulary.words) == sorted(lexicon.vocabulary.words)
    words = Strings.of(["a", "bb", "été", "ccc", "dddd"])
    assert words.sized(1, 5, 2, 3) == ["bb", "ccc"]  # in bytes: "été" has 5
    assert words.sized(0, 3, 0, 9) == ["a", "bb", "été"]
    assert words.sized(2, 2, 0, 9) == []


@settings(max_examples=200, deadline=None)
@given(data=strategies.data())
def test_what_is_left_out_of_reading_changes_nothing(data: strategies.DataObject) -> None:
    letters = strategies.sampled_from("abcdefgh")
    bodies = data.draw(strategies.lists(strategies.text(letters, max_size=12), min_size=1))
    lexicon = Lexicon.build(_without_headings(*(" ".join(f"w{c}" for c in b) for b in bodies)))
    question = " ".join(f"w{letter}" for letter in data.draw(strategies.text(letters, max_size=6)))
    n = data.draw(strategies.integers(1, 6))
    match = _match(lexicon, question)
    scores = _scores(match)
    every = sorted(np.flatnonzero(scores > 0), key=lambda row: (-scores[row], row))
    assert match.best(n).tolist() == every[:n]


class _Counted(TermList):
    """A list that notes how long it is when all of it is read."""

    read: ClassVar[list[int]] = []

    def add_to(self, sums: np.ndarray, share: np.float32) -> None:
        self.read.append(len(self.rows))
        super().add_to(sums, share)


def test_a_frequent_word_is_not_read_where_a_rare_one_decides() -> None:
    bodies = [f"common {'rare' if row % 100 == 0 else 'other'} word{row}" for row in range(2000)]
    match = _match(Lexicon.build(_without_headings(*bodies)), "common rare")
    counted = [
        (term, _Counted(**{f.name: getattr(has, f.name) for f in fields(has)}))
        for term, has in match.terms
    ]
    match = replace(match, terms=counted)
    _Counted.read.clear()
    assert match.best(10).tolist() == list(range(0, 1000, 100))
    assert _Counted.read == [20]
    assert match.best(30)[:20].tolist() == list(range(0, 2000, 100))
    assert _Counted.read == [20, 20, 2000]  # there are not so many with the rare word
