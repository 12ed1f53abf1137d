"""Arrays and strings as plain files of numbers, memory-mapped: opening them reads nothing.

Dtypes stand in the code and shapes come from the manifest, so no file has a header to parse. (The
header of .npy is a Python literal, and CPython 3.11 parses literals wrongly, now and then, when
two threads do it at once.)
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray


def write_array(path: Path, array: NDArray[Any]) -> None:
    """Write the numbers of an array, row by row."""
    with path.open("wb") as stream:
        stream.write(np.ascontiguousarray(array).tobytes())


def map_array(path: Path, dtype: DTypeLike, shape: tuple[int, ...]) -> NDArray[Any]:
    """The array in a file, memory-mapped, read-only.

    Raises:
        ValueError: the file does not have the size of such an array.
    """
    expected = math.prod(shape) * np.dtype(dtype).itemsize
    size = path.stat().st_size
    if size != expected:
        raise ValueError(f"{path.name} has {size} bytes, an array of shape {shape} has {expected}")
    return np.memmap(path, dtype, "r", shape=shape) if size else np.empty(shape, dtype)


def new_array(path: Path, dtype: DTypeLike, shape: tuple[int, ...]) -> NDArray[Any]:
    """An array in a new file, memory-mapped, to be filled."""
    size = math.prod(shape) * np.dtype(dtype).itemsize
    with path.open("wb") as stream:
        if size:
            # A full disk must be an error now, not a crash when a mapped page is written.
            os.posix_fallocate(stream.fileno(), 0, size)
    return np.memmap(path, dtype, "r+", shape=shape) if size else np.empty(shape, dtype)


def check_starts(name: str, starts: NDArray[np.int64], least: int = 0) -> None:
    """Check that `starts` begin at 0 and that every part has the size `least` or more.

    Raises:
        ValueError: they do not.
    """
    if starts[0] != 0 or (np.diff(starts) < least).any():
        raise ValueError(f"{name} is not divided into parts of at least {least}")


class Strings(Sequence[str]):
    """Strings one after another in one file, their byte offsets in another; read one at a time."""

    def __init__(self, path: Path, count: int) -> None:
        """Open what `write_strings(path, ...)` wrote.

        Raises:
            ValueError: there are not `count` strings, or the files do not belong together.
        """
        self._offsets = map_array(_offsets_path(path), "<i8", (count + 1,))
        check_starts(path.name, self._offsets)
        self._bytes = map_array(path, np.uint8, (int(self._offsets[-1]),))

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, place: int) -> str:  # type: ignore[override]  # no slices
        start, end = self._offsets[place], self._offsets[place + 1]
        return self._bytes[start:end].tobytes().decode("utf-8")


def write_strings(path: Path, strings: Sequence[str]) -> None:
    """Write the strings to `path` and their byte offsets beside it."""
    offsets = np.zeros(len(strings) + 1, "<i8")
    with path.open("wb") as stream:
        for place, string in enumerate(strings):
            offsets[place + 1] = offsets[place] + stream.write(string.encode("utf-8"))
    write_array(_offsets_path(path), offsets)


def _offsets_path(path: Path) -> Path:
    return path.with_suffix(".offsets")
