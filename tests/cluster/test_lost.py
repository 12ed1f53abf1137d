"""Whatever is killed, an answer is the right one or none, and all is well again by itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import Any

import pytest

from passages.opening import open_index
from tests.support import ROOT
from tests.support.objects import BUCKET

cluster = pytest.importorskip("tests.support.cluster", reason="needs the extra [cluster]")

pytestmark = pytest.mark.cluster


@pytest.mark.parametrize("killed", ["a replica", "all replicas of a group", "a front"])
def test_what_is_killed_under_askers_comes_back(
    killed: str, address: str, uri: str, expected: dict[str, list[Any]]
) -> None:
    with cluster.Askers(cluster.asked_at(address), expected) as askers:
        askers.more("equal")
        lost = {
            "a replica": cluster.replicas_of(uri, 0)[:1],
            "all replicas of a group": cluster.replicas_of(uri, 1),
            "a front": cluster.actors("SERVE_REPLICA")[:1],
        }[killed]
        cluster.kill(lost)
        askers.more("equal")
    assert askers.counts["wrong"] == 0
    if killed == "a replica":
        assert askers.counts["refused"] == 0
    cluster.until(lambda: cluster.answer_alike(address, expected))


def test_a_node_is_killed_under_askers(
    address: str, nodes: Any, expected: dict[str, list[Any]]
) -> None:
    lost = nodes.add_node(num_cpus=2) if len(nodes.worker_nodes) < 2 else _last(nodes)
    with cluster.Askers(cluster.asked_at(address), expected) as askers:
        askers.more("equal")
        nodes.remove_node(lost, allow_graceful=False)
        askers.more("equal", 20)
        nodes.add_node(num_cpus=2)
        askers.more("equal", 20)
    assert askers.counts["wrong"] == 0


def test_a_node_is_killed_in_a_build(nodes: Any, expected: dict[str, list[Any]]) -> None:
    index = f"s3://{BUCKET}/killed"
    lost = _last(nodes)
    options = ["--index", index, "--shards", "4", "--cluster", nodes.address]
    building = subprocess.Popen(
        [sys.executable, "-m", "passages", "build", "--corpus", str(ROOT / "corpus"), *options],
        stderr=subprocess.PIPE,
    )
    try:
        cluster.until(lambda: cluster.works(lost))
        nodes.remove_node(lost, allow_graceful=False)
        _, said = building.communicate(timeout=240)
    finally:
        if building.poll() is None:
            os.kill(building.pid, signal.SIGKILL)
            building.wait()
        nodes.add_node(num_cpus=2)
    assert building.returncode == 0, said
    assert cluster.outcomes(open_index(index)) == expected


def _last(nodes: Any) -> Any:
    return sorted(nodes.worker_nodes, key=lambda node: node.node_id)[-1]
