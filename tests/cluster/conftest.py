"""Fixtures of the tests that need Ray: one storage and one cluster for all of them."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from passages.opening import open_index
from tests.support import ROOT
from tests.support.objects import BUCKET, Storage, storage

SECONDS = 300
"""So long a test may take, with its fixtures."""


@pytest.fixture(scope="session")
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the nodes keep what they fetch."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def objects(own_cache: Path) -> Iterator[Storage]:
    """Object storage that the nodes see."""
    with storage() as made:
        os.environ["XDG_CACHE_HOME"] = str(own_cache)
        yield made


@pytest.fixture(scope="session")
def nodes(objects: Storage) -> Iterator[Any]:
    """A cluster of three nodes."""
    from tests.support.cluster import cluster

    with cluster() as made:
        yield made


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the shipped articles."""
    folder = tmp_path_factory.mktemp("shipped") / "corpus"
    shutil.copytree(ROOT / "corpus", folder)
    return folder


@pytest.fixture(scope="session")
def uri(nodes: Any, shipped: Path) -> str:
    """An index of them in four shards, built by the cluster."""
    from tests.support.cluster import build

    address = f"s3://{BUCKET}/handbook"
    build(shipped, address, nodes, "--shards", "4")
    return address


@pytest.fixture(scope="session")
def address(nodes: Any, uri: str) -> Iterator[str]:
    """The service over it: a cluster has one."""
    from tests.support.cluster import service

    with service(nodes, uri) as made:
        yield made


@pytest.fixture(scope="session")
def expected(real_index: Path) -> dict[str, list[Any]]:
    """What one machine answers, from one snapshot that it built itself."""
    from tests.support.cluster import outcomes

    return outcomes(open_index(real_index))


@pytest.fixture(autouse=True)
def ended_in_time(request: pytest.FixtureRequest) -> Iterator[None]:
    """End a test that hangs, as a failure; what it started is ended as always."""

    def late(*_: object) -> None:
        raise TimeoutError(f"{request.node.name} took more than {SECONDS} s")

    signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    yield
    signal.alarm(0)
