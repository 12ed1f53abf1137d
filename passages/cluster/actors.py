"""The actors that hold the shards of a collection: named, so that whoever asks finds them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import ray
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from passages.cluster.connecting import NAMESPACE
from passages.cluster.fleet import Group
from passages.cluster.group import Opening, ShardGroup
from passages.cluster.ray_fleet import ToActors
from passages.errors import PartMissing

AT_ONCE = 16
"""Calls that an actor answers at the same time."""

OPENING_SECONDS = 3600.0
"""So long a generation may take to be fetched by all."""


def start_groups(
    address: str, shards: int, groups: int, replicas: int, opening: Opening
) -> list[Group]:
    """Find the actors of a collection, and start those that are not there.

    Args:
        address: that of the index; another index has actors of its own.
        shards: how many the collection has.
        groups: how many groups they are divided into, one for each node at best.
        replicas: how many actors hold each group, on different nodes where there are enough.
        opening: opens shards in an actor.
    """
    nodes = sorted(node["NodeID"] for node in ray.nodes() if node["Alive"])
    groups = min(groups, shards)
    started = []
    for group in range(groups):
        numbers = tuple(range(group, shards, groups))
        actors = tuple(
            _actor(
                f"{known_as(address)}-{group}-{replica}-of-{groups}",
                numbers,
                opening,
                nodes[(group + replica) % len(nodes)],
            )
            for replica in range(replicas)
        )
        started.append(Group(numbers, actors))
    return started


def open_everywhere(groups: Sequence[Group], generation: str) -> None:
    """Have this generation opened by every replica, beside the one before.

    A replica that is lost meanwhile opens it later by itself, but one of each group must have it.

    Raises:
        PartMissing: no replica of a group is there.
        PassagesError: a replica cannot open it.
    """
    asked = {
        replica.open.remote(generation): group for group in groups for replica in group.replicas
    }
    ray.wait(list(asked), num_returns=len(asked), timeout=OPENING_SECONDS)
    received = ToActors().received
    having = {id(group) for reference, group in asked.items() if received(reference) is not None}
    for group in groups:
        if id(group) not in having:
            raise PartMissing(f"part {group.numbers[0] + 1} cannot be opened by any replica")


def _actor(name: str, numbers: Sequence[int], opening: Opening, node: str) -> Any:
    return (
        ray.remote(ShardGroup)
        .options(
            name=name,
            namespace=NAMESPACE,
            get_if_exists=True,
            lifetime="detached",
            num_cpus=0,  # it waits most of the time; Ray would hold a core back for it
            max_restarts=-1,
            max_concurrency=AT_ONCE,
            scheduling_strategy=NodeAffinitySchedulingStrategy(node, soft=True),
        )
        .remote(tuple(numbers), opening)
    )


def known_as(address: str) -> str:
    """What the names of an index's actors begin with."""
    return hashlib.blake2b(address.encode(), digest_size=8).hexdigest()


def groups_there(address: str) -> int:
    """Into how many groups the shards of a running index are divided; 0 where none is held yet."""
    named = ray.util.list_named_actors(all_namespaces=True)
    mine = (one["name"] for one in named if one["namespace"] == NAMESPACE)
    counts = [
        int(name.rpartition("-")[2]) for name in mine if name.startswith(f"{known_as(address)}-")
    ]
    return max(counts, default=0)
