"""The shards that one process of a cluster holds, by generation; it knows nothing of Ray."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from passages.search.sources.fleet import Call, LocalFleet
from passages.search.sources.shard import Shard

Opening = Callable[[str, Sequence[int]], Mapping[int, Shard]]
"""The name of a generation and numbers of shards -> those shards, fetched and verified."""

KEPT = 2
"""Generations that stay open: questions that began with the one before may still come."""


class ShardGroup:
    """Some shards of a collection, asked by their numbers; safe to share between threads.

    It holds nothing that cannot be opened again: where the process is started anew, the first
    question opens the generation that it asks for.
    """

    def __init__(self, numbers: Sequence[int], opening: Opening) -> None:
        self._numbers = tuple(numbers)
        self._opening = opening
        self._open: OrderedDict[str, Mapping[int, Shard]] = OrderedDict()
        self._lock = threading.Lock()

    def open(self, generation: str) -> str:
        """Open this generation beside the one before, if it is not open, and give its name.

        Raises:
            PassagesError: a shard cannot be fetched, or is not what the collection says.
        """
        self._shards(generation)
        return generation

    def ask(
        self, generation: str, call: Call, given: Mapping[int, tuple[Any, ...]]
    ) -> dict[int, Any]:
        """Call a method of `Shard` on each of these shards of a generation.

        Raises:
            PassagesError: the generation cannot be opened, or a shard refuses.
        """
        return LocalFleet(self._shards(generation)).ask(call, given)

    def _shards(self, generation: str) -> Mapping[int, Shard]:
        with self._lock:
            if generation not in self._open:
                self._open[generation] = self._opening(generation, self._numbers)
                while len(self._open) > KEPT:
                    self._open.popitem(last=False)
            return self._open[generation]
