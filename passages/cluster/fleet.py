"""The shards of a cluster: each call goes to one replica of a group, and on to the next in need.

A call is lost with its replica, so it is repeated on another until the deadline; the lost and the
slow are remembered, and asked last for a while. An answer is whole or none. How a replica is
reached is for the `Way` to know.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from passages.errors import PartMissing
from passages.search.sources.fleet import Call

DEADLINE = 5.0
"""Seconds within which all of a call must be answered."""

PATIENCE = 0.5
"""Seconds that replicas are waited for before the next ones are asked as well."""

PAUSE = 0.1
"""Seconds before a replica is asked again that was lost in the same call."""

AVOIDED = 30.0
"""Seconds for which a replica that was lost or slow is asked after the others."""

Given = Mapping[int, tuple[Any, ...]]


class Way(Protocol):
    """How replicas are reached."""

    def send(self, replica: Any, generation: str, call: Call, given: Given) -> Any:
        """Ask a replica; what stands for its answer, which can be a key of a dict."""

    def ended(self, sent: Sequence[Any], seconds: float) -> Sequence[Any]:
        """Those of `sent` that have ended, as soon as any has; none after so many seconds."""

    def received(self, sent: Any) -> Mapping[int, Any] | None:
        """What a replica answered; None where it was lost.

        Raises:
            PassagesError: it refused.
        """


@dataclass(frozen=True, slots=True)
class Group:
    """The numbers of the shards of a group, and the replicas that each hold all of them."""

    numbers: tuple[int, ...]
    replicas: tuple[Any, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """What one group is asked, its replicas still to be tried, the best last, and those lost."""

    given: Given
    untried: list[Any]
    lost: set[Any]


class ReplicatedFleet:
    """One generation of a collection, held by groups of replicas; safe to share between threads."""

    def __init__(
        self,
        generation: str,
        groups: Sequence[Group],
        way: Way,
        patience: float = PATIENCE,
        deadline: float = DEADLINE,
    ) -> None:
        self._generation = generation
        self._groups = tuple(groups)
        self._way = way
        self._patience = patience
        self._deadline = deadline
        self._turn = itertools.count()
        self._avoided: dict[Any, float] = {}

    def __len__(self) -> int:
        return sum(len(group.numbers) for group in self._groups)

    def ask(self, call: Call, given: Given) -> dict[int, Any]:
        """Call a method of `Shard` on each of these shards.

        Raises:
            PartMissing: no replica of a shard answered before the deadline.
            PassagesError: a shard refused.
        """
        ends = time.monotonic() + self._deadline
        due = self._parts(given)
        sent: dict[Any, tuple[_Part, Any]] = {}
        replies: dict[int, Any] = {}
        while missing := given.keys() - replies.keys():
            for part in due:
                self._send(part, call, sent)
            left = ends - time.monotonic()
            if left <= 0:
                raise PartMissing(f"part {min(missing) + 1} of {len(self)} cannot be asked")
            ended = self._way.ended(list(sent), min(self._patience, left))
            due = self._lost(ended, sent, replies)
            if not ended:
                due = list(dict.fromkeys(part for part, _ in sent.values()))
                self._avoid(replica for _, replica in sent.values())
        return replies

    def _parts(self, given: Given) -> list[_Part]:
        turn, now = next(self._turn), time.monotonic()
        parts = []
        for group in self._groups:
            mine = {number: given[number] for number in group.numbers if number in given}
            if mine:
                first = turn % len(group.replicas)
                order = [*group.replicas[first:], *group.replicas[:first]]
                order.sort(key=lambda replica: self._avoided.get(replica, 0.0) > now)
                parts.append(_Part(mine, order[::-1], set()))
        return parts

    def _send(self, part: _Part, call: Call, sent: dict[Any, tuple[_Part, Any]]) -> None:
        """Ask the next replica; all that are left are in flight where there is none."""
        if part.untried:
            replica = part.untried.pop()
            if replica in part.lost:
                time.sleep(PAUSE)
            asked = self._way.send(replica, self._generation, call, part.given)
            sent[asked] = part, replica

    def _lost(
        self,
        ended: Sequence[Any],
        sent: dict[Any, tuple[_Part, Any]],
        replies: dict[int, Any],
    ) -> list[_Part]:
        """Take in what was answered; the parts whose replica was lost."""
        again = []
        for reference in ended:
            part, replica = sent.pop(reference)
            if part.given.keys() <= replies.keys():
                continue
            answer = self._way.received(reference)
            if answer is not None:
                replies.update(answer)
                self._avoided.pop(replica, None)
                continue
            self._avoid([replica])
            part.lost.add(replica)
            part.untried.insert(0, replica)
            again.append(part)
        return again

    def _avoid(self, replicas: Any) -> None:
        until = time.monotonic() + AVOIDED
        self._avoided.update(dict.fromkeys(replicas, until))
