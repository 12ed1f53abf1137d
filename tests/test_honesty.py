"""What is said of an answer beside its passages: what they lack, and how far they are trusted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from passages.evaluation.fitting import Judged, borrowed, least_right
from passages.evaluation.fitting.sampling import scale_of_headings
from passages.language.quantities import quantities
from passages.models.catalogue import DEFAULT_MODEL, ENCODERS
from passages.search.searcher import Index
from tests.support.toy import CALIBRATION, BagOfWords, build

ARTICLE = """# The handbook

## Dose

A dose of 0.5 mg/kg is considered safe and effective. Lozenges hold 150 mg of the drug.

## Course

A course takes six infusions over two weeks. One infusion lasts 40 to 60 minutes.

## Price

An infusion costs $400 to $800, of which an insurer pays 20%.

## Storage

Keep the vial below 25 °C. It holds 10 ml and is 4 cm high. The cabinet weighs 3.5 kg.

## Pump

The pump runs on 12 V and takes 1.5 GB of logs a year. Press until the cuff shows 140 mmHg.

## People

Adults from 18 years on are treated. Esketamine is a spray. Doctor Smith leads the Berlin clinic.
"""


@pytest.fixture
def ask(tmp_path: Path, open_toy: Callable[[Path], Index]) -> Index:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "handbook.md").write_text(ARTICLE, encoding="utf-8")
    build(corpus, tmp_path / "index")
    return open_toy(tmp_path / "index")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("0.5 mg/kg, .5 mg/kg and 0,5mg/kg", [(0.5, 0.5), (0.5, 0.5), (0.5, 0.5)]),
        ("a 2-week course, two weeks, 14 days", [(14, 14), (14, 14), (14, 14)]),
        ("500 mg or 0.5 g", [(0.5, 0.5), (0.5, 0.5)]),
        ("40-60 minutes; 40 to 60 min", [(2400, 3600), (2400, 3600)]),
        ("$1,500 or 1500 dollars", [(1500, 1500), (1500, 1500)]),
        ("2 million dollars", [(2e6, 2e6)]),
        ("38.5 °C, 101F", [(38.5, 38.5), (101, 101)]),
        ("version 1.2.3 of it", []),
    ],
)
def test_quantities_in_their_usual_forms(text: str, written: list[tuple[float, float]]) -> None:
    found = [value for quantity in quantities(text) for value in (quantity.low, quantity.high)]
    assert found == pytest.approx([value for pair in written for value in pair])


@pytest.mark.parametrize(
    ("question", "asked", "says"),
    [
        ("is 5 mg/kg a safe dose", "5 mg/kg", "0.5 mg/kg"),
        ("Is a dose of 2mg/kg considered safe?", "2mg/kg", "0.5 mg/kg"),
        ("is .05 milligrams per kilogram an effective dose", ".05 milligrams per kilogram", "0.5"),
        ("do lozenges hold 300 mg of the drug?", "300 mg", "150 mg"),
        ("lozenges with 1.5 g of the drug", "1.5 g", "150 mg"),
        ("does a course take eight weeks", "eight weeks", "two weeks"),
        ("is the course over in 3 days", "3 days", "two weeks"),
        ("does one infusion last 2 hours?", "2 hours", "40 to 60 minutes"),
        ("does one infusion last 5 min", "5 min", "40 to 60 minutes"),
        ("does a course take 12 infusions", "12 infusions", "six infusions"),
        ("an infusion costs $2,000, right?", "$2,000", "$400 to $800"),
        ("does an infusion cost 100 dollars", "100 dollars", "$400 to $800"),
        ("does an insurer pay 80% of an infusion", "80%", "20%"),
        ("an insurer pays 50 percent of the costs", "50 percent", "20%"),
        ("keep the vial below 40 °C", "40 °C", "25 °C"),
        ("is the vial 100 ml", "100 ml", "10 ml"),
        ("is the vial 9 cm high", "9 cm", "4 cm"),
        ("the cabinet weighs 90 kg", "90 kg", "3.5 kg"),
        ("the pump runs on 230 V", "230 V", "12 V"),
        ("does the pump take 64 GB of logs", "64 GB", "1.5 GB"),
        ("press until the cuff shows 200 mmHg", "200 mmHg", "140 mmHg"),
        ("are adults from 21 years on treated", "21 years", "18 years"),
    ],
)
def test_the_passage_s_own_number_is_said(ask: Index, question: str, asked: str, says: str) -> None:
    answer = ask.search(question)
    first = answer.to_json()["hits"][0]
    [number] = first["numbers"]
    assert number["asked"] == asked
    assert says in number["says"]
    assert answer.verdict != "answered"


@pytest.mark.parametrize(
    "question",
    [
        "is .50 mg/kg considered a safe dose?",
        "do lozenges hold 0.15 g of the drug?",
        "does a course take 14 days or 6 infusions",
        "does one infusion last 50 minutes",
        "an infusion costs 500 dollars",
        "keep the vial below 25°C",
        "are adults from eighteen years, 18 yrs, on treated",
    ],
)
def test_a_number_that_the_passage_has_in_another_form_is_not_missed(
    ask: Index, question: str
) -> None:
    hit = ask.search(question).hits[0]
    assert hit.numbers == ()
    assert not hit.lacking.caps


@pytest.mark.parametrize(
    ("question", "missing", "names", "unknown"),
    [
        ("is esketamine a spray", (), False, ()),
        ("is sertraline a spray", ("sertraline",), True, ("sertraline",)),
        ("are toddlers treated from 18 years on", ("toddlers",), True, ("toddlers",)),
        ("does Doctor Miller lead the clinic", ("Miller",), True, ("Miller",)),
        ("does Smith lead the Munich clinic", ("Munich",), True, ("Munich",)),
        ("DOCTOR SMITH LEADS THE CLINIC", (), False, ()),
        ("who leads the hotel", ("hotel",), False, ("hotel",)),
        ("is fibromyalgia treated with the spray", ("fibromyalgia",), True, ("fibromyalgia",)),
        ("does the spray treet adults", (), False, ()),
        ("are adults given 20 sprays", ("20 sprays",), True, ()),
        ("I've asked whether adults are treated quickly", (), False, ()),
        ("are adult's treatments from 18 years", (), False, ()),
    ],
)
def test_words_and_names_that_the_passage_does_not_mention(
    ask: Index, question: str, missing: tuple[str, ...], names: bool, unknown: tuple[str, ...]
) -> None:
    answer = ask.search(question)
    [people] = [hit for hit in answer.hits if hit.passage.headings == ("People",)]
    assert (people.missing, people.lacking.names) == (missing, names)
    assert answer.unknown == unknown


def test_a_number_of_whose_unit_the_passage_says_nothing_is_missing(ask: Index) -> None:
    answer = ask.search("does the spray Esketamine come with 84 mg")
    [people] = [hit for hit in answer.hits if hit.passage.headings == ("People",)]
    assert people.missing == ("84 mg",)
    assert people.lacking.caps
    assert answer.unknown == ("84 mg",)


def test_a_correction_and_a_synonym_are_no_lack(
    tmp_path: Path, open_toy: Callable[[Path], Index]
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.md").write_text("# Habit\n\nIt is addictive. Recovery is slow.\n", "utf-8")
    (corpus / "_synonyms.txt").write_text("hooked, addictive\n", "utf-8")
    build(corpus, tmp_path / "index")
    answer = open_toy(tmp_path / "index").search("hooked before recvery")
    assert answer.hits[0].missing == ()
    assert answer.unknown == ()


def test_the_verdict_is_in_the_json(ask: Index) -> None:
    given = ask.search("is 5 mg/kg a safe dose").to_json()
    assert given["verdict"] in ("related", "not found")
    assert given["covered"] is (given["verdict"] != "not found")
    assert given["unknown"] == ["5 mg/kg"]
    assert {"missing", "numbers", "probability"} <= given["hits"][0].keys()


def _judged(right: int, wrong: int, sure: float) -> Judged:
    return np.full(right + wrong, sure), np.arange(right + wrong) < right


@pytest.mark.parametrize(
    ("collections", "least"),
    [
        ([_judged(90, 10, 0.9)], 0.5),
        ([_judged(45, 4, 0.9)], None),  # too few
        ([_judged(43, 8, 0.9)], None),  # 84 %
        ([_judged(44, 7, 0.9)], 0.5),  # 86 %, at least 80 % with nine tenths' certainty
        ([_judged(90, 10, 0.9), _judged(90, 10, 0.9)], 0.5),
        ([_judged(90, 10, 0.9), _judged(80, 20, 0.9)], None),  # not on every collection
        ([_judged(90, 10, 0.9), _judged(90, 10, 0.4)], None),
        ([np.hstack([_judged(90, 10, 0.9), _judged(10, 40, 0.6)])], 0.65),
    ],
)
def test_a_word_of_strength_holds_on_every_collection_or_is_not_said(
    collections: list[Judged], least: float | None
) -> None:
    judged = [(sure, right.astype(bool)) for sure, right in collections]
    assert least_right(judged) == least


def test_words_of_strength_are_those_of_the_articles_they_were_measured_on() -> None:
    measured = replace(CALIBRATION, strong=0.7, judged=("a", "b"))
    assert measured.strong_over(["b", "a"]) == 0.7
    assert measured.strong_over(["a"]) is None
    assert replace(measured, strong_elsewhere=0.8).strong_over(["a", "c"]) == 0.8


def test_where_nothing_can_be_fitted_a_calibration_is_borrowed_and_says_so(corpus: Path) -> None:
    encoder = BagOfWords()
    centre, spread = scale_of_headings(encoder, corpus)
    found = borrowed(encoder, corpus)
    default = ENCODERS[DEFAULT_MODEL].calibration
    assert default is not None
    assert found.coefficients == default.coefficients
    assert (found.centre, found.spread) == (round(centre, 4), round(spread, 4))
    assert 0 < centre < 1
    assert found.fitted_on == "what was fitted for bge-small-en, not measured with this encoder"
    assert (found.strong, found.strong_elsewhere, found.hits) == (None, None, ())


def test_a_corpus_of_one_passage_borrows_the_spread_too(tmp_path: Path) -> None:
    (tmp_path / "tea.md").write_text("Tea is a drink.", "utf-8")
    default = ENCODERS[DEFAULT_MODEL].calibration
    assert default is not None
    assert borrowed(BagOfWords(), tmp_path).spread == default.spread
