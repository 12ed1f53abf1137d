"""Scores and confidence from signals, by hand: which passage is first, and why."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from passages.index.postings import Lexicon
from passages.models.calibration import FEATURES, Calibration
from passages.search.confidence import features, without_lacking
from passages.search.scoring import BM25_WEIGHT, RRF_K, SETTINGS, Signals, put_last, score

SPREAD = 0.05


def _signals(
    passage: list[float], sentence: list[float], bm25: list[float], found: list[float] | None = None
) -> Signals:
    columns = (passage, sentence, bm25, found or [0.0] * len(passage))
    return Signals(*(np.array(column, np.float32) for column in columns))


THREE = _signals([0.70, 0.60, 0.65], [0.70, 0.82, 0.75], [0.0, 0.1, 0.5])


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("encoder", [0.70, 0.60, 0.65]),
        ("bm25", [0.0, 0.1, 0.5]),
        ("rrf", [1 / 61 + 1 / 63, 1 / 63 + 1 / 62, 1 / 62 + 1 / 61]),
        ("passage+sentence", [14.0, 14.2, 14.0]),
        ("full", [14.0, 14.2 + 0.1 * BM25_WEIGHT, 14.0 + 0.5 * BM25_WEIGHT]),
        ("full+rerank", [14.0, 14.2 + 0.1 * BM25_WEIGHT, 14.0 + 0.5 * BM25_WEIGHT]),
    ],
)
def test_every_setting_by_hand(setting: str, expected: list[float]) -> None:
    assert RRF_K == 60
    assert score(THREE, SPREAD, setting) == pytest.approx(expected, rel=1e-6)


def test_the_shipped_setting_is_the_full_one() -> None:
    assert score(THREE, SPREAD).tolist() == score(THREE, SPREAD, "full").tolist()
    assert score(THREE, SPREAD).argmax() == 2


def test_an_unknown_setting_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="no setting 'best'.*" + ".*".join(map(_quoted, SETTINGS))):
        score(THREE, SPREAD, "best")


def _quoted(name: str) -> str:
    return name.replace("+", r"\+")


@pytest.mark.parametrize("setting", SETTINGS)
def test_no_candidates_and_one(setting: str) -> None:
    assert score(_signals([], [], []), SPREAD, setting).shape == (0,)
    one = score(_signals([0.5], [0.5], [0.0]), SPREAD, setting)
    assert one.shape == (1,)
    assert np.isfinite(one).all()


def test_equal_signals_rank_in_their_order() -> None:
    scores = score(_signals([0.5, 0.5], [0.6, 0.6], [0.2, 0.2]), SPREAD, "rrf")
    assert scores[0] > scores[1]


def test_without_common_words_the_encoder_decides() -> None:
    own_words = replace(THREE, bm25=np.zeros(3, np.float32))
    assert score(own_words, SPREAD).argmax() == 1


def test_words_decide_between_passages_that_the_encoder_finds_alike() -> None:
    alike = _signals([0.70, 0.69], [0.70, 0.69], [0.0, 0.3])
    assert score(alike, SPREAD).argmax() == 1


CALIBRATION = Calibration(0.5, SPREAD, (1.0, 2.0, 1.0, 0.1, 0.0, -0.5), -5.0, 0.5, "this test")


def test_features_by_hand() -> None:
    lexicon = Lexicon.build([("red tea", ""), ("green tea", ""), ("coffee", "")])
    match = lexicon.match("green tea zzyzx")
    signals = _signals([0.6, 0.7, 0.5], [0.6, 0.8, 0.5], [0.1, 0.4, 0.0], [0.2, 0.6, 0.0])
    scores = np.array([1.0, 3.0, 0.5], np.float32)
    found = features(signals, scores, match, CALIBRATION, rise=0.1)
    expected = [6.0, 0.6, match.known, 3.0 - 0.75, math.log(4), 2.0]
    assert len(FEATURES) == len(expected)
    assert found == pytest.approx(expected, rel=1e-5)


def test_features_of_a_single_candidate_have_no_rival() -> None:
    match = Lexicon.build([("tea", "")]).match("tea")
    one = _signals([0.6], [0.7], [0.3], [1.0])
    found = features(one, np.array([2.5], np.float32), match, CALIBRATION, 0.0)
    assert np.isfinite(found).all()


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
    assert CALIBRATION.confidence(np.array([5.0, 0, 0, 0, 0, 0])) == pytest.approx(0.5)
    assert CALIBRATION.confidence(np.array([5.0, 0.5, 0, 0, 0, 0])) == pytest.approx(
        1 / (1 + math.exp(-1))
    )
    assert CALIBRATION.confidence(np.full(6, 1e9)) <= 1
    assert CALIBRATION.confidence(np.full(6, -1e9)) >= 0


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
