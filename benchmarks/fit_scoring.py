"""Tables behind the constants of scoring: `python -m benchmarks.fit_scoring DIR [DIR …]`.

A DIR holds `corpus/` and `questions.jsonl`; without one, the shipped articles and the fit half of
their questions serve. Prints nDCG@10 and Success@1 of every setting and weight, the weight that
each collection would choose by the questions of the others, and what it gives there. `--bm25`
prints the table for the constants of `index/words/term_list.py` instead, `--rerank` that for the
weight of the cross-encoder.
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

from passages.articles.chunking import Passage
from passages.evaluation.fitting import calibration_for
from passages.evaluation.fitting.sampling import Collection, index_of, scale, shipped_collection
from passages.evaluation.judgements import JudgedQuestion, read_questions
from passages.evaluation.quotes import quote_finder
from passages.index.snapshot import Snapshot
from passages.index.words.lexicon import Lexicon
from passages.index.words.term_list import Bm25
from passages.models.catalogue import DEFAULT_MODEL
from passages.models.encoder import Encoder
from passages.models.supply import find_model
from passages.search.candidates import Candidates
from passages.search.rerank import Logits, rerank, shipped_logits
from passages.search.scoring import RANKINGS, score
from passages.search.searcher import Index
from passages.search.sources.matching import Match
from passages.search.sources.source import Signals

WITHOUT_WEIGHT = ("bm25", "encoder", "rrf", "passage+sentence")
WEIGHTS = (0.0, 1.0, 2.0, 3.0, 4.0, 4.5, 5.0, 6.0, 8.0)
CONSTANTS = [
    Bm25(copies, k1, b) for copies in (1, 2, 3) for k1 in (0.6, 0.75, 0.9, 1.2) for b in (0.5, 0.75)
]
RERANK = (0.0, 0.15, 0.25, 0.35, 0.5, 0.75)
_DISCOUNTS = 1 / np.log2(np.arange(2, 12))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's candidates, their passages, and which quotes each overlaps."""

    candidates: Candidates
    passages: list[Passage]
    quotes: list[set[int]]
    relevant: int


@dataclass(frozen=True, slots=True)
class Gathered:
    """A collection with the signals of all its answerable questions."""

    name: str
    snapshot: Snapshot
    asked: list[Asked]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("collections", type=Path, nargs="*")
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--bm25", action="store_true", help="the constants of BM25 instead")
    parser.add_argument("--rerank", action="store_true", help="the weight of the cross-encoder")
    options = parser.parse_args()
    encoder = Encoder(find_model(options.model, fetch=True))
    spread = calibration_for(encoder).spread
    with tempfile.TemporaryDirectory() as folder:
        gathered = []
        for number, path in enumerate(options.collections or [None]):
            collection = _collection(path) if path else shipped_collection()
            index = index_of(collection, encoder, Path(folder) / str(number))
            snapshot = Snapshot(Path(folder) / str(number) / "snapshot")
            own = scale(snapshot, encoder, collection)[1]
            print(f"{path or 'evaluation'}: own spread {own:.4f}")
            name = path.name if path else "evaluation"
            gathered.append(Gathered(name, snapshot, asked_of(index, collection.questions)))
        if options.bm25:
            _print_bm25(gathered, spread)
        elif options.rerank:
            _print_rerank(gathered, spread)
        else:
            _print_weights(gathered, spread)


def _collection(path: Path) -> Collection:
    return Collection(path / "corpus", read_questions(path / "questions.jsonl"))


def asked_of(index: Index, questions: Sequence[JudgedQuestion]) -> list[Asked]:
    """The answerable questions of which something is found, with what scores it."""
    finder = quote_finder(index)
    asked = []
    for question in questions:
        candidates = index.gather(question.text) if question.relevant else None
        if candidates is not None:
            read = index.source.read(candidates.found.places.tolist())
            passages = [each.passage for each in read]
            [places] = finder.find([question])
            quotes = [
                {n for n, at in enumerate(places) if at.overlaps(p.article.id, p.start, p.end)}
                for p in passages
            ]
            asked.append(Asked(candidates, passages, quotes, len(places)))
    return asked


def measures_of(asked: Asked, scores: NDArray[np.float32]) -> tuple[float, float]:
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
        np.array([measures_of(asked, rank(asked.candidates.signals)) for asked in collection.asked])
        for collection in gathered
    ]


def _print_weights(gathered: Sequence[Gathered], spread: float) -> None:
    print(f"{'':20}" + "".join(f"{collection.name:>16}" for collection in gathered))
    for name in WITHOUT_WEIGHT:
        ranking = RANKINGS[name]
        _print_row(name, _table(gathered, lambda given, r=ranking: score(given, spread, r)))
    means = []
    for weight in WEIGHTS:
        ranking = replace(RANKINGS["full"], bm25=weight)
        table = _table(gathered, lambda given, r=ranking: score(given, spread, r))
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


def _print_rerank(gathered: Sequence[Gathered], spread: float) -> None:
    print(f"{'cross-encoder':20}" + "".join(f"{collection.name:>16}" for collection in gathered))
    remembered = lru_cache(None)(shipped_logits)

    def logits(question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        return remembered(question, tuple(texts))

    for weight in RERANK:
        table = [
            np.array(
                [
                    measures_of(asked, _reranked(asked, spread, logits, weight))
                    for asked in each.asked
                ]
            )
            for each in gathered
        ]
        _print_row(f"weight {weight}", table)


def _reranked(asked: Asked, spread: float, logits: Logits, weight: float) -> NDArray[np.float32]:
    return rerank(
        asked.candidates.query.text,
        score(asked.candidates.signals, spread, RANKINGS["full"]),
        lambda place: asked.passages[place].encoder_text,
        logits,
        weight,
    )


def _print_bm25(gathered: Sequence[Gathered], spread: float) -> None:
    print(f"{'copies k1 b':20}" + "".join(f"{collection.name:>16}" for collection in gathered))
    for constants in CONSTANTS:
        changed = [replace(given, asked=_with_words_anew(given, constants)) for given in gathered]
        table = _table(changed, lambda given: score(given, spread, RANKINGS["full"]))
        named = f"{constants.heading_copies} {constants.k1} {constants.b}"
        _print_row(named, table)


def _with_words_anew(gathered: Gathered, constants: Bm25) -> list[Asked]:
    """The same candidates, their BM25 by other constants."""
    snapshot = gathered.snapshot
    passages = snapshot.passages()
    texts = ((p.text, " ".join((p.article.title, *p.headings)), p.article.code) for p in passages)
    lexicon = Lexicon.build(texts, constants=constants)
    asked = []
    for one in gathered.asked:
        candidates, places = one.candidates, one.candidates.found.places
        of_words = replace(candidates.query, mean_lengths=lexicon.vocabulary.mean_lengths)
        match = Match.of(of_words, lexicon.postings)
        bm25, found = match.scores(places), match.found(places)
        signals = replace(candidates.signals, bm25=bm25, found=found)
        asked.append(replace(one, candidates=replace(candidates, signals=signals)))
    return asked


def _print_row(name: str, table: Sequence[NDArray[np.float64]]) -> None:
    cells = (f"{values[:, 0].mean():9.3f} {values[:, 1].mean():6.3f}" for values in table)
    print(f"{name:20}" + "".join(cells), flush=True)


if __name__ == "__main__":
    main()
