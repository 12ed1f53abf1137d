"""Many programs asking the HTTP API at once: `python -m benchmarks.load_api`.

Starts `passages serve --api` and lets clients ask one question after the other, each as soon as it
has the last answer. One that is told to come back later (429) waits as long as it is told. It fails
on any other status than 200 and 429, on an answer that is not the library's own, and where the
server's memory grows.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.machine import describe
from passages import open_index
from tests.support.site import until

ROOT = Path(__file__).parents[1]
WARM = 0.2
"""Share of the time after which memory is looked at first: by then all is loaded."""
GROWN = 32.0
"""Megabytes by which it may be more at the end."""

Found = list[tuple[str, float]]
"""Keys and scores of an answer's hits."""


@dataclass
class Told:
    """What the clients were told; each list is only ever appended to."""

    statuses: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    answers: list[tuple[str, Found]] = field(default_factory=list)


def main() -> int:
    """Exit status: 0 all was answered, rightly, and memory stayed; else 1."""
    options = _options()
    questions = _questions()
    told = Told()
    print(describe())
    with _serving(options.index) as (port, process):
        _ask(http.client.HTTPConnection("127.0.0.1", port, timeout=60), questions[0], Told())
        ends = time.monotonic() + options.seconds
        clients = [
            threading.Thread(target=_client, args=(port, questions, seed, ends, told))
            for seed in range(options.clients)
        ]
        for client in clients:
            client.start()
        time.sleep(options.seconds * WARM)
        before = _megabytes(process)
        for client in clients:
            client.join()
        after = _megabytes(process)
    return _report(options, told, before, after)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, default=ROOT / "index")
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=120)
    return parser.parse_args()


def _questions() -> list[str]:
    lines = (ROOT / "evaluation" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines]


@contextmanager
def _serving(index: Path) -> Iterator[tuple[int, int]]:
    """The API in a process of its own: its port and its number.

    All clients have one address here, so that the limit of an address is lifted; the others hold.
    """
    limits = {"PASSAGES_API_RATE": "1000000", "PASSAGES_API_BURST": "1000000"}
    command = [sys.executable, "-m", "passages", "serve", "--api", "--port", "0"]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with log.open("wb") as stream:
            process = subprocess.Popen(
                [*command, "--index", str(index)],
                stdout=stream,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
                env={**os.environ, **limits},
            )
        try:
            until(lambda: _port(log) and _ready(_port(log)), "the service does not answer", 120)
            yield _port(log), process.pid
        finally:
            process.terminate()
            process.wait(20)


def _port(log: Path) -> int:
    found = re.search(r"running on http://127\.0\.0\.1:(\d+)", log.read_text(encoding="utf-8"))
    return int(found[1]) if found else 0


def _ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/health")
    return connection.getresponse().status == 200


def _client(port: int, questions: list[str], seed: int, ends: float, told: Told) -> None:
    order = random.Random(seed)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while time.monotonic() < ends:
        wait = _ask(connection, order.choice(questions), told)
        time.sleep(min(wait, max(0.0, ends - time.monotonic())))


def _ask(connection: http.client.HTTPConnection, question: str, told: Told) -> float:
    """Ask, and return for how many seconds not to ask again."""
    started = time.perf_counter()
    body = json.dumps({"question": question})
    connection.request("POST", "/api/search", body, {"Content-Type": "application/json"})
    response = connection.getresponse()
    data = response.read()
    told.statuses.append(response.status)
    if response.status == 200:
        told.seconds.append(time.perf_counter() - started)
        hits = json.loads(data)["hits"]
        told.answers.append((question, [(hit["key"], hit["score"]) for hit in hits]))
    return float(response.getheader("Retry-After") or 0)


def _megabytes(process: int) -> float:
    """Memory that is the process's own; mapped files, which the system takes back, left out."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    found = re.search(r"RssAnon:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024


def _report(options: argparse.Namespace, told: Told, before: float, after: float) -> int:
    index = open_index(options.index)
    right: dict[str, Found] = {}
    for question in dict(told.answers):
        hits = [hit.to_json() for hit in index.search(question).hits]
        right[question] = [(hit["key"], hit["score"]) for hit in hits]
    wrong = [question for question, found in told.answers if found != right[question]]
    statuses = Counter(told.statuses)
    median, late = np.percentile(told.seconds, [50, 95]) * 1000
    print(f"{options.clients} clients for {options.seconds:g} s, statuses {dict(statuses)}")
    print(f"{len(told.seconds) / options.seconds:.0f} answers a second")
    print(f"an answer: p50 {median:.0f} ms, p95 {late:.0f} ms, slowest {max(told.seconds):.1f} s")
    print(f"memory {before:.0f} MB after {WARM:.0%} of the time, {after:.0f} MB at the end")
    print(f"wrong answers: {len(wrong)} of {len(told.answers)} {wrong[:3] or ''}")
    return int(bool(statuses.keys() - {200, 429} or wrong) or after - before > GROWN)


if __name__ == "__main__":
    sys.exit(main())
