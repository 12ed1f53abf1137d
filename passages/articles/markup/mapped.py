"""A text made from another one, and where each of its characters comes from."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Mapped:
    """A text, and the runs in which it follows its source.

    Each run is (offset in `text`, offset in the source), both ascending: from there to the next run
    character follows character. What was put in stands at the place that it was put in for.
    """

    text: str
    runs: tuple[Span, ...]

    def place(self, offset: int) -> int:
        """Where in the source the character at `offset` comes from."""
        number = bisect_right(self.runs, offset, key=itemgetter(0)) - 1
        if number < 0:
            return self.runs[0][1] if self.runs else 0
        at, source = self.runs[number]
        found = source + offset - at
        if number + 1 < len(self.runs):
            found = min(found, self.runs[number + 1][1])
        return found

    def span(self, start: int, end: int) -> Span:
        """The stretch of the source that `text[start:end]` comes from."""
        if start >= end:
            return (self.place(start),) * 2
        first = self.place(start)
        return first, max(first, self.place(end - 1) + 1)

    def within(self, start: int, end: int) -> Span:
        """The stretch of `text` that comes from `start` to `end` of the source."""
        return self._offset(start), self._offset(end)

    def cut(self, start: int, end: int) -> Mapped:
        """`text[start:end]`, mapped to the same source."""
        first = bisect_right(self.runs, start, key=itemgetter(0))
        after = bisect_left(self.runs, end, key=itemgetter(0))
        runs = [(at - start, place) for at, place in self.runs[first:after]]
        return Mapped(self.text[start:end], ((0, self.place(start)), *runs))

    def of(self, source: Mapped) -> Mapped:
        """The same text, mapped to that which `source`, its own source, comes from."""
        runs: list[Span] = []
        starts = [at for at, _ in source.runs]
        for (at, place), (after, limit) in pairwise([*self.runs, (len(self.text), 1 << 62)]):
            runs.append((at, source.place(place)))
            number = bisect_right(starts, place)
            last = min(place + after - at, limit)
            while number < len(starts) and starts[number] < last:
                runs.append((at + starts[number] - place, source.runs[number][1]))
                number += 1
        return Mapped(self.text, tuple(runs))

    def _offset(self, place: int) -> int:
        """The first offset whose character comes from `place` or after it."""
        number = bisect_left(self.runs, place, key=itemgetter(1))
        if number == 0:
            return 0
        at, source = self.runs[number - 1]
        after = self.runs[number][0] if number < len(self.runs) else len(self.text)
        return min(at + place - source, after)


class Writer:
    """Writes a text from pieces of its source, in their order."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.length = 0
        self._parts: list[str] = []
        self._runs: list[Span] = []
        self._next = -1  # the place in the source that would go on with the last run

    def keep(self, start: int, end: int) -> None:
        """Take over `source[start:end]`."""
        if start < end:
            self._add(self.source[start:end], start, end)

    def put(self, text: str, place: int) -> None:
        """Put in what stands for, or at, `place` of the source."""
        if text:
            self._add(text, place, -1)

    def written(self) -> Mapped:
        """The text so far."""
        return Mapped("".join(self._parts), tuple(self._runs))

    def last(self) -> str:
        """The last piece."""
        return self._parts[-1] if self._parts else ""

    def _add(self, text: str, place: int, following: int) -> None:
        if place != self._next:
            self._runs.append((self.length, place))
        self._parts.append(text)
        self.length += len(text)
        self._next = following
