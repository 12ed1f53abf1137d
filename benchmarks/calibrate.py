"""Fit calibrations: `python -m benchmarks.calibrate [MODEL …] [--collection DIR …]`.

Prints what each model's record in `passages/models/catalogue.py` holds, those of all encoders there
unless some are named. It is fitted on the shipped articles; each further collection is a folder
with `corpus/` and `questions.jsonl`, and `unanswered.jsonl` if there is one, and says how the fit
carries over: AUROC over all its questions and over the answerable and the near misses, by a fit on
all collections but it, and whether words of strength hold there.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from passages.evaluation.fitting import fitted, held_out, left_out
from passages.evaluation.fitting.sampling import (
    Sample,
    collection_in,
    gathered,
    ids_of,
    shipped_collection,
)
from passages.models.catalogue import ENCODERS
from passages.models.encoder import Encoder
from passages.models.supply import find_model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="*", metavar="MODEL", default=list(ENCODERS))
    parser.add_argument("--collection", type=Path, action="append", default=[])
    options = parser.parse_args()
    collections = [shipped_collection(), *map(collection_in, options.collection)]
    names = ["evaluation/", *(path.name for path in options.collection)]
    for model in options.models:
        start, samples = gathered(Encoder(find_model(model, fetch=True)), collections)
        found = fitted(start, samples, "the fit half of evaluation/", ids_of(collections[0]))
        print(f"{model}: {found}")
        _print_row("evaluation/, by folds", held_out(start, samples[0]), samples[0])
        for name, sure, sample in zip(names, left_out(start, samples), samples, strict=False):
            _print_row(f"{name}, by the others", sure, sample)


def _print_row(name: str, sure: NDArray[np.float64], given: Sample) -> None:
    """AUROC, that of the near misses, and how many of those answered where a 20th is refused."""
    from sklearn.metrics import roc_auc_score

    said = f"  {name}: AUROC {roc_auc_score(given.answerable, sure):.3f}"
    if given.near.any():
        counted = given.answerable | given.near
        near = roc_auc_score(given.answerable[counted], sure[counted])
        over = (sure[given.near] >= np.quantile(sure[given.answerable], 0.05)).mean()
        said += f", near misses {near:.3f}, {over:.0%} of them above 95 % of the answerable"
    print(said, flush=True)


if __name__ == "__main__":
    main()
