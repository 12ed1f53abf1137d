"""How far a long command is: a bar on a terminal, elsewhere a line every ten seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import NoReturn, TextIO

from tqdm import tqdm

from passages.progress import Progress

SECONDS = 10.0
"""Between two lines of a log; what is done sooner says nothing, nor does what is at its end."""


class ProgressBar:
    """Says on `stream` how many of a command's `unit` are done; use it in a `with`."""

    def __init__(
        self,
        unit: str,
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._first = self._unit = unit
        self._stream = sys.stderr if stream is None else stream
        self._clock = clock
        self._started = self._ended = self._said = clock()
        self._done = 0
        self._bar: tqdm[NoReturn] | None = None

    def __enter__(self) -> ProgressBar:
        if self._stream.isatty():
            self._bar = tqdm(unit=f" {self._unit}", file=self._stream, leave=False)
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def of(self, unit: str) -> Progress:
        """`show` for a stage of the command that counts something else."""
        return lambda done, total: self._show(done, total, unit)

    def show(self, done: int, total: int) -> None:
        """Call it whenever something is done; it prints only when a line is due."""
        self._show(done, total, self._first)

    def _show(self, done: int, total: int, unit: str) -> None:
        if unit != self._unit or done < self._done:  # another stage has begun
            self._unit, self._started = unit, self._ended
            if self._bar is not None:
                self._bar.unit = f" {unit}"
                self._bar.reset()
        self._done, self._ended = done, self._clock()
        if self._bar is not None:
            self._bar.total = total
            self._bar.update(done - self._bar.n)
            return
        if done == total or self._ended - self._said < SECONDS:
            return
        self._said = self._ended
        speed = done / (self._ended - self._started)
        left = f", {(total - done) / speed:.0f} s left" if speed else ""
        line = f"{done:,} of {total:,} {unit} ({done / total:.0%}){left}"
        print(line, file=self._stream, flush=True)
