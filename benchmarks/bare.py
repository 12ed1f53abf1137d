"""Passages beside the barest index of the same encoder: `python -m benchmarks.bare`.

All take the same passages with the same prompts, and the same questions: every second judged one.
Each runs in a process of its own, in turns, so that what is divided was measured within a minute.
Building is timed with the model loaded; "cold" is a new process from its start to its answer.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks import bare_index
from benchmarks.machine import describe
from passages.building.build import build
from passages.building.cutting import cut
from passages.building.intake import read_corpus
from passages.evaluation.fitting import calibration_for
from passages.evaluation.judgements import read_questions
from passages.models.encoder import Encoder
from passages.models.supply import find_model
from passages.opening import open_index

ROOT = Path(__file__).parents[1]
BGE, MINILM = "bge-small-en", "all-MiniLM-L6-v2"
INDEXES = {
    "Passages": ("late", BGE),
    "Passages without late interaction": ("plain", BGE),
    "bare index": ("bare", BGE),
    "Passages with MiniLM": ("plain", MINILM),
    "bare index with MiniLM": ("bare", MINILM),
}
FIGURES = ("passages/s", "CPU s", "p50 ms", "p95 ms", "cold s")
Figures = dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpus")
    parser.add_argument("--questions", type=Path, default=ROOT / "evaluation" / "questions.jsonl")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--one", choices=list(INDEXES), help="only this one, as JSON")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(_measured(*INDEXES[options.one], options.corpus, options.questions)))
        return
    print(describe())
    rounds = [{name: _alone(name, options) for name in INDEXES} for _ in range(options.rounds)]
    print(f"{'':36}" + "".join(f"{name:>12}" for name in FIGURES))
    for name, (kind, model) in INDEXES.items():
        print(f"{name:36}" + _row([each[name] for each in rounds]))
        if kind != "bare":
            bare = next(other for other, is_ in INDEXES.items() if is_ == ("bare", model))
            print(f"{'  times the bare index':36}" + _row([_ratio(r, name, bare) for r in rounds]))


def _alone(name: str, options: argparse.Namespace) -> Figures:
    command = [sys.executable, "-m", "benchmarks.bare", "--one", name]
    command += ["--corpus", str(options.corpus), "--questions", str(options.questions)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def _ratio(measured: dict[str, Figures], name: str, bare: str) -> Figures:
    return {figure: measured[name][figure] / measured[bare][figure] for figure in FIGURES}


def _row(rounds: list[Figures]) -> str:
    medians = [statistics.median(each[figure] for each in rounds) for figure in FIGURES]
    return "".join(f"{value:12.2f}" for value in medians)


def _measured(kind: str, model: str, corpus: Path, questions: Path) -> Figures:
    asked = [question.text for question in read_questions(questions)[::2]]
    encoder = Encoder(find_model(model, fetch=True))
    passages = cut(read_corpus(corpus)[0], encoder).passages
    texts = [passage.encoder_text for passage in passages]
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder)
        if kind == "bare":
            encode = bare_index.load(model)
            encode(texts[:1], False)
            built = _timed(lambda: bare_index.build(encode, texts, index))
            ask: Callable[[str], object] = bare_index.open_index(encode, index)
            command = ["benchmarks.bare_index", model, folder, asked[0]]
        else:
            encoder.encode_passages(texts[:1])
            calibration = calibration_for(encoder)
            built = _timed(
                lambda: build(
                    corpus,
                    index,
                    model,
                    load=lambda _: encoder,
                    calibrate=lambda *_: calibration,
                    late_interaction=kind == "late",
                )
            )
            ask = open_index(index, lambda _: encoder).search
            command = ["passages", asked[0], "--index", folder]
        ask(asked[0])
        taken = [_timed(lambda q=question: ask(q))[0] for question in asked]
        cold = _timed(lambda: _quietly(command))[0]
    p50, p95 = 1000 * np.quantile(taken, [0.5, 0.95])
    return dict(zip(FIGURES, (len(texts) / built[0], built[1], p50, p95, cold), strict=True))


def _quietly(command: list[str]) -> None:
    subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )


def _timed(job: Callable[[], object]) -> tuple[float, float]:
    """Seconds, and CPU seconds of this process."""
    started, cpu = time.perf_counter(), time.process_time()
    job()
    return time.perf_counter() - started, time.process_time() - cpu


if __name__ == "__main__":
    main()
