"""Texts -> vectors. No text is encoded twice: in one build, in a later one, or after a kill.

A text is known by the hash of the encoder's fingerprint and the text. Its vector comes from the
last snapshot, else from the journal of a build that was interrupted, else from the encoder.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from passages.index.arrays import Keys, RowFile
from passages.index.vectors.pace import Pace
from passages.models.encoder import TextEncoder
from passages.progress import Progress

KEY_BYTES = 16
_WINDOW = 512
"""Texts that are read ahead and put in order of length: like lengths need no padding."""
_COPIED = 1 << 16
T = TypeVar("T")


def text_keys(fingerprint: str, texts: Iterable[str]) -> Keys:
    """Keys of shape (texts,), dtype S16: BLAKE2b of the fingerprint and the text."""
    start = hashlib.blake2b(fingerprint.encode(), digest_size=KEY_BYTES)

    def key(text: str) -> bytes:
        digest = start.copy()
        digest.update(text.encode("utf-8"))
        return digest.digest()

    return np.fromiter(map(key, texts), f"S{KEY_BYTES}")


class VectorTable:
    """Vectors by key, over one array that may lie on disk."""

    def __init__(self, keys: Keys, vectors: NDArray[np.floating] | RowFile) -> None:
        self._known = keys
        self._vectors = vectors

    @cached_property
    def _ordered(self) -> tuple[Keys, NDArray[np.int64]]:
        order = np.argsort(self._known)
        return self._known[order], order

    def find(self, keys: Keys) -> NDArray[np.int64]:
        """For each key the row of its vector, or -1."""
        if not len(self._known) or not len(keys):
            return np.full(len(keys), -1)
        ordered, order = self._ordered
        places = np.searchsorted(ordered, keys).clip(max=len(ordered) - 1)
        return np.where(ordered[places] == keys, order[places], -1)

    def rows(self, rows: NDArray[np.int64]) -> NDArray[np.floating]:
        """The vectors in these rows."""
        return self._vectors[rows]


def unknown(keys: Keys, tables: Sequence[VectorTable]) -> NDArray[np.int64]:
    """The places of the keys that no table knows."""
    missing = np.arange(len(keys))
    for table in tables:
        missing = missing[table.find(keys[missing]) < 0]
    return missing


def fill_known(
    vectors: NDArray[np.float16], keys: Keys, tables: Sequence[VectorTable]
) -> NDArray[np.int64]:
    """Fill `vectors` (len(keys), dimension) from the first table that knows each key.

    Returns:
        The places of the keys that no table knows.
    """
    missing = np.arange(len(keys))
    for table in tables:
        rows = table.find(keys[missing])
        known = np.flatnonzero(rows >= 0)
        for start in range(0, len(known), _COPIED):
            part = known[start : start + _COPIED]
            vectors[missing[part]] = table.rows(rows[part])
        missing = missing[rows < 0]
    return missing


class Journal:
    """Vectors on disk as they are encoded, so that an interrupted build can go on.

    One record a text: key, vector (float16), checksum; a record that a kill damaged is dropped.
    """

    def __init__(self, index: Path, fingerprint: str, dimension: int) -> None:
        self._path = index / f".encoded-{fingerprint}"
        self._record = np.dtype(
            [("key", f"S{KEY_BYTES}"), ("vector", "<f2", dimension), ("crc", "<u4")]
        )

    def read(self) -> VectorTable:
        """What an earlier build encoded; the vectors stay on disk until they are read."""
        size = self._path.stat().st_size if self._path.is_file() else 0
        whole = (size // self._record.itemsize,)
        records = np.empty(0, self._record)
        if whole[0]:
            records = np.asarray(np.memmap(self._path, self._record, "r", shape=whole))
        crc = np.fromiter((zlib.crc32(record.tobytes()) for record in records["vector"]), "<u4")
        if not (records["crc"] == crc).all():
            records = records[records["crc"] == crc]
        return VectorTable(records["key"], records["vector"])

    def append(self, keys: Keys, vectors: NDArray[np.float16]) -> None:
        """Add the vectors of these keys."""
        records = np.empty(len(keys), self._record)
        records["key"], records["vector"] = keys, vectors
        records["crc"] = [zlib.crc32(vector.tobytes()) for vector in records["vector"]]
        with self._path.open("ab") as stream:
            torn = stream.tell() % self._record.itemsize  # a kill cut the last record
            stream.truncate(stream.tell() - torn)
            stream.write(records.tobytes())


def forget_journals(index: Path) -> None:
    """Remove the journals in `index`: the serving snapshot holds all that is needed."""
    for path in index.glob(".encoded-*"):
        path.unlink(missing_ok=True)


def encode_rows(
    vectors: NDArray[np.float16],
    rows: NDArray[np.int64],
    keys: Keys,
    texts: Iterable[str],
    encoder: TextEncoder,
    journal: Journal,
    progress: Progress,
    pace: Pace | None = None,
) -> None:
    """Encode the texts of these rows into `vectors`, batch by batch, writing the journal."""
    pace = pace or Pace()
    read = done = 0
    for window in batched(texts, _WINDOW):
        order = sorted(range(len(window)), key=lambda place: -len(window[place]))
        for batch in pace.batches(order):
            places = rows[read + np.array(batch)]
            encoded = encoder.encode_passages([window[place] for place in batch])
            vectors[places] = encoded.astype(np.float16)
            journal.append(keys[places], vectors[places])
            done += len(batch)
            progress(done, len(rows))
        read += len(window)


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of `size` items; the last may be shorter."""
    left = iter(items)
    while batch := list(islice(left, size)):
        yield batch
