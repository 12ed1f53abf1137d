"""Scores and confidence from signals, by hand: which passage is first, and why."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from passages.errors import BadSetting
from passages.models.calibration import FEATURES, Calibration
from passages.search.honesty.confidence import features, without_lacking
from passages.search.honesty.coverage import coverage
from passages.search.honesty.lacking import NOTHING, Lacking
from passages.search.scoring import (
    NO_RERANK,
    RANKINGS,
    RRF_K,
    SHIPPED,
    Ranking,
    parse_ranking,
    put_last,
    score,
    without_tokens,
)
from passages.search.sources.source import Signals

SPREAD = 0.05
WEIGHT = RANKINGS["full"].bm25


def _signals(
    passage: list[float], sentence: list[float], bm25: list[float], found: list[float] | None = None
) -> Signals:
    columns = (passage, sentence, bm25, found or [0.0] * len(passage))
    arrays = (np.array(column, np.float32) for column in columns)
    nothing = np.full(len(passage), np.nan, np.float32)
    flags, texts = np.zeros(len(passage), np.bool_), np.arange(len(passage), dtype=np.uint64)
    return Signals(*arrays, boilerplate=flags, late=nothing, texts=texts)


THREE = _signals([0.70, 0.60, 0.65], [0.70, 0.82, 0.75], [0.0, 0.1, 0.5])


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("encoder", [14.0, 12.0, 13.0]),
        ("bm25", [0.0, 0.1, 0.5]),
        ("rrf", [1 / 61 + 1 / 63, 1 / 63 + 1 / 62, 1 / 62 + 1 / 61]),
        ("passage+sentence", [14.0, 14.2, 14.0]),
        ("full", [14.0, 14.2 + 0.1 * WEIGHT, 14.0 + 0.5 * WEIGHT]),
        ("full+late", [21.0, 22.4 + 0.1 * 3, 21.5 + 0.5 * 3]),
        ("full+rerank", [14.0, 14.2 + 0.1 * WEIGHT, 14.0 + 0.5 * WEIGHT]),
    ],
)
def test_every_setting_by_hand(setting: str, expected: list[float]) -> None:
    assert RRF_K == 60
    assert score(THREE, SPREAD, RANKINGS[setting]) == pytest.approx(expected, rel=1e-6)


def test_late_interaction_is_added_and_an_index_without_it_has_the_full_ranking() -> None:
    assert without_tokens(RANKINGS[SHIPPED]) == RANKINGS["full+rerank"]
    assert without_tokens(parse_ranking(NO_RERANK)) == RANKINGS["full"]
    assert parse_ranking(NO_RERANK) == replace(RANKINGS[SHIPPED], rerank_without_tokens=0.0)
    full = score(THREE, SPREAD, replace(RANKINGS[SHIPPED], late=0.0))
    late = replace(THREE, late=np.array([0.9, 0.8, 0.7], np.float32))
    found = score(late, SPREAD, RANKINGS[SHIPPED])
    assert found - full == pytest.approx(60 * late.late, rel=1e-5)


def test_a_passage_without_tokens_has_the_late_interaction_of_the_others_in_the_mean() -> None:
    full = score(THREE, SPREAD, replace(RANKINGS[SHIPPED], late=0.0))
    late = replace(THREE, late=np.array([0.9, np.nan, 0.7], np.float32))
    found = score(late, SPREAD, RANKINGS[SHIPPED])
    assert found - full == pytest.approx([54.0, 48.0, 42.0], rel=1e-5)
    assert score(THREE, SPREAD, RANKINGS[SHIPPED]).tolist() == full.tolist()


def test_a_ranking_is_named_and_any_weight_of_it_changed() -> None:
    assert parse_ranking("shipped") == RANKINGS[SHIPPED]
    changed = Ranking(passage=0.5, sentence=0.25, bm25=4.0)
    assert parse_ranking("full:bm25=4, sentence=0.25") == changed


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("best", r"no setting 'best': there are bm25, encoder, .*full\+late\+rerank, shipped"),
        ("full:bm25", "expected NAME:WEIGHT=NUMBER"),
        ("full:bm25=much", "expected NAME:WEIGHT=NUMBER"),
        ("full:bm25=nan", "expected NAME:WEIGHT=NUMBER"),
        (
            "full:fusion=1",
            "weights out of passage, sentence, bm25, late, rerank, rerank_without_tokens",
        ),
    ],
)
def test_a_ranking_that_cannot_be_read_names_what_can(text: str, said: str) -> None:
    with pytest.raises(BadSetting, match=said):
        parse_ranking(text)


@pytest.mark.parametrize("setting", RANKINGS)
def test_no_candidates_and_one(setting: str) -> None:
    assert score(_signals([], [], []), SPREAD, RANKINGS[setting]).shape == (0,)
    one = score(_signals([0.5], [0.5], [0.0]), SPREAD, RANKINGS[setting])
    fused = RANKINGS[setting].fusion == "rrf"
    cosines = 10 * (RANKINGS[setting].passage + RANKINGS[setting].sentence)
    expected = 2 / 61 if fused else cosines
    assert one.tolist() == pytest.approx([expected], rel=1e-6)


def test_equal_signals_rank_in_their_order() -> None:
    scores = score(_signals([0.5, 0.5], [0.6, 0.6], [0.2, 0.2]), SPREAD, RANKINGS["rrf"])
    assert scores[0] > scores[1]


def test_without_common_words_the_encoder_decides() -> None:
    own_words = replace(THREE, bm25=np.zeros(3, np.float32))
    assert score(own_words, SPREAD, RANKINGS["full"]).argmax() == 1


def test_words_decide_between_passages_that_the_encoder_finds_alike() -> None:
    alike = _signals([0.70, 0.69], [0.70, 0.69], [0.0, 0.3])
    assert score(alike, SPREAD, RANKINGS["full"]).argmax() == 1


WEIGHTS = (0.5, 2.0, 1.0, 0.1, -0.5, -1.0, -1.0)
CALIBRATION = Calibration(0.5, SPREAD, WEIGHTS, -5.0, 0.5, "this test")
LACKS = Lacking(("babies",), (), True, 1.0, 0.25)


def test_features_by_hand() -> None:
    signals = _signals([0.6, 0.7, 0.5], [0.6, 0.8, 0.5], [0.1, 0.4, 0.0], [0.2, 0.6, 0.0])
    found = features(signals, 0.75, 3, 0.9, CALIBRATION, 0.1, LACKS)
    expected = [math.log(4), 0.75, 0.9, (0.8 - 0.55) / SPREAD, 0.1 / SPREAD, 1.0, 1.0]
    assert len(FEATURES) == len(expected)
    assert found == pytest.approx(expected, rel=1e-5)


def test_a_single_candidate_is_ahead_of_none() -> None:
    one = _signals([0.6], [0.7], [0.3], [1.0])
    found = features(one, 1.0, 1, 0.9, CALIBRATION, 0.0, NOTHING)
    assert found[FEATURES.index("ahead")] == 0.0


def test_the_word_that_passages_come_least_near_to() -> None:
    east, north = np.array([[1, 0]], np.float32), np.array([[0, 1]], np.float32)
    between = np.array([[0.6, 0.8]], np.float32)
    assert coverage([east], [east, north]) == pytest.approx(1.0)
    assert coverage([east, 2 * between], [east, north]) == pytest.approx(0.8)
    assert coverage([np.vstack([east, north])], [between]) == pytest.approx(0.7)
    assert math.isnan(coverage([], [east]))
    assert math.isnan(coverage([east], [np.empty((0, 2), np.float32)]))


def test_without_codes_of_tokens_the_usual_coverage_stands_in() -> None:
    usual = replace(CALIBRATION, covered=0.4)
    rows = np.array([[1, 1, covered, 0, 0, 0, 0] for covered in (math.nan, 0.4)])
    assert usual.logit(rows[0]) == usual.logit(rows[1]) == pytest.approx(-2.1)


@pytest.mark.parametrize(
    ("question", "text", "rest"),
    [
        ("is tea safe for babies?", "Tea is safe.", "is tea safe for"),
        ("Babies: is tea safe at work", "A safe tea", "is tea safe at"),
        ("are teas safe?", "Tea is safer. Safe tea.", "are teas safe?"),
        ("is it", "Tea.", "is it"),
        ("babies", "Tea.", ""),
        ("green-tea", "Tea.", ""),
    ],
)
def test_words_that_a_text_lacks_are_left_out(question: str, text: str, rest: str) -> None:
    assert without_lacking(question, text) == rest


def test_confidence_is_the_logistic_function_of_the_features() -> None:
    assert CALIBRATION.confidence(np.array([10.0, *[0.0] * 6])) == pytest.approx(0.5)
    assert CALIBRATION.confidence(np.array([10.0, 0.5, *[0.0] * 5])) == pytest.approx(
        1 / (1 + math.exp(-1))
    )
    assert CALIBRATION.confidence(np.array([1e9, *[0.0] * 6])) <= 1
    assert CALIBRATION.confidence(np.array([-1e9, *[0.0] * 6])) >= 0


def test_the_probability_of_a_hit_is_the_logistic_function_of_its_features() -> None:
    assert CALIBRATION.probability([0.0] * 6) is None
    with_hits = replace(CALIBRATION, hits=(1.0, -1.0, -1.0, -1.0, -1.0, 0.5, 0.25))
    assert with_hits.probability([2.0, 0.5, 0.5, 0.25, 1.0, 0.0]) == pytest.approx(0.5)
    assert Calibration.from_json(with_hits.to_json()) == with_hits


def test_a_calibration_survives_json() -> None:
    assert Calibration.from_json(CALIBRATION.to_json()) == CALIBRATION


@pytest.mark.parametrize(
    "change", [{"coefficients": [1.0]}, {"coefficients": None}, {"unheard": 1}]
)
def test_a_calibration_for_other_signals_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="calibration"):
        Calibration.from_json({**CALIBRATION.to_json(), **change})


@pytest.mark.parametrize(
    ("scores", "last", "expected"),
    [
        ([5, 4, 3], [True, False, False], [2, 4, 3]),
        ([5, 4, 3, 2], [True, False, True, False], [1, 4, -1, 2]),
        ([1, 4], [True, False], [0, 4]),
        ([5, 4], [True, True], [5, 4]),
        ([5, 4], [False, False], [5, 4]),
    ],
)
def test_what_is_put_last_keeps_its_order_below_all_else(
    scores: list[float], last: list[bool], expected: list[float]
) -> None:
    given = np.array(scores, np.float32)
    assert put_last(given, np.array(last)).tolist() == expected
    assert given.tolist() == scores
