"""What a large corpus costs: `python -m benchmarks.scale [--passages 10000 100000 1000000]`.

`--shards 1 8` lays each size in one shard and in eight; `--beside CHECKOUT` measures another
version of the project in the same run, by its own copy of this module.

Generated articles (see `benchmarks.generated`) are built by the real build with generated vectors,
and asked by the real search, the question encoded by the real encoder. Each size in processes of
its own, so that memory is that of the size. Prints the time of the build without the encoder, and
that of a rebuild after one article was changed, what lies on disk, what serving takes in memory
(private, and pages of mapped files, which the system takes back when it needs them), how long
questions take by stage, and how many of the ten nearest passages by exact comparison are among the
candidates. Without the cross-encoder: generated passages are all alike close, and what it costs has
nothing to do with their number.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.generated import GENERATED, GeneratedEncoder, questions, write_articles
from benchmarks.machine import describe
from benchmarks.questions import timed
from passages.building.build import build
from passages.index.folder import serving
from passages.index.generation import open_generation
from passages.index.snapshot import Snapshot
from passages.models.catalogue import BGE_SMALL_EN
from passages.models.supply import Model
from passages.search.scoring import RANKINGS
from passages.search.searcher import CANDIDATES
from passages.search.serving.opened import index_of_published


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--folder", type=Path, help="keep indexes here, and use those there")
    parser.add_argument("--shards", type=int, nargs="+", default=[1])
    parser.add_argument("--beside", type=Path, help="a checkout of another version")
    options = parser.parse_args()
    print(describe())
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch)
        rows = []
        for passages in options.passages:
            corpus = folder / f"corpus-{passages}"
            for shards in options.shards:
                index = folder / f"index-{passages}-{shards}"
                own = partial(_in_child, shards=shards)
                rows.append(_measured(own, f"{shards} shards", corpus, index, passages, options))
            if options.beside:
                older = partial(_of_another, options.beside)
                index = folder / f"index-{passages}-beside"
                name = options.beside.name
                rows.append(_measured(older, name, corpus, index, passages, options))
    _print(rows)


def _measured(
    run: Callable[..., dict[str, Any]],
    what: str,
    corpus: Path,
    index: Path,
    passages: int,
    options: argparse.Namespace,
) -> dict[str, Any]:
    """Build, change one article, build again, and ask."""
    report = index / "built.json"
    if not report.exists():
        made = run("_build", corpus, index, passages)
        changed = min(corpus.rglob("*.md"))
        text = changed.read_text("utf-8")
        changed.write_text(f"{text}\nOne more sentence.\n", "utf-8")
        again = run("_build", corpus, index, passages)
        changed.write_text(text, "utf-8")
        made |= {"rebuild seconds": again["build seconds"], "rebuild GB": again["build GB"]}
        report.write_text(json.dumps(made))
    row = {"in": what, **json.loads(report.read_text()), **run("_serve", index, options.questions)}
    print(json.dumps(row), flush=True)
    return row


_CALL = """
import json, sys
from pathlib import Path
from benchmarks import scale
job, *given = sys.argv[1:]
given = [int(one) if one.isdecimal() else Path(one) for one in given]
print(json.dumps(getattr(scale, job)(*given)))
"""


def _of_another(checkout: Path, job: str, *given: Any) -> dict[str, Any]:
    """What a job of this module returns in another version of the project."""
    command = [sys.executable, "-c", _CALL, job, *map(str, given)]
    done = subprocess.run(command, cwd=checkout, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _in_child(job: str, *given: Any, shards: int) -> dict[str, Any]:
    """What a job returns that runs in a fresh process."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(globals()[job], given, {"shards": shards} if job == "_build" else {})


def _build(corpus: Path, index: Path, passages: int, shards: int = 1) -> dict[str, Any]:
    if not corpus.exists():
        write_articles(corpus, passages)
    encoder = GeneratedEncoder(GENERATED)
    calibration = BGE_SMALL_EN.calibration
    assert calibration is not None
    started = time.perf_counter()
    report = build(
        corpus,
        index,
        GENERATED,
        load=lambda model: encoder,
        calibrate=lambda *_: calibration,
        shards=shards,
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
    published = open_generation(serving(folder))
    index = index_of_published(published, load).ranked_by(RANKINGS["full"])
    opened = time.perf_counter() - started
    before = _memory()
    shards = published.shards
    choose = np.random.default_rng(2)
    drawn = [shards[int(shard)] for shard in choose.integers(0, len(shards), 2 * count)]
    texts = [shard.passage(int(choose.integers(0, len(shard)))).text for shard in drawn]
    asked = list(questions(texts))
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
    recall = _recall(shards, asked[: min(count, 200)])
    return {
        "open s": round(opened, 2),
        "memory before GB": before,
        "memory GB": after,
        "p50 ms": round(float(np.median(times)) * 1000, 1),
        "p95 ms": round(float(np.quantile(times, 0.95)) * 1000, 1),
        **of_stages,
        "recall@10": round(recall, 4),
    }


def _recall(shards: Sequence[Snapshot], asked: list[str]) -> float:
    """Share of the ten passages with the highest cosine that are among the candidates."""
    encoder = GeneratedEncoder(GENERATED)
    vectors = encoder.encode_passages(asked)
    best = np.full((len(asked), 10), -2, np.float32)
    for shard in shards:
        for start in range(0, len(shard), 1 << 16):
            end = min(start + (1 << 16), len(shard))
            block = vectors @ shard.vectors[start:end].astype(np.float32).T
            both = np.concatenate([best, block], axis=1)
            best = np.partition(both, -10, axis=1)[:, -10:]
    found = 0.0
    for vector, exact in zip(vectors, best, strict=True):
        near = [
            shard.passage_cosines(vector, shard.nearest(vector, CANDIDATES)[0]) for shard in shards
        ]
        cosines = np.sort(np.concatenate(near))[-10:]
        found += float((cosines >= exact.min() - 1e-6).mean())
    return found / len(asked)


def _memory() -> str:
    """Resident memory: private, and pages of mapped files."""
    status = dict(line.split(":") for line in Path("/proc/self/status").read_text().splitlines())
    kilobytes = (int(status[name].split()[0]) for name in ("RssAnon", "RssFile"))
    return " + ".join(f"{value / 1e6:.2f}" for value in kilobytes)


def _print(rows: list[dict[str, Any]]) -> None:
    for name in rows[0]:
        print(f"{name:20}" + "".join(f"{row.get(name, '')!s:>16}" for row in rows))


if __name__ == "__main__":
    main()
