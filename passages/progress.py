"""How long-running work reports its progress."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], object]
"""Called with how many are done and how many there are to do, such as texts to encode."""


def silent(done: int, total: int) -> None:
    """A `Progress` that reports nothing."""
