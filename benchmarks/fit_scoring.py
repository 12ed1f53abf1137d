"""Tables behind the constants of scoring: `python -m benchmarks.fit_scoring DIR [DIR …]`.

A DIR holds `corpus/` and `questions.jsonl`; without one, the shipped articles and the fit half of
their questions serve. Prints nDCG@10 and Success@1 of every setting and weight, the weight that
each collection would choose by the questions of the others, and what it gives there. `--bm25`
prints the table for the constants of `passages/lexical.py` instead, `--rerank` that for the weight
of the cross-encoder.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from passages.evaluation.fitting import (
    Collection,
    calibration_for,
    index_of,
    scale,
    shipped_collection,
)
from passages.evaluation.judgements import QuoteFinder, read_questions
from passages.index import postings as lexical
from passages.models.catalogue import DEFAULT_MODEL
from passages.models.encoder import Encoder
from passages.models.supply import find_model
from passages.search import rerank, scoring
from passages.search.scoring import Signals, score
from passages.search.searcher import CANDIDATES, Index

WITHOUT_WEIGHT = ("bm25", "encoder", "rrf", "passage+sentence")
WEIGHTS = (0.0, 1.0, 2.0, 3.0, 4.0, 4.5, 5.0, 6.0, 8.0)
BM25 = [
    (copies, k1, b) for copies in (1, 2, 3) for k1 in (0.6, 0.75, 0.9, 1.2) for b in (0.5, 0.75)
]
RERANK = (0.0, 0.15, 0.25, 0.35, 0.5, 0.75)
_DISCOUNTS = 1 / np.log2(np.arange(2, 12))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's candidates: their rows and signals, and which quotes each overlaps."""

    question: str
    rows: NDArray[np.int64]
    signals: Signals
    quotes: list[set[int]]
    relevant: int


@dataclass(frozen=True, slots=True)
class Gathered:
    """A collection with the signals of all its answerable questions."""

    name: str
    index: Index
    asked: list[Asked]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("collections", type=Path, nargs="*")
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--bm25", action="store_true", help="the constants of BM25 instead")
    parser.add_argument("--rerank", action="store_true", help="the weight of the cross-encoder")
    options = parser.parse_args()
    encoder = Encoder(find_model(options.model))
    spread = calibration_for(encoder).spread
    with tempfile.TemporaryDirectory() as folder:
        gathered = []
        for number, path in enumerate(options.collections or [None]):
            collection = _collection(path) if path else shipped_collection()
            index = index_of(collection, encoder, Path(folder) / str(number))
            print(f"{path or 'evaluation'}: own spread {scale(index, collection)[1]:.4f}")
            gathered.append(
                Gathered(path.name if path else "evaluation", index, _ask(index, collection))
            )
        if options.bm25:
            _print_bm25(gathered, spread)
        elif options.rerank:
            _print_rerank(gathered, spread)
        else:
            _print_weights(gathered, spread)


def _collection(path: Path) -> Collection:
    return Collection(path / "corpus", read_questions(path / "questions.jsonl"))


def _ask(index: Index, collection: Collection) -> list[Asked]:
    snapshot = index.snapshot
    finder = QuoteFinder(snapshot.article(row) for row in range(len(snapshot.manifest.articles)))
    asked = []
    for question in collection.questions:
        if question.relevant:
            rows, signals = _signals(index, question.question)
            passages = [snapshot.passage(int(row)) for row in rows]
            places = finder.find(question)
            quotes = [
                {n for n, at in enumerate(places) if at.overlaps(p.article.id, p.start, p.end)}
                for p in passages
            ]
            asked.append(Asked(question.question, rows, signals, quotes, len(places)))
    return asked


def _signals(index: Index, question: str) -> tuple[NDArray[np.int64], Signals]:
    """The candidates of a question as the search gathers them."""
    vector, match = index._encode(question), index.snapshot.lexicon.match(question)
    rows = np.union1d(index.snapshot.nearest(vector, CANDIDATES), match.best(CANDIDATES))
    passage = index.snapshot.passage_cosines(vector, rows)
    sentence = index.snapshot.best_sentence_cosines(vector, rows)
    return rows, Signals(passage, sentence, match.scores(rows), match.found(rows))


