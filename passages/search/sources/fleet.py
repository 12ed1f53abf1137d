"""How several shards are asked: here in this process, elsewhere those of a cluster.

A fleet is the one thing that must be written to reach shards in another way. It calls the methods
of `Shard` by name; arguments and answers are plain values, which can be pickled.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Protocol

from passages.search.sources.shard import Shard

Call = Literal[
    "outline", "find", "signals", "read", "article", "passages_of", "titles", "verified", "verify"
]
"""The methods of `Shard`. A question costs three calls: `find` of all shards, `signals` and `read`
of those that have candidates; `outline` is asked once, when the shards are opened."""


class Fleet(Protocol):
    """The shards of one generation of a collection, by their numbers from 0 on.

    It never mixes two generations: another one is another fleet.
    """

    def __len__(self) -> int:
        """How many shards there are."""

    def ask(self, call: Call, given: Mapping[int, tuple[Any, ...]]) -> dict[int, Any]:
        """Call a method of `Shard` on each of these shards.

        Args:
            call: the method.
            given: the arguments for each shard.

        Returns:
            What each answered; never only some of them.

        Raises:
            PassagesError: a shard cannot be asked.
        """


class LocalFleet:
    """The shards of this process, one after another."""

    def __init__(self, shards: Mapping[int, Shard]) -> None:
        self._shards = shards

    def __len__(self) -> int:
        return len(self._shards)

    def ask(self, call: Call, given: Mapping[int, tuple[Any, ...]]) -> dict[int, Any]:
        """Call a method of `Shard` on each of these shards."""
        return {
            number: getattr(self._shards[number], call)(*arguments)
            for number, arguments in given.items()
        }
