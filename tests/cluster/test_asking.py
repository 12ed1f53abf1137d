"""A cluster answers as one machine does, to the last bit; what is damaged or unknown is refused."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from passages.cluster.published import Published
from passages.index.manifest import read_manifest
from passages.index.storage.mirror import cache_of
from passages.opening import open_index
from tests.support.objects import Storage

cluster = pytest.importorskip("tests.support.cluster", reason="needs the extra [cluster]")

pytestmark = pytest.mark.cluster


def test_a_cluster_answers_as_one_machine_does(
    address: str, uri: str, expected: dict[str, list[Any]]
) -> None:
    assert cluster.outcomes(cluster.asked_at(address)) == expected
    assert cluster.outcomes(open_index(uri)) == expected


def test_within_articles_too(address: str, real_index: Path) -> None:
    one, many = open_index(real_index), cluster.asked_at(address)
    chosen = [article for article, _ in one.articles()][:2]
    question = "what are the side effects"
    assert cluster.outcome(many.search(question, articles=chosen)) == cluster.outcome(
        one.search(question, articles=chosen)
    )


def test_another_generation_begins_to_serve_under_askers_and_none_is_mixed_or_fails(
    nodes: Any, address: str, uri: str, expected: dict[str, list[Any]], shipped: Path
) -> None:
    asked = "does a zebra have stripes"
    before = {**expected, asked: [cluster.outcome(open_index(uri).search(asked, k=5))]}
    (shipped / "zebra.md").write_text("# Zebras\n\n## Stripes\n\nA zebra has stripes.\n")
    try:
        allowed = {question: list(found) for question, found in before.items()}
        with cluster.Askers(cluster.asked_at(address), allowed) as askers:
            cluster.build(shipped, uri, nodes, "--dry-run")
            askers.more("equal", 20)
        assert set(askers.counts) == {"equal"}
        cluster.build(shipped, uri, nodes)
    finally:
        (shipped / "zebra.md").unlink()
    new = open_index(uri)
    after = {question: [cluster.outcome(new.search(question, k=5))] for question in before}
    assert "A zebra has stripes." in str(after[asked])
    allowed = {question: [*before[question], *after[question]] for question in before}
    with cluster.Askers(cluster.asked_at(address), allowed) as askers:
        cluster.build(shipped, uri, nodes)  # as it was at first
        cluster.until(lambda: cluster.answer_alike(address, expected))
        askers.more("equal", 20)
    assert set(askers.counts) == {"equal"}


@pytest.mark.parametrize("damage", ["cut", "swapped"])
def test_a_damaged_object_is_refused_until_it_is_mended(
    damage: str, address: str, uri: str, objects: Storage, expected: dict[str, list[Any]]
) -> None:
    pointer = Published(uri).pointer()
    shards = read_manifest(Published(uri).folder(pointer)).shards
    keys = [f"handbook/{shard.name}/vectors.f16" for shard in shards]
    sizes = {key: len(objects.get(key)) for key in keys}
    key, other = sorted(keys, key=lambda key: -sizes[key])[:2]
    whole = objects.get(key)
    objects.put(key, whole[:-1] if damage == "cut" else objects.get(other))
    shutil.rmtree(cache_of(uri) / "shards")  # a node that has nothing yet
    for group in range(3):
        cluster.kill(cluster.replicas_of(uri, group))
    with cluster.Askers(cluster.asked_at(address), expected) as askers:
        askers.more("refused")
        objects.put(key, whole)
        askers.more("equal")
    assert askers.counts["wrong"] == 0
    cluster.until(lambda: cluster.answer_alike(address, expected))


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"RAY_AUTH_TOKEN": "0" * 64}, "refuses this token"),
        ({"RAY_AUTH_MODE": "disabled"}, "set RAY_AUTH_MODE=token"),
    ],
)
def test_a_wrong_token_or_none_is_refused(
    told: dict[str, str], said: str, nodes: Any, uri: str
) -> None:
    done = cluster.passages("serve", "--cluster", nodes.address, "--index", uri, **told)
    assert done.returncode != 0
    assert said in done.stderr
    assert "Traceback" not in done.stderr
