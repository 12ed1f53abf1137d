"""What a question costs, alone and among others: `python -m benchmarks.questions [--index index]`.

Asks the judged questions, warm. First one after another, by stage; then by 1 to 20 askers at once,
each a thread of its own as in the server, beside the best that one stream could do that had all
questions beforehand: encoded in batches of the best size, then answered one by one.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path
from typing import Any, cast

import numpy as np

from benchmarks.machine import describe
from passages.evaluation.judgements import read_questions
from passages.index.vectors.encode_once import batched
from passages.models.encoder import LazyEncoder, TextEncoder, Vectors
from passages.opening import open_index
from passages.search.searcher import Index

ROOT = Path(__file__).parents[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, default=ROOT / "index")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    print(describe())
    index = open_index(options.index)
    judged = read_questions(ROOT / "evaluation" / "questions.jsonl")
    asked = [question.text for question in judged[::2]]  # of every kind
    for question in asked:
        index.search(question)
    _print_stages(index, asked)
    rounds = [_round(index, asked) for _ in range(options.rounds)]
    for name in rounds[0]:
        rates = [each[name][0] for each in rounds]
        shares = [each[name][0] / each["best stream"][0] for each in rounds]
        late = statistics.median(each[name][1] for each in rounds)
        print(
            f"{name:14}{statistics.median(rates):8.0f} questions/s, p95 {1000 * late:6.1f} ms, "
            f"{statistics.median(shares):.2f} of the best stream"
        )


class Timed:
    """Passes calls on to `inner` and notes the seconds of each by the method's name."""

    def __init__(self, inner: Any, taken: dict[str, list[float]]) -> None:
        self._inner = inner
        self._taken = taken

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._inner, name)
        if not callable(value):
            return value

        def timed(*given: Any, **named: Any) -> Any:
            started = time.perf_counter()
            result = value(*given, **named)
            self._taken[name].append(time.perf_counter() - started)
            return result

        return timed


def timed(index: Index) -> tuple[Index, dict[str, list[float]]]:
    """The same index, and the seconds of each stage of a question asked of it."""
    taken: dict[str, list[float]] = defaultdict(list)
    source, encoder = Timed(index.source, taken), Timed(index.encoder(), taken)
    return Index(source, LazyEncoder(index.about.model, lambda: encoder), index.ranking), taken


def _print_stages(index: Index, asked: Sequence[str]) -> None:
    fresh, stages = timed(index)
    fresh.search(asked[0])
    stages.clear()
    seconds = [_seconds(lambda q=question: fresh.search(q)) for question in asked]
    print(
        f"one after another: p50 {_ms(np.median(seconds))}, p95 {_ms(np.quantile(seconds, 0.95))}"
    )
    for name, taken in stages.items():
        print(f"  {name:18}{_ms(sum(taken) / len(asked))} a question")


class _Remembered:
    """An encoder that answers with the vectors that it gave before."""

    def __init__(self, encoder: TextEncoder) -> None:
        self._encoder = encoder
        self.vectors: dict[str, Vectors] = {}

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        new = [text for text in texts if text not in self.vectors]
        self.vectors.update(zip(new, self._encoder.encode_questions(new), strict=True))
        return np.array([self.vectors[text] for text in texts])


def _round(index: Index, asked: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Questions a second and the 95th percentile of seconds, of the best stream and of askers."""
    encoder = index.encoder()
    remembered = _Remembered(encoder)
    again = Index(
        index.source,
        LazyEncoder(index.about.model, lambda: cast("TextEncoder", remembered)),
        index.ranking,
    )
    for question in asked:
        again.search(question)
    texts = list(remembered.vectors)
    encoding = min(
        _seconds(lambda s=size: [encoder.encode_questions(b) for b in batched(texts, s)])
        for size in (1, 4, 16, 64)
    )
    answering = _seconds(lambda: [again.search(question) for question in asked])
    found = {"best stream": (len(asked) / (encoding + answering), 0.0)}
    for askers in (1, 2, 5, 10, 20):
        found[f"{askers} askers"] = _askers(index, asked, askers)
    return found


def _askers(index: Index, asked: Sequence[str], askers: int) -> tuple[float, float]:
    each = 2 * len(asked) // askers
    turns = [list(islice(cycle(asked), 7 * n, 7 * n + each)) for n in range(askers)]

    def ask(questions: list[str]) -> list[float]:
        return [_seconds(lambda q=question: index.search(q)) for question in questions]

    with ThreadPoolExecutor(askers) as threads:
        started = time.perf_counter()
        taken = [seconds for session in threads.map(ask, turns) for seconds in session]
        seconds = time.perf_counter() - started
    return len(taken) / seconds, float(np.quantile(taken, 0.95))


def _seconds(job: Callable[[], object]) -> float:
    started = time.perf_counter()
    job()
    return time.perf_counter() - started


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.2f} ms"


if __name__ == "__main__":
    main()
