"""A cluster of Ray on this machine, a service on it, and readers who ask and compare."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ray
from ray import serve
from ray._private.state import available_resources_per_node
from ray._raylet import Config
from ray.cluster_utils import Cluster

from passages.cluster.actors import known_as
from passages.cluster.connecting import NAMESPACE
from passages.errors import ServiceUnavailable
from passages.search.answer import Answer
from passages.search.searcher import Index
from passages.service.client import Client
from passages.service.remote import RemoteIndex
from tests.support import ROOT

QUESTIONS = (
    "what are the side effects",
    "will insurance pay for it",
    "is 5 mg/kg a safe dose",
    "who must not take ketamine",
    "how long does a treatment last",
    "what is the chemical formula of ketamin",
    "how do I repair my bicycle",
)

_HERE = {
    "RAY_AUTH_MODE": "token",
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_worker_niceness": "0",  # at Ray's 15 they starve beside anything else
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # nodes on loopback find each other by this
    "PASSAGES_API_RATE": "100000",
    "PASSAGES_API_BURST": "100000",
    "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
}

Outcome = tuple[Any, ...]


@contextmanager
def cluster(nodes: int = 3) -> Iterator[Cluster]:
    """A cluster of nodes with two processors each, and this process connected; all end with it."""
    os.environ.update(_HERE, RAY_AUTH_TOKEN=secrets.token_hex(32))
    Config.initialize("")  # Ray has read the environment when it was imported
    head = {"num_cpus": 2, "include_dashboard": False}
    made = Cluster(initialize_head=True, head_node_args=head)
    try:
        for _ in range(nodes - 1):
            made.add_node(num_cpus=2)
        ray.init(address=made.address, namespace=NAMESPACE, log_to_driver=False)
        yield made
    finally:
        ray.shutdown()
        made.shutdown()


def passages(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the `passages` command."""
    command = [sys.executable, "-m", "passages", *arguments]
    told = {**os.environ, **environment}
    return subprocess.run(command, capture_output=True, text=True, env=told, timeout=240)


@contextmanager
def service(on: Cluster, index: str) -> Iterator[str]:
    """The address of a service over `index`, once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    done = passages("serve", "--cluster", on.address, "--index", index, "--port", str(port))
    assert done.returncode == 0, done.stderr
    address = f"http://127.0.0.1:{port}"
    try:
        until(lambda: answers(address), 120)
        yield address
    finally:
        serve.shutdown()


def answers(address: str) -> bool:
    """Whether a question is answered there."""
    try:
        return bool(asked_at(address).search(QUESTIONS[0]).hits)
    except ServiceUnavailable:
        return False


def asked_at(address: str) -> Index:
    """The service as an index; what it cannot answer is refused at once."""
    return RemoteIndex(Client(address, patience=0))


def until(ready: Callable[[], Any], seconds: float = 60) -> Any:
    """What `ready` gives, as soon as it is true.

    Raises:
        TimeoutError: it did not become so.
    """
    ends = time.monotonic() + seconds
    while not (found := ready()):
        if time.monotonic() > ends:
            raise TimeoutError(f"waited {seconds} s for {ready}")
        time.sleep(0.2)
    return found


def actors(part: str) -> list[Any]:
    """The actors with `part` in their name."""
    named = ray.util.list_named_actors(all_namespaces=True)
    return [
        ray.get_actor(one["name"], namespace=one["namespace"])
        for one in sorted(named, key=lambda one: one["name"])
        if part in one["name"]
    ]


def replicas_of(index: str, group: int) -> list[Any]:
    """The actors that hold a group of the shards of `index`."""
    found = actors(f"{known_as(index)}-{group}-")
    assert found, "no such group"
    return found


def kill(those: list[Any]) -> None:
    """Kill the processes of these actors; Ray starts them anew."""
    for actor in those:
        ray.kill(actor, no_restart=False)


def works(node: Any) -> bool:
    """Whether a task runs on a node."""
    return bool(available_resources_per_node()[node.node_id].get("CPU", 0) < 2)


def outcome(answer: Answer) -> Outcome:
    """All of an answer that a reader sees, and the numbers behind it."""
    hits = [(hit.rank, hit.score, hit.passage, hit.sentence, hit.span) for hit in answer.hits]
    return tuple(hits), answer.covered, answer.confidence, answer.verdict, answer.replaced


def outcomes(index: Index) -> dict[str, list[Outcome]]:
    """What `index` answers to each question, as what may be answered."""
    return {question: [outcome(index.search(question, k=5))] for question in QUESTIONS}


def answer_alike(address: str, expected: Mapping[str, Collection[Outcome]]) -> bool:
    """Whether all questions are answered as expected there."""
    try:
        index = asked_at(address)
        return all(
            outcome(index.search(question, k=5)) in allowed
            for question, allowed in expected.items()
        )
    except ServiceUnavailable:
        return False


class Askers:
    """Four readers who ask in turns until they are stopped; `counts` has what came of it."""

    def __init__(self, index: Index, expected: Mapping[str, Collection[Outcome]]) -> None:
        self.counts: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self.slowest = 0.0
        self._index, self._expected = index, expected
        self._ends = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._ask, args=(n,)) for n in range(4)]

    def __enter__(self) -> Askers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        for thread in self._threads:
            thread.join()

    def more(self, kind: str, number: int = 8, seconds: float = 90) -> None:
        """Wait for so many more answers of a kind."""
        before = self.counts[kind]
        try:
            until(lambda: self.counts[kind] >= before + number, seconds)
        except TimeoutError as error:
            raise AssertionError(f"no more {kind}: {self.counts}, {self.reasons}") from error

    def _ask(self, number: int) -> None:
        questions = list(self._expected)
        while not self._ends.is_set():
            question = questions[number % len(questions)]
            number += 1
            began = time.monotonic()
            try:
                found = outcome(self._index.search(question, k=5))
                kind = "equal" if found in self._expected[question] else "wrong"
            except ServiceUnavailable as error:
                kind = "refused"
                self.reasons[str(error)] += 1
                time.sleep(0.1)
            with self._lock:
                self.counts[kind] += 1
                self.slowest = max(self.slowest, time.monotonic() - began)


def build(corpus: Path, index: str, on: Cluster, *options: str) -> None:
    """Build on the cluster."""
    done = passages(
        "build", "--corpus", str(corpus), "--index", index, "--cluster", on.address, *options
    )
    assert done.returncode == 0, done.stderr
