"""Fit the calibration of an encoder: `python -m benchmarks.calibrate [MODEL] [--collection DIR]`.

Prints what a model's record in `passages/models/catalogue.py` holds. The shipped articles come
first; each further collection is a folder with `corpus/` and `questions.jsonl`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from passages.evaluation.fitting import Collection, calibrate, shipped_collection
from passages.evaluation.judgements import read_questions
from passages.models.catalogue import DEFAULT_MODEL
from passages.models.encoder import Encoder
from passages.models.supply import find_model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", nargs="?", default=DEFAULT_MODEL)
    parser.add_argument("--collection", type=Path, action="append", default=[])
    options = parser.parse_args()
    collections = [shipped_collection()]
    for folder in options.collection:
        questions = read_questions(folder / "questions.jsonl")
        collections.append(Collection(folder / "corpus", questions))
    names = ", ".join(["the fit half of evaluation/", *(path.name for path in options.collection)])
    print(calibrate(Encoder(find_model(options.model)), collections, names))


if __name__ == "__main__":
    main()
