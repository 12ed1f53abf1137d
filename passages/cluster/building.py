"""Shards built on the nodes of a cluster: a task each, uploaded by the node that made it.

A task is done again from the start where its node is lost. Whatever happens, what serves in object
storage serves on: the collection that names new shards is published last.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ray
from ray.exceptions import RayTaskError

from passages.articles.corpus import Problem
from passages.building.intake import LastShard, Taken
from passages.building.shards import Made, Tools, is_as_it_was, make_shard, one_after_another
from passages.cluster.connecting import connect
from passages.errors import ModelUnavailable
from passages.index import folder as store
from passages.index.manifest import FILE, sha256
from passages.index.snapshot import Snapshot
from passages.index.storage.mirror import cache_of
from passages.index.storage.objects import ObjectStore
from passages.index.vectors.encode_once import forget_journals
from passages.models.encoder import Encoder
from passages.models.supply import Model, find_model
from passages.models.token_encoder import token_encoder
from passages.progress import silent

RETRIES = 5
"""How often a shard is begun again on another node."""


@dataclass(frozen=True, slots=True)
class _Order:
    """A shard to make: its articles, and the name and hash of the one before.

    `vectors_hold` and `passages_hold` say what of that one can be used again.
    """

    uri: str
    number: int
    corpus: str
    taken: Sequence[Taken]
    model: Model
    has_tokens: bool
    before: tuple[str, str] | None
    vectors_hold: bool
    passages_hold: bool


@dataclass(frozen=True, slots=True)
class _Done:
    """A shard in object storage, its articles, and what is wrong with others."""

    name: str
    sha256: str
    taken: list[Taken]
    problems: list[Problem]
    embedded: int


class RayShards:
    """Makes shards as tasks of a cluster; those whose articles have not changed are left here."""

    def __init__(self, cluster: str, uri: str) -> None:
        """Connect to the cluster.

        Args:
            cluster: the address of its head, `auto` on a node of it.
            uri: where the index is; every node must reach it.

        Raises:
            BadSetting: the cluster asks for no token.
            ServiceUnavailable: there is no cluster, or it refuses this token.
        """
        connect(cluster)
        self._objects = ObjectStore(uri)

    def __call__(
        self,
        taken: Sequence[Sequence[Taken]],
        last: Sequence[LastShard],
        tools: Tools,
        folder: Path | None,
    ) -> list[Made]:
        """Make the shards; those that are made elsewhere are fetched."""
        if folder is None:
            return one_after_another(taken, last, tools, None)
        task = ray.remote(_make).options(max_retries=RETRIES, scheduling_strategy="SPREAD")
        made: dict[int, Made] = {}
        asked: dict[Any, int] = {}
        for number, (articles, shard) in enumerate(zip(taken, last, strict=True)):
            if is_as_it_was(articles, shard):
                made[number] = make_shard(articles, shard, tools, folder / str(number))
            else:
                asked[task.remote(self._order(number, articles, shard, tools))] = number
        while asked:
            [ready], _ = ray.wait(list(asked))
            number = asked.pop(ready)
            made[number] = self._brought(_result(ready), tools)
            tools.progress(len(made), len(taken))
        return [made[number] for number in range(len(taken))]

    def _order(self, number: int, taken: Sequence[Taken], last: LastShard, tools: Tools) -> _Order:
        before = last.snapshot
        return _Order(
            uri=self._objects.uri,
            number=number,
            corpus=tools.corpus,
            taken=taken,
            model=tools.encoder.model,
            has_tokens=tools.load_tokens is not None,
            before=(before.name, sha256(before.folder / FILE)) if before else None,
            vectors_hold=last.vectors is before,
            passages_hold=last.passages is before,
        )

    def _brought(self, done: _Done, tools: Tools) -> Made:
        home = tools.index / done.name
        if not home.is_dir():
            self._objects.fetch(done.name, done.sha256, home)
        made = Snapshot(home, verify=True)
        return Made(done.taken, done.problems, made.texts(), made, done.embedded)


def _result(reference: Any) -> _Done:
    try:
        done: _Done = ray.get(reference)
    except RayTaskError as error:
        raise error.cause from error
    return done


def _make(order: _Order) -> _Done:
    """Make a shard on this node's disk and upload it; what was encoded before is in a journal."""
    objects = ObjectStore(order.uri)
    work = cache_of(order.uri) / "parts" / str(order.number)
    work.mkdir(parents=True, exist_ok=True)
    staging = work / "made"
    shutil.rmtree(staging, ignore_errors=True)
    last = _last(objects, work, order)
    model = find_model(order.model.name, order.model.precision)
    if model != order.model:
        raise ModelUnavailable(
            f"part {order.number + 1} is built with {order.model.name} "
            f"{order.model.fingerprint}, this node has {model.fingerprint}"
        )
    made = make_shard(
        order.taken,
        last,
        Tools(
            corpus=order.corpus,
            index=work,
            encoder=Encoder(model),
            load_tokens=token_encoder if order.has_tokens else None,
            vectors=[last.vectors] if last.vectors else [],
            progress=silent,
            cut_one=lambda: None,
        ),
        staging,
    )
    if made.is_new:
        name, digest = store.put(work, staging)
        objects.upload(work / name)
        shutil.rmtree(work / name)
    elif order.before is not None:  # all that is new cannot be cut
        name, digest = order.before
    forget_journals(work)
    return _Done(name, digest, made.taken, made.problems, made.embedded)


def _last(objects: ObjectStore, work: Path, order: _Order) -> LastShard:
    if order.before is None:
        return LastShard()
    name, digest = order.before
    home = work / "before"
    shutil.rmtree(home, ignore_errors=True)
    objects.fetch(name, digest, home)
    before = Snapshot(home)
    vectors = before if order.vectors_hold else None
    return LastShard(before, vectors, before if order.passages_hold else None)
