"""Arrays and strings as plain files of numbers, memory-mapped: opening them reads nothing.

Dtypes stand in the code and shapes come from the manifest, so no file has a header to parse. (The
header of .npy is a Python literal, and CPython 3.11 parses literals wrongly, now and then, when
two threads do it at once.)
"""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from io import FileIO
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import DTypeLike, NDArray

Keys = NDArray[np.bytes_]
"""Hashes of texts, 16 bytes each."""
Rows = NDArray[np.int64]
"""Numbers of rows: of passages in a snapshot, of vectors in a file."""
Values = NDArray[np.float32]
"""A number for each of some rows or places: higher is better."""

ReadAt = Callable[[memoryview, int], int]
"""Fills the view from a place of a file; how many bytes it got, 0 at the file's end."""

_BLOCK = 1 << 20
_CHECKED = 1 << 12  # strings that are checked at once


def write_array(path: Path, array: NDArray[Any]) -> None:
    """Write the numbers of an array, row by row."""
    with path.open("wb") as stream:
        stream.write(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)


def map_array(path: Path, dtype: DTypeLike, shape: tuple[int, ...]) -> NDArray[Any]:
    """The array in a file, memory-mapped, read-only.

    Raises:
        ValueError: the file does not have the size of such an array.
    """
    expected = math.prod(shape) * np.dtype(dtype).itemsize
    size = path.stat().st_size
    if size != expected:
        raise ValueError(f"{path.name} has {size} bytes, an array of shape {shape} has {expected}")
    # A plain array over the mapping: a slice of np.memmap costs microseconds each.
    return np.asarray(np.memmap(path, dtype, "r", shape=shape)) if size else np.empty(shape, dtype)


class RowFile:
    """Rows of numbers in a file, read when they are asked for, in as few reads as rows adjoin.

    Not mapped: of a mapped file the system counts 16 pages as the process's memory for each that is
    touched, which at a million passages is soon all of it.
    """

    def __init__(
        self,
        path: Path,
        dtype: DTypeLike,
        shape: tuple[int, int],
        reader: Callable[[FileIO], ReadAt] | None = None,
    ) -> None:
        """Open what `write_array` or `new_array` wrote.

        Args:
            path: the file.
            dtype: of its numbers.
            shape: rows and columns.
            reader: reads at a place of the file; by default as this system does it best.

        Raises:
            ValueError: the file does not have the size of such an array.
        """
        map_array(path, dtype, shape)
        self._file = path.open("rb", buffering=0)
        self._read_at = (reader or best_reader())(self._file)
        self.dtype, self.shape = np.dtype(dtype), shape

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: slice | NDArray[np.integer]) -> NDArray[Any]:
        if isinstance(rows, slice):
            rows = np.arange(*rows.indices(len(self)))
        found = np.empty((len(rows), self.shape[1]), self.dtype)
        size = found.itemsize * self.shape[1]
        starts = np.flatnonzero(np.diff(rows, prepend=-2) != 1).tolist()
        for start, end in pairwise([*starts, len(rows)]):
            part = found[start:end].reshape(-1).view(np.uint8).data
            if not self._read(part, int(rows[start]) * size):
                raise OSError(f"{self._file.name} ends before row {rows[end - 1]}")
        return found

    def _read(self, part: memoryview, at: int) -> bool:
        """Fill `part` from this place of the file; False where the file ends before."""
        done = 0
        while done < len(part):
            got = self._read_at(part[done:], at + done)
            if not got:
                return False
            done += got
        return True


def best_reader() -> Callable[[FileIO], ReadAt]:
    """How this system reads at a place of a file."""
    return by_place if hasattr(os, "preadv") else by_seeking


def by_place(file: FileIO) -> ReadAt:
    """Read at a place in one call, as threads may at the same time: where the system has it."""
    preadv: Callable[[int, list[memoryview], int], int] = getattr(os, "preadv")  # noqa: B009
    return lambda part, at: preadv(file.fileno(), [part], at)


def by_seeking(file: FileIO) -> ReadAt:
    """Go to the place, then read, one thread at a time: what Windows can."""
    seeking = threading.Lock()

    def read(part: memoryview, at: int) -> int:
        with seeking:
            file.seek(at)
            return file.readinto(part) or 0

    return read


