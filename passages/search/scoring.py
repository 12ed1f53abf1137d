"""Signals of the candidate passages -> one score each; pure functions of arrays.

A `Ranking` says what takes part and with which weight, so that signals gathered once are scored in
many ways. The shipped one is in units of the encoder's own scale:

    score = (cos(q, passage) / 2 + max over its sentences of cos(q, sentence)) / spread
            + 3 * bm25 + 60 * late

`spread` is the standard deviation of the encoder's question-to-passage cosines over the shipped
articles, so one weight serves encoders whose cosines lie close together or far apart. `bm25` is a
share of the question, so that a question asked in words of its own is left to the encoder: divided
by the best passage's BM25 it would count as much as one asked in the articles' words. Higher is
better; scores compare within one question only.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from passages.errors import BadSetting
from passages.index.arrays import Values
from passages.search.sources.source import Signals

RRF_K = 60  # Cormack, Clarke and Buettcher 2009


@dataclass(frozen=True, slots=True)
class Ranking:
    """What a passage's score is made of.

    `passage`, `sentence` and `bm25` are the weights of those signals, 0 for none; the cosines are
    divided by the encoder's spread first. `fusion` is "sum", or "rrf" for the sum of reciprocal
    ranks of each signal whose weight is not 0. `late` is the weight of late interaction, which has
    a scale of its own. `rerank` is how much a unit of the cross-encoder's logit is worth among the
    closest passages, 0 for no cross-encoder; `rerank_without_tokens` stands for it where an index
    has no codes of tokens: `without_tokens` is the ranking then.
    """

    passage: float = 0.0
    sentence: float = 0.0
    bm25: float = 0.0
    late: float = 0.0
    rerank: float = 0.0
    rerank_without_tokens: float = 0.0
    fusion: Literal["sum", "rrf"] = "sum"


RANKINGS = {
    "bm25": Ranking(bm25=1.0),
    "encoder": Ranking(passage=1.0),
    "rrf": Ranking(passage=1.0, bm25=1.0, fusion="rrf"),
    "passage+sentence": Ranking(passage=0.5, sentence=0.5),
    "full": Ranking(passage=0.5, sentence=0.5, bm25=5.0),
    "full+rerank": Ranking(
        passage=0.5, sentence=0.5, bm25=5.0, rerank=0.5, rerank_without_tokens=0.5
    ),
    "full+late": Ranking(passage=0.5, sentence=1.0, bm25=3.0, late=60.0, rerank_without_tokens=0.5),
    "full+late+rerank": Ranking(
        passage=0.5, sentence=1.0, bm25=3.0, late=60.0, rerank=0.25, rerank_without_tokens=0.5
    ),
}
"""`python -m benchmarks.fit_scoring` prints the tables that the weights come from."""

SHIPPED = "full+late"
NO_RERANK = "shipped:rerank=0,rerank_without_tokens=0"
"""The shipped ranking without a cross-encoder, whatever the index holds."""


def parse_ranking(text: str) -> Ranking:
    """A ranking by its name, any weight of it changed: `full:bm25=4,sentence=0`.

    Raises:
        BadSetting: no such ranking or weight, or no number.
    """
    name, _, changes = text.partition(":")
    ranking = RANKINGS.get(SHIPPED if name == "shipped" else name)
    if ranking is None:
        known = ", ".join((*RANKINGS, "shipped"))
        raise BadSetting(f"no setting {name!r}: there are {known}")
    weights = [field.name for field in fields(Ranking) if field.name != "fusion"]
    changed: dict[str, Any] = {}
    for change in filter(None, changes.split(",")):
        weight, _, value = change.partition("=")
        changed[weight.strip()] = _number(value)
    if any(weight not in weights or value is None for weight, value in changed.items()):
        raise BadSetting(
            f"{text!r}: expected NAME:WEIGHT=NUMBER,… with weights out of {', '.join(weights)}"
        )
    return replace(ranking, **changed)


def without_tokens(ranking: Ranking) -> Ranking:
    """The ranking for an index that has no codes of tokens, and so no late interaction."""
    if not ranking.late:
        return ranking
    same = ranking.rerank_without_tokens
    return replace(RANKINGS["full"], rerank=same, rerank_without_tokens=same)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def score(signals: Signals, spread: float, ranking: Ranking) -> Values:
    """The score of each candidate before any reranking, (candidates,)."""
    cosines = np.float32(ranking.passage) * signals.passage
    cosines = cosines + np.float32(ranking.sentence) * signals.sentence
    if ranking.fusion == "rrf":
        return _fused(signals, ranking)
    scores: Values = cosines / np.float32(spread) + np.float32(ranking.bm25) * signals.bm25
    if ranking.late:
        scores = scores + np.float32(ranking.late) * _filled(signals.late)
    return scores


def _filled(late: Values) -> Values:
    """Late interaction with the mean of the others for passages that have none of it."""
    missing = np.isnan(late)
    if not missing.any():
        return late
    mean = late[~missing].mean() if not missing.all() else np.float32(0)
    return np.where(missing, mean, late)


def put_last(scores: Values, last: NDArray[np.bool_]) -> Values:
    """The scores, those marked lowered until all others stand above them, in their order."""
    if not last.any() or last.all():
        return scores
    lowered = scores.copy()
    lowered[last] -= max(0, scores[last].max() - scores[~last].min()) + 1
    return lowered


def _fused(signals: Signals, ranking: Ranking) -> Values:
    parts = ((name, getattr(signals, name)) for name in ("passage", "sentence", "bm25", "late"))
    ranks = [_reciprocal_ranks(part) for name, part in parts if getattr(ranking, name)]
    fused: Values = np.sum([np.zeros(len(signals), np.float32), *ranks], axis=0)
    return fused


def _reciprocal_ranks(values: Values) -> Values:
    """1 / (RRF_K + rank) of each value, the largest having rank 1."""
    ranks = np.empty(len(values), np.float32)
    ranks[np.argsort(-values, kind="stable")] = np.arange(1, len(values) + 1)
    reciprocal: Values = np.float32(1) / (np.float32(RRF_K) + ranks)
    return reciprocal
