"""Signals of the candidate passages -> one score each; pure functions of arrays.

`full`, the shipped setting, is in units of the encoder's own scale:

    score = (cos(q, passage) + max over its sentences of cos(q, sentence)) / 2 / spread
            + BM25_WEIGHT * bm25

`spread` is the standard deviation of the encoder's question-to-passage cosines over the shipped
articles (see `calibration`), so one weight serves encoders whose cosines lie close together or far
apart. `bm25` is a share of the question (see `lexical.Match`), so that a question asked in words of
its own is left to the encoder: divided by the best passage's BM25 it would count as much as one
asked in the articles' words. Higher is better; scores compare within one question only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float32]

BM25_WEIGHT = 5.0
"""`python -m benchmarks.fit_scoring` (nDCG@10, bge-small-en) at 0, 2, 4, 5, 6, 8: SQuAD 0.890,
0.926, 0.941, 0.945, 0.947, 0.951; MedQuAD 0.945, 0.941, 0.940, 0.946, 0.943, 0.931; questions of
product FAQs 0.704, 0.739, 0.748, 0.750, 0.749, 0.740; the fit half of evaluation/ 0.787, 0.810,
0.820, 0.819, 0.819, 0.814. What the other collections choose costs each at most 0.006."""

RRF_K = 60  # Cormack, Clarke and Buettcher 2009

RERANKED = "full+rerank"
"""What is shipped: `full`, after which the cross-encoder of `rerank` puts the closest in order."""
SETTINGS = ("bm25", "encoder", "rrf", "passage+sentence", "full", RERANKED)


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of each candidate, every array (candidates,).

    `passage` and `sentence` are cosines of the question with the passage and with its nearest
    sentence; `bm25` is a share of the question, 0 without a common word; `found` is the share of
    its weighted words that stand in the passage.
    """

    passage: Values
    sentence: Values
    bm25: Values
    found: Values


def score(signals: Signals, spread: float, setting: str = "full") -> Values:
    """The score of each candidate, (candidates,).

    Raises:
        ValueError: no such setting.
    """
    if setting == "encoder":
        return signals.passage
    if setting == "bm25":
        return signals.bm25
    if setting == "rrf":
        return _reciprocal_ranks(signals.passage) + _reciprocal_ranks(signals.bm25)
    dense: Values = (signals.passage + signals.sentence) / np.float32(2 * spread)
    if setting == "passage+sentence":
        return dense
    if setting in ("full", RERANKED):
        return dense + np.float32(BM25_WEIGHT) * signals.bm25
    raise ValueError(f"no setting {setting!r}: there are {', '.join(SETTINGS)}")


def put_last(scores: Values, last: NDArray[np.bool_]) -> Values:
    """The scores, those marked lowered until all others stand above them, in their order."""
    if not last.any() or last.all():
        return scores
    lowered = scores.copy()
    lowered[last] -= max(0, scores[last].max() - scores[~last].min()) + 1
    return lowered


def _reciprocal_ranks(values: Values) -> Values:
    """1 / (RRF_K + rank) of each value, the largest having rank 1."""
    ranks = np.empty(len(values), np.float32)
    ranks[np.argsort(-values, kind="stable")] = np.arange(1, len(values) + 1)
    reciprocal: Values = np.float32(1) / (np.float32(RRF_K) + ranks)
    return reciprocal
