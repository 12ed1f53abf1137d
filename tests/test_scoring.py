"""Scores by hand: which candidate comes first, and with what."""

from __future__ import annotations

import math

import numpy as np
import pytest

from passages.confidence import FEATURES, Calibration, features
from passages.lexical import Match, Term
from passages.scoring import BM25_WEIGHT, RRF_K, SETTINGS, Signals, score

SIGNALS = Signals(
    passage=np.array([0.8, 0.7, 0.6], np.float32),
    sentence=np.array([0.6, 0.9, 0.5], np.float32),
    bm25=np.array([0.0, 0.1, 0.4], np.float32),
    found=np.array([0.0, 0.5, 1.0], np.float32),
)


def test_every_setting_by_hand() -> None:
    expected = {
        "bm25": [0.0, 0.1, 0.4],
        "encoder": [0.8, 0.7, 0.6],
        "rrf": [
            1 / (RRF_K + 1) + 1 / (RRF_K + 3),
            2 / (RRF_K + 2),
            1 / (RRF_K + 3) + 1 / (RRF_K + 1),
        ],
        "passage+sentence": [7.0, 8.0, 5.5],
        "full": [7.0, 8.0 + BM25_WEIGHT * 0.1, 5.5 + BM25_WEIGHT * 0.4],
    }
    assert set(expected) == set(SETTINGS)
    for setting, values in expected.items():
        np.testing.assert_allclose(score(SIGNALS, 0.1, setting), values, rtol=1e-5)


def test_no_common_word_leaves_the_order_to_the_encoder() -> None:
    silent = Signals(SIGNALS.passage, SIGNALS.sentence, np.zeros(3, np.float32), SIGNALS.found)
    np.testing.assert_array_equal(score(silent, 0.1), score(silent, 0.1, "passage+sentence"))


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(ValueError, match="no setting 'best': there are bm25, encoder"):
        score(SIGNALS, 0.1, "best")


def test_confidence_by_hand() -> None:
    calibration = Calibration(0.5, 0.1, (1.0, 0.0, 2.0, 0.0, 0.0, 0.0), -1.0, 0.5, "by hand")
    terms = (Term("a", "asked", 1.0), Term("b", "asked", 1.0))
    match = Match(terms, SIGNALS.bm25, SIGNALS.found, known=0.75)
    seen = features(SIGNALS, score(SIGNALS, 0.1, "passage+sentence"), match, calibration)
    assert len(seen) == len(FEATURES)
    np.testing.assert_allclose(seen, [2.0, 4.0, 0.5, 0.75, 8.0 - 6.25, math.log(3)], rtol=1e-5)
    assert calibration.confidence(seen) == pytest.approx(1 / (1 + math.exp(-2.0)))


def test_a_calibration_survives_json_and_others_are_refused() -> None:
    calibration = Calibration(0.5, 0.1, (1.0,) * len(FEATURES), -1.0, 0.5, "by hand")
    assert Calibration.from_json(calibration.to_json()) == calibration
    for fields in (
        {},
        {**calibration.to_json(), "more": 1},
        {**calibration.to_json(), "coefficients": [1.0]},
    ):
        with pytest.raises(ValueError, match="calibration"):
            Calibration.from_json(fields)