def _measures(asked: Asked, scores: NDArray[np.float32]) -> tuple[float, float]:
    """nDCG@10 with one gain a quote, and Success@1, of one ranking."""
    todo, gain, rank = set(range(asked.relevant)), 0.0, 0
    order = np.argsort(-scores, kind="stable")[:10]
    for place in order:
        found = asked.quotes[place] & todo
        todo -= found
        gain += _DISCOUNTS[rank : rank + len(found)].sum()
        rank += max(1, len(found))
    ideal = _DISCOUNTS[: asked.relevant].sum()
    return float(gain / ideal), float(bool(len(order)) and bool(asked.quotes[order[0]]))


def _table(
    gathered: Sequence[Gathered], rank: Callable[[Signals], NDArray[np.float32]]
) -> list[NDArray[np.float64]]:
    """For each collection (questions, 2): the measures of every question."""
    return [
        np.array([_measures(asked, rank(asked.signals)) for asked in collection.asked])
        for collection in gathered
    ]


def _print_weights(gathered: Sequence[Gathered], spread: float) -> None:
    print(f"{'':20}" + "".join(f"{collection.name:>16}" for collection in gathered))
    for setting in WITHOUT_WEIGHT:
        _print_row(setting, _table(gathered, lambda given, s=setting: score(given, spread, s)))
    means = []
    for weight in WEIGHTS:
        table = _table(gathered, lambda given, w=weight: _full(given, spread, w))
        means.append([values[:, 0].mean() for values in table])
        _print_row(f"full, weight {weight}", table)
    if len(gathered) > 1:
        for place, collection in enumerate(gathered):
            others = np.delete(np.array(means), place, axis=1).mean(axis=1)
            best = int(others.argmax())
            print(
                f"{collection.name}: the others choose {WEIGHTS[best]}, which gives "
                f"{means[best][place]:.3f} of at most {max(row[place] for row in means):.3f}"
            )


def _full(signals: Signals, spread: float, weight: float) -> NDArray[np.float32]:
    dense = score(signals, spread, "passage+sentence")
    return dense + np.float32(weight) * signals.bm25


def _print_rerank(gathered: Sequence[Gathered], spread: float) -> None:
    print(f"{'cross-encoder':20}" + "".join(f"{collection.name:>16}" for collection in gathered))
    logits, shipped = rerank._logits, rerank.WEIGHT
    read = lru_cache(None)(lambda question, texts: logits(question, list(texts)))
    rerank._logits = lambda question, texts: read(question, tuple(texts))
    for weight in RERANK:
        rerank.WEIGHT = weight
        table = [
            np.array([_measures(asked, _reranked(given, asked, spread)) for asked in given.asked])
            for given in gathered
        ]
        _print_row(f"weight {weight}", table)
    rerank._logits, rerank.WEIGHT = logits, shipped


def _reranked(given: Gathered, asked: Asked, spread: float) -> NDArray[np.float32]:
    passage = given.index.snapshot.passage
    return rerank.rerank(
        asked.question,
        score(asked.signals, spread),
        lambda place: passage(int(asked.rows[place])).encoder_text,
    )


def _print_bm25(gathered: Sequence[Gathered], spread: float) -> None:
    print(f"{'copies k1 b':20}" + "".join(f"{collection.name:>16}" for collection in gathered))
    shipped = lexical.HEADING_COPIES, lexical.K1, lexical.B
    for constants in BM25:
        lexical.HEADING_COPIES, lexical.K1, lexical.B = constants
        changed = [replace(given, asked=_with_words_anew(given)) for given in gathered]
        table = _table(changed, lambda given: _full(given, spread, scoring.BM25_WEIGHT))
        _print_row(" ".join(map(str, constants)), table)
    lexical.HEADING_COPIES, lexical.K1, lexical.B = shipped


def _with_words_anew(gathered: Gathered) -> list[Asked]:
    """The same candidates, their BM25 by the constants as they are now."""
    snapshot = gathered.index.snapshot
    passages = [snapshot.passage(row) for row in range(len(snapshot))]
    lexicon = lexical.Lexicon.build(
        (passage.text, " ".join((passage.article.title, *passage.headings))) for passage in passages
    )
    asked = []
    for one in gathered.asked:
        match = lexicon.match(one.question)
        signals = replace(one.signals, bm25=match.scores(one.rows), found=match.found(one.rows))
        asked.append(replace(one, signals=signals))
    return asked


def _print_row(name: str, table: Sequence[NDArray[np.float64]]) -> None:
    cells = (f"{values[:, 0].mean():9.3f} {values[:, 1].mean():6.3f}" for values in table)
    print(f"{name:20}" + "".join(cells), flush=True)


if __name__ == "__main__":
    main()
