"""Weights of the ranking with late interaction: `python -m benchmarks.fit_late INDEX=QUESTIONS …`.

An INDEX is the folder of a built index with token codes, QUESTIONS judged questions on its articles
(of the shipped ones the fit half is asked). Every combination of weights ranks the same candidates.
Prints the best by the mean nDCG@10 of the collections, the shipped ones, and for each collection
the weights that the others choose and what they give there.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.fit_scoring import asked_of, measures_of
from passages.evaluation.judgements import read_questions
from passages.evaluation.measuring import Choice
from passages.opening import open_index
from passages.search.scoring import RANKINGS, SHIPPED, Ranking, put_last, score

MOST = 400
"""Questions of a collection that are asked, drawn as `passages evaluate --limit` draws them."""

GRID = {
    "passage": (0.25, 0.5),
    "sentence": (0.5, 0.75, 1.0, 1.25),
    "bm25": (3.0, 4.0, 5.0),
    "late": (40.0, 60.0, 80.0),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("collections", nargs="+", metavar="INDEX=QUESTIONS")
    options = parser.parse_args()
    rankings = [
        replace(RANKINGS[SHIPPED], passage=passage, sentence=sentence, bm25=bm25, late=late)
        for passage, sentence, bm25, late in product(*GRID.values())
    ]
    names = [Path(given.partition("=")[0]).name for given in options.collections]
    table = np.array([_of_collection(given, rankings) for given in options.collections]).T
    means = table.mean(axis=1)
    print("  ".join([*GRID, *names, "mean"]))
    for row in np.argsort(-means)[:10]:
        _print(rankings[row], table[row], "")
    shipped = rankings.index(RANKINGS[SHIPPED])
    _print(RANKINGS[SHIPPED], table[shipped], "shipped")
    left_out = []
    for place, name in enumerate(names):
        others = np.delete(table, place, axis=1)
        chosen = int(others.mean(axis=1).argmax()) if others.size else shipped
        left_out.append(table[chosen, place])
        _print(rankings[chosen], table[chosen], f"chosen without {name}: {left_out[-1]:.4f} there")
    print(f"mean of what the others choose: {np.mean(left_out):.4f}")


def _of_collection(given: str, rankings: Sequence[Ranking]) -> list[float]:
    """nDCG@10 of one collection by each ranking."""
    folder, _, file = given.partition("=")
    index = open_index(folder)
    questions = read_questions(Path(file))
    fit = Choice(half="fit") if Path(file).with_name("test_half.txt").is_file() else Choice()
    chosen = replace(fit, limit=MOST).of([each for each in fit.of(questions) if each.relevant])
    asked = asked_of(index, chosen)
    spread = index.calibration.spread

    def ranked(ranking: Ranking) -> float:
        values: list[NDArray[np.float64] | tuple[float, float]] = []
        for one in asked:
            signals = one.candidates.signals
            scores = put_last(score(signals, spread, ranking), signals.boilerplate)
            values.append(measures_of(one, scores))
        return float(np.mean([value[0] for value in values]))

    return [ranked(ranking) for ranking in rankings]


def _print(ranking: Ranking, values: NDArray[np.float64], said: str) -> None:
    weights = "  ".join(f"{getattr(ranking, name):g}" for name in GRID)
    print(f"{weights}  {' '.join(f'{value:.4f}' for value in values)}  {values.mean():.4f}  {said}")


if __name__ == "__main__":
    main()
