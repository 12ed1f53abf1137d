"""What a large corpus costs: `python -m benchmarks.scale [--passages 10000 100000 1000000]`.

Generated articles (see `benchmarks.generated`) are built by the real build with generated vectors,
and asked by the real search, the question encoded by the real encoder. Each size in processes of
its own, so that memory is that of the size. Prints the time of the build without the encoder,
what lies on disk, what serving takes in memory (private, and pages of mapped files, which the
system takes back when it needs them), how long questions take by stage, and how many of the ten
nearest passages by exact comparison are among the candidates. Without the cross-encoder: generated
passages are all alike close, and what it costs has nothing to do with their number.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.generated import GENERATED, GeneratedEncoder, questions, write_articles
from benchmarks.machine import describe
from benchmarks.questions import timed
from passages.building.build import build
from passages.index.folder import serving
from passages.index.snapshot import Snapshot
from passages.models.catalogue import BGE_SMALL_EN
from passages.models.encoder import LazyEncoder
from passages.models.supply import Model
from passages.search.scoring import RANKINGS
from passages.search.searcher import CANDIDATES, Index
from passages.search.sources.single import SingleSource


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--folder", type=Path, help="keep indexes here, and use those there")
    options = parser.parse_args()
    print(describe())
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch)
        rows = []
        for passages in options.passages:
            index = folder / f"index-{passages}"
            report = index / "built.json"
            if not report.exists():
                made = _in_child(_build, folder / f"corpus-{passages}", index, passages)
                report.write_text(json.dumps(made))
            made = json.loads(report.read_text())
            rows.append(made | _in_child(_serve, index, options.questions))
            print(json.dumps(rows[-1]), flush=True)
    _print(rows)


def _in_child(job: Callable[..., dict[str, Any]], *given: Any) -> dict[str, Any]:
    """What a job returns that runs in a fresh process."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(job, given)


def _build(corpus: Path, index: Path, passages: int) -> dict[str, Any]:
    if not corpus.exists():
        write_articles(corpus, passages)
    encoder = GeneratedEncoder(GENERATED)
    calibration = BGE_SMALL_EN.calibration
    assert calibration is not None
    started = time.perf_counter()
    report = build(
        corpus, index, GENERATED, load=lambda model: encoder, calibrate=lambda *_: calibration
    )
    seconds = time.perf_counter() - started - encoder.seconds
    size = sum(path.stat().st_size for path in index.rglob("*") if path.is_file())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return {
        "passages": report.passages,
        "build seconds": round(seconds, 1),
        "build GB": round(peak, 2),
        "disk GB": round(size / 1e9, 2),
    }


def _serve(folder: Path, count: int) -> dict[str, Any]:
    def load(model: Model) -> GeneratedEncoder:
        return GeneratedEncoder(model, real=True)

    started = time.perf_counter()
    snapshot = Snapshot(serving(folder))
    opened = time.perf_counter() - started
    # Nothing on a disk has the fingerprint of this model.
    encoder = LazyEncoder(GENERATED, lambda: load(GENERATED))
    index = Index(SingleSource(snapshot), encoder, RANKINGS["full"])
    before = _memory()
    rows = np.random.default_rng(2).integers(0, len(snapshot), 2 * count)
    asked = list(questions([snapshot.passage(int(row)).text for row in rows]))
    for question in asked[:count]:  # warm: other questions than those that are timed
        index.search(question)
    index, stages = timed(index)
    index.search(asked[0])
    stages.clear()
    times = []
    for question in asked[count:]:
        started = time.perf_counter()
        index.search(question)
        times.append(time.perf_counter() - started)
    after = _memory()
    of_stages = {name: round(1000 * sum(taken) / count, 2) for name, taken in stages.items()}
    recall = _recall(snapshot, asked[: min(count, 200)])
    return {
        "open s": round(opened, 2),
        "memory before GB": before,
        "memory GB": after,
        "p50 ms": round(float(np.median(times)) * 1000, 1),
        "p95 ms": round(float(np.quantile(times, 0.95)) * 1000, 1),
        **of_stages,
        "recall@10": round(recall, 4),
    }


def _recall(snapshot: Snapshot, asked: list[str]) -> float:
    """Share of the ten passages with the highest cosine that are among the candidates."""
    encoder = GeneratedEncoder(GENERATED)
    vectors = encoder.encode_passages(asked)
    best = np.full((len(asked), 10), -2, np.float32)
    for start in range(0, len(snapshot), 1 << 16):
        end = min(start + (1 << 16), len(snapshot))
        block = vectors @ snapshot.vectors[start:end].astype(np.float32).T
        both = np.concatenate([best, block], axis=1)
        best = np.partition(both, -10, axis=1)[:, -10:]
    found = 0.0
    for vector, exact in zip(vectors, best, strict=True):
        rows, _ = snapshot.nearest(vector, CANDIDATES)
        cosines = np.sort(snapshot.passage_cosines(vector, rows))[-10:]
        found += float((cosines >= exact.min() - 1e-6).mean())
    return found / len(asked)


def _memory() -> str:
    """Resident memory: private, and pages of mapped files."""
    status = dict(line.split(":") for line in Path("/proc/self/status").read_text().splitlines())
    kilobytes = (int(status[name].split()[0]) for name in ("RssAnon", "RssFile"))
    return " + ".join(f"{value / 1e6:.2f}" for value in kilobytes)


def _print(rows: list[dict[str, Any]]) -> None:
    for name in rows[0]:
        print(f"{name:20}" + "".join(f"{row[name]!s:>16}" for row in rows))


if __name__ == "__main__":
    main()
