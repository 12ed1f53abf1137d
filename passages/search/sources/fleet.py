"""How several shards are asked at once: here in this process, elsewhere those of a cluster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

from passages.search.sources.shard import Shard

Call = Literal["find", "signals", "read"]


class Fleet(Protocol):
    """Shards by their numbers."""

    def ask(self, call: Call, given: Mapping[int, tuple[Any, ...]]) -> dict[int, Any]:
        """Call a method of `Shard` on each of these shards.

        Args:
            call: the method.
            given: the arguments for each shard.

        Returns:
            What each answered; never only some of them.
        """


class LocalFleet:
    """The shards of this process, one after another."""

    def __init__(self, shards: Sequence[Shard]) -> None:
        self._shards = shards

    def ask(self, call: Call, given: Mapping[int, tuple[Any, ...]]) -> dict[int, Any]:
        """Call a method of `Shard` on each of these shards."""
        return {
            number: getattr(self._shards[number], call)(*arguments)
            for number, arguments in given.items()
        }
