"""What a cluster is made of, without one: groups of shards, what is fetched, the order of tries."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from passages import BadSetting, IndexDamaged
from passages.building.stored import build_at
from passages.cluster.fleet import Group, ReplicatedFleet
from passages.cluster.group import ShardGroup
from passages.cluster.place import Place
from passages.cluster.published import Published, generation_of, open_shards
from passages.errors import PartMissing
from passages.index.generation import open_collection
from passages.index.manifest import read_manifest
from passages.index.storage.mirror import cache_of
from passages.opening import open_index
from passages.search.scoring import RANKINGS
from passages.search.serving.opened import index_over
from passages.search.sources.fleet import Call
from passages.search.sources.sharded import ShardedSource
from passages.search.sources.source import About
from tests.conftest import CALIBRATION, TEA_AFTER, TEA_BEFORE, TOY, BagOfWords
from tests.support.objects import BUCKET, Storage, storage

URI = f"s3://{BUCKET}/tea"


@dataclass
class Threads:
    """Replicas that are groups of shards, in threads of this process; some are lost or slow."""

    lost: set[int] = field(default_factory=set)
    slow: set[int] = field(default_factory=set)
    asked: list[int] = field(default_factory=list)
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(8))
    released: Event = field(default_factory=Event)
    groups: Mapping[int, Any] = field(default_factory=dict)

    def send(
        self, replica: int, generation: str, call: Call, given: Mapping[int, tuple[Any, ...]]
    ) -> Future[Any]:
        self.asked.append(replica)
        return self.pool.submit(self._answer, replica, generation, call, given)

    def ended(self, sent: Sequence[Future[Any]], seconds: float) -> Collection[Future[Any]]:
        return wait(sent, seconds, FIRST_COMPLETED).done

    def received(self, sent: Future[Any]) -> Any | None:
        return sent.result()

    def _answer(self, replica: int, generation: str, call: Call, given: Any) -> Any | None:
        if replica in self.slow:
            self.released.wait(20)
        if replica in self.lost:
            return None
        if replica in self.groups:
            return self.groups[replica].ask(generation, call, given)
        return {number: f"{call} of {number} by {replica}" for number in given}


@pytest.fixture
def threads() -> Iterator[Threads]:
    made = Threads()
    yield made
    made.released.set()
    made.pool.shutdown()


GROUPS = (Group((0, 2), (10, 11)), Group((1,), (20, 21)))


def _fleet(threads: Threads, deadline: float = 5.0) -> ReplicatedFleet:
    return ReplicatedFleet("g", GROUPS, threads, patience=0.1, deadline=deadline)


def _asked(fleet: ReplicatedFleet) -> dict[int, str]:
    return fleet.ask("titles", dict.fromkeys(range(3), ()))


def test_replicas_are_asked_in_turns_and_only_for_their_own(threads: Threads) -> None:
    fleet = _fleet(threads)
    assert len(fleet) == 3
    assert _asked(fleet) == {
        0: "titles of 0 by 10",
        1: "titles of 1 by 20",
        2: "titles of 2 by 10",
    }
    assert set(_asked(fleet).values()) == {f"titles of {n} by {r}1" for n, r in enumerate("121")}
    assert fleet.ask("titles", {1: ()}) == {1: "titles of 1 by 20"}


def test_the_lost_is_asked_elsewhere_and_avoided_for_a_while(threads: Threads) -> None:
    threads.lost.add(10)
    fleet = _fleet(threads)
    for _ in range(6):
        assert _asked(fleet)[0] == "titles of 0 by 11"
    assert threads.asked.count(10) == 1


def test_the_slow_is_not_waited_for_and_avoided_for_a_while(threads: Threads) -> None:
    threads.slow.add(10)
    fleet = _fleet(threads)
    started = time.monotonic()
    for _ in range(6):
        assert _asked(fleet)[0] == "titles of 0 by 11"
    assert time.monotonic() - started < 3
    assert threads.asked.count(10) == 1


def test_where_all_are_lost_a_part_is_named_and_when_one_is_back_it_answers(
    threads: Threads,
) -> None:
    threads.lost |= {20, 21}
    fleet = _fleet(threads, deadline=0.5)
    with pytest.raises(PartMissing, match="part 2 of 3 cannot be asked"):
        _asked(fleet)
    assert fleet.ask("titles", {2: ()}) == {2: "titles of 2 by 11"}
    threads.lost.remove(21)
    assert _asked(fleet)[1] == "titles of 1 by 21"


def test_where_all_are_silent_the_deadline_ends_it(threads: Threads) -> None:
    threads.slow |= {10, 11, 20, 21}
    with pytest.raises(PartMissing, match="part 1 of 3 cannot be asked"):
        _asked(_fleet(threads, deadline=0.3))
    assert sorted(threads.asked) == [10, 11, 20, 21]


@pytest.fixture
def objects(tmp_path: Path) -> Iterator[Storage]:
    with storage() as made:
        os.environ["XDG_CACHE_HOME"] = str(tmp_path / "cache")
        yield made


def _build(corpus: Path, index: str | Path = URI) -> str:
    """Build it in three shards, and give the generation."""
    options = {"load": BagOfWords, "calibrate": lambda *_: CALIBRATION, "shards": 3}
    build_at(corpus, index, TOY, **options)
    return generation_of(Published(str(index)).pointer())


def _edit(corpus: Path) -> None:
    tea = corpus / "tea.md"
    tea.write_text(tea.read_text("utf-8").replace("It is bitter", "It is sweet"), "utf-8")


def _texts(group: ShardGroup, generation: str) -> set[str]:
    replies = group.ask(generation, "passages_of", dict.fromkeys(range(3), ("tea",)))
    return {passage.text for passages in replies.values() for passage in passages}


def test_a_group_keeps_two_generations_and_opens_them_again_where_it_is_new(
    corpus: Path, objects: Storage
) -> None:
    opened: list[str] = []

    def opening(generation: str, numbers: Sequence[int]) -> Any:
        opened.append(generation)
        return open_shards(URI, generation, numbers)

    group = ShardGroup((0, 1, 2), opening)
    first = _build(corpus)
    assert group.open(first) == first
    _edit(corpus)
    second = _build(corpus)
    assert TEA_AFTER in _texts(group, second)
    assert TEA_BEFORE in _texts(group, first)
    assert opened == [first, second]
    assert TEA_BEFORE in _texts(ShardGroup((0, 1, 2), opening), first)


def test_only_the_shards_of_a_group_are_fetched_and_what_was_swapped_is_refused(
    corpus: Path, objects: Storage
) -> None:
    generation = _build(corpus)
    manifest = read_manifest(Published(URI).folder(Published(URI).pointer()))
    names = [shard.name for shard in manifest.shards]
    open_shards(URI, generation, (1,))
    here = {path.name for path in (cache_of(URI) / "shards").iterdir()}
    assert here & set(names) == {names[1]}
    key = f"tea/{names[0]}/texts.bin"
    objects.put(key, objects.get(key) + b"\0")
    with pytest.raises(IndexDamaged, match="has SHA-256"):
        open_shards(URI, generation, (0, 1))


@pytest.mark.parametrize("stored", [True, False], ids=["in object storage", "in a folder"])
def test_groups_asked_through_a_fleet_answer_as_one_index_does(
    stored: bool, corpus: Path, objects: Storage, threads: Threads, tmp_path: Path
) -> None:
    address = URI if stored else str(tmp_path / "index")
    generation = _build(corpus, address)
    whole = tmp_path / "whole"
    build_at(corpus, whole, TOY, load=BagOfWords, calibrate=lambda *_: CALIBRATION)
    opening = partial(open_shards, address)
    threads.groups = {
        replica: ShardGroup(group.numbers, opening)
        for group in GROUPS
        for replica in group.replicas
    }
    threads.lost.add(10)
    published = Published(address)
    pointer = published.pointer()
    folder = published.folder(pointer)
    about = read_manifest(folder)
    fleet = ReplicatedFleet(generation, GROUPS, threads, patience=5.0)
    source = ShardedSource(About.of(pointer.snapshot, about), open_collection(folder, about), fleet)
    several = index_over(source, folder, lambda _: BagOfWords()).ranked_by(RANKINGS["full"])
    one = open_index(whole, load=BagOfWords).ranked_by(RANKINGS["full"])
    for question in ("is green tea bitter", "caffeine in a cup", "roasted beans", "zzyzx"):
        expected, found = one.search(question), several.search(question)
        assert [(hit.score, hit.passage, hit.sentence) for hit in found.hits] == [
            (hit.score, hit.passage, hit.sentence) for hit in expected.hits
        ]
        assert found.confidence == expected.confidence
    assert published.stamp() == Published(address).stamp()


def test_a_place_is_told_by_its_arguments() -> None:
    told = {"index": "s3://b/h", "groups": "3"}
    assert Place.of(told) == Place("s3://b/h", groups=3, replicas=2)
    for wrong, said in (({}, "takes index"), ({"index": "i", "groups": "x"}, "are numbers")):
        with pytest.raises(BadSetting, match=said):
            Place.of(wrong)
    with pytest.raises(BadSetting, match=r"not \['index', 'shards'\]"):
        Place.of({"index": "i", "shards": "3"})
