"""Kills in a cluster while four readers ask: `python -m benchmarks.cluster_kills`.

Builds the shipped articles, or others, in four shards on three nodes of Ray on this machine, into
object storage that it starts too, serves them by two replicas, and kills in turn a replica, all
replicas of a group, a front and a node. Every answer is compared with that of one machine.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from passages.building.build import build as build_here
from passages.opening import open_index
from tests.support.cluster import (
    QUESTIONS,
    Askers,
    Outcome,
    actors,
    asked_at,
    build,
    cluster,
    kill,
    outcome,
    replicas_of,
    service,
)
from tests.support.objects import BUCKET, storage

ROOT = Path(__file__).parents[1]
URI = f"s3://{BUCKET}/handbook"


def main() -> int:
    """Exit status: 0 if no answer was wrong, else 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpus", help="folder of articles")
    parser.add_argument("--questions", type=Path, help="file of questions, one a line")
    parser.add_argument("--rounds", type=int, default=5, help="times that all is killed (5)")
    parser.add_argument("--answers", type=int, default=40, help="right answers after a kill (40)")
    options = parser.parse_args()
    questions = (
        options.questions.read_text("utf-8").splitlines() if options.questions else QUESTIONS
    )
    with storage(), tempfile.TemporaryDirectory() as folder, cluster() as nodes:
        os.environ["XDG_CACHE_HOME"] = folder
        build_here(options.corpus, Path(folder) / "one")
        one = open_index(Path(folder) / "one")
        expected = {asked: [outcome(one.search(asked, k=5))] for asked in questions}
        build(options.corpus, URI, nodes, "--shards", "4")
        kills: dict[str, Callable[[], None]] = {
            "a replica": lambda: kill(replicas_of(URI, 0)[:1]),
            "all replicas of a group": lambda: kill(replicas_of(URI, 1)),
            "a front": lambda: kill(actors("SERVE_REPLICA")[:1]),
            "a node": lambda: nodes.remove_node(
                next(iter(nodes.worker_nodes)), allow_graceful=False
            ),
        }
        wrong = 0
        print(
            "| run | killed | equal | refused | wrong | slowest answer |\n|---|---|---|---|---|---|"
        )
        with service(nodes, URI) as address:
            for number in range(1, options.rounds + 1):
                for name, strike in kills.items():
                    counts, slowest = _struck(address, expected, strike, options.answers)
                    told = " | ".join(str(counts[kind]) for kind in ("equal", "refused", "wrong"))
                    print(f"| {number} | {name} | {told} | {slowest:.1f} s |", flush=True)
                    wrong += counts["wrong"]
                nodes.add_node(num_cpus=2)
    return 1 if wrong else 0


def _struck(
    address: str, expected: dict[str, list[Outcome]], strike: Callable[[], None], answers: int
) -> tuple[Counter[str], float]:
    with Askers(asked_at(address), expected) as askers:
        askers.more("equal", answers)
        strike()
        askers.more("equal", answers, 180)
    return askers.counts, askers.slowest


if __name__ == "__main__":
    sys.exit(main())