def new_array(
    path: Path,
    dtype: DTypeLike,
    shape: tuple[int, ...],
    reserve: Callable[[BinaryIO, int], None] | None = None,
) -> NDArray[Any]:
    """An array in a new file, memory-mapped, to be filled.

    Args:
        path: the file.
        dtype: of its numbers.
        shape: of the array.
        reserve: takes the space in the open file; by default as this system does it best. A full
            disk must be an error now, not a crash when a page is written.
    """
    size = math.prod(shape) * np.dtype(dtype).itemsize
    with path.open("wb") as stream:
        if size:
            (reserve or best_reserve())(stream, size)
    return np.memmap(path, dtype, "r+", shape=shape) if size else np.empty(shape, dtype)


def best_reserve() -> Callable[[BinaryIO, int], None]:
    """How this system takes the space of a file before it is written."""
    allocate = getattr(os, "posix_fallocate", None)  # macOS and Windows have none
    if allocate is None:
        return with_zeros
    return lambda stream, size: allocate(stream.fileno(), 0, size)


def with_zeros(stream: BinaryIO, size: int) -> None:
    """Write zeros: what every system can."""
    zeros = bytes(_BLOCK)
    for start in range(0, size, _BLOCK):
        stream.write(zeros[: size - start])


def check_starts(name: str, starts: NDArray[np.int64], end: int, least: int = 0) -> None:
    """Check that `starts` go from 0 to `end` and that every part has the size `least` or more.

    Raises:
        ValueError: they do not.
    """
    if starts[0] != 0 or starts[-1] != end or (np.diff(starts) < least).any():
        raise ValueError(f"{name} does not divide {end} into parts of at least {least}")


class Strings(Sequence[str]):
    """Strings one after another in one array of bytes, which may lie on disk; read one at a time.

    String `i` is `data[offsets[i]:offsets[i + 1]]` in UTF-8.
    """

    def __init__(self, offsets: NDArray[np.int64], data: NDArray[np.uint8]) -> None:
        self._offsets = offsets
        self._data = data

    @classmethod
    def of(cls, strings: Iterable[str]) -> Strings:
        """Strings in memory."""
        encoded = [string.encode("utf-8") for string in strings]
        offsets = np.cumsum([0, *map(len, encoded)], dtype="<i8")
        return cls(offsets, np.frombuffer(b"".join(encoded), np.uint8))

    @classmethod
    def open(cls, path: Path) -> Strings:
        """Open what `save` or `write_strings` wrote.

        Raises:
            ValueError: the two files do not belong together.
        """
        beside = _offsets_path(path)
        offsets = map_array(beside, "<i8", (max(1, beside.stat().st_size // 8),))
        return cls(offsets, map_array(path, np.uint8, (int(offsets[-1]),)))

    def save(self, path: Path) -> None:
        """Write the strings to `path` and their byte offsets beside it."""
        write_array(path, self._data)
        write_array(_offsets_path(path), self._offsets)

    def verify(self) -> None:
        """Read all.

        Raises:
            ValueError: the offsets are not in order, or a string is not UTF-8.
        """
        check_starts("offsets", self._offsets, len(self._data))
        for start in range(0, len(self), _CHECKED):
            ends = self._offsets[start : start + _CHECKED + 1]
            self._data[ends[0] : ends[-1]].tobytes().decode("utf-8")
            inner = ends[(ends > ends[0]) & (ends < ends[-1])]
            if (self._data[inner] & 0xC0 == 0x80).any():  # amid a letter
                raise ValueError("a string is not UTF-8")

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, place: int) -> str:  # type: ignore[override]  # no slices
        start, end = self._offsets[place], self._offsets[place + 1]
        return self._data[start:end].tobytes().decode("utf-8")

    def sized(self, first: int, last: int, shortest: int, longest: int) -> list[str]:
        """The strings from `first` up to `last` that have `shortest` to `longest` bytes."""
        offsets = self._offsets[first : last + 1]
        sizes = np.diff(offsets)
        kept = np.flatnonzero((sizes >= shortest) & (sizes <= longest))
        block = self._data[offsets[0] : offsets[-1]].tobytes()
        starts = (offsets[kept] - offsets[0]).tolist()
        pairs = zip(starts, sizes[kept].tolist(), strict=True)
        return [block[start : start + size].decode("utf-8") for start, size in pairs]


def write_strings(path: Path, strings: Iterable[str]) -> None:
    """Write the strings to `path` and their byte offsets beside it, never all in memory."""
    offsets = [0]
    with path.open("wb") as stream:
        for string in strings:
            offsets.append(offsets[-1] + stream.write(string.encode("utf-8")))
    write_array(_offsets_path(path), np.array(offsets, "<i8"))


def _offsets_path(path: Path) -> Path:
    return path.with_suffix(".offsets")
