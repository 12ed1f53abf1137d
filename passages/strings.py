"""A list of strings on disk, read one at a time: all of them in one file, and their offsets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np


class Strings(Sequence[str]):
    """Memory-mapped strings: opening costs nothing, item `i` is decoded when it is asked for."""

    def __init__(self, path: Path) -> None:
        """Open what `write_strings(path, ...)` wrote.

        Raises:
            ValueError: the two files do not belong together.
        """
        self._offsets = np.load(_offsets_path(path), mmap_mode="r", allow_pickle=False)
        self._bytes = map_array(path, np.uint8)
        if len(self._offsets) < 1 or self._offsets[-1] != len(self._bytes):
            raise ValueError(f"{path.name} does not end where its offsets say")

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, place: int) -> str:  # type: ignore[override]  # no slices
        start, end = self._offsets[place], self._offsets[place + 1]
        return self._bytes[start:end].tobytes().decode("utf-8")


def write_strings(path: Path, strings: Sequence[str]) -> None:
    """Write the strings to `path` and their byte offsets beside it."""
    offsets = np.zeros(len(strings) + 1, np.int64)
    with path.open("wb") as stream:
        for place, string in enumerate(strings):
            offsets[place + 1] = offsets[place] + stream.write(string.encode("utf-8"))
    np.save(_offsets_path(path), offsets)


def map_array(path: Path, dtype: type[np.generic]) -> np.ndarray:
    """The raw numbers of a file, memory-mapped read-only; an empty file is an empty array."""
    if path.stat().st_size == 0:
        return np.empty(0, dtype)
    return np.memmap(path, dtype, mode="r")


def _offsets_path(path: Path) -> Path:
    return path.with_suffix(".offsets.npy")
