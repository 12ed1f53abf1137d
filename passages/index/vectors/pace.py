"""How many texts to encode between two writes of a journal and two calls of `progress`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

MOST = 32
"""Texts in a batch at most, however fast they are encoded: what a kill can cost."""
SECONDS = 5.0
"""What a batch should take at most: half of the time between two lines of a log."""
T = TypeVar("T")


class Pace:
    """Batches by number and by time: of `MOST` texts, or as many as take `SECONDS`.

    It begins with a single text, for nothing is known yet of how long one takes.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._size = 1

    def batches(self, items: Sequence[T]) -> Iterator[Sequence[T]]:
        """The items in their order; what is done between two batches is the work that is timed."""
        start = 0
        while start < len(items):
            batch = items[start : start + self._size]
            began = self._clock()
            yield batch
            start += len(batch)
            each = (self._clock() - began) / len(batch)
            self._size = MOST if each * MOST <= SECONDS else max(1, int(SECONDS / each))
