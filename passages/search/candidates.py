"""A question's candidates, and what brought each of them up."""

from __future__ import annotations

from dataclasses import dataclass

from passages.index.arrays import Values
from passages.search.answer import HitSignals
from passages.search.query import Query
from passages.search.sources.source import Found, Read, Signals


@dataclass(frozen=True, slots=True)
class Candidates:
    """A query, the passages found for it, and all that scores them.

    `read` fills with the passages that a ranking has looked at, by their number among the places.
    """

    query: Query
    found: Found
    signals: Signals
    read: dict[int, Read]


def hit_signals(given: Candidates, place: int) -> HitSignals:
    """The signals of one candidate, with its ranks among all of them."""
    signals = given.signals

    def rank(values: Values) -> int:
        return int((values > values[place]).sum()) + 1

    return HitSignals(
        passage=float(signals.passage[place]),
        sentence=float(signals.sentence[place]),
        bm25=float(signals.bm25[place]),
        found=float(signals.found[place]),
        by_passage=rank(signals.passage),
        by_sentence=rank(signals.sentence),
        by_words=rank(signals.bm25) if signals.bm25[place] > 0 else None,
    )
