"""Texts -> vectors, no text encoded twice: not in a build, not after one, not after a kill.

A text is known by the hash of the encoder's fingerprint and the text. Its vector comes from the
last snapshot, else from the journal of a build that was interrupted, else from the encoder.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from passages.encoding import TextEncoder, Vectors
from passages.index import Keys

KEY_BYTES = 16
_BATCH = 256
Progress = Callable[[int, int], None]
"""Called with how many texts are encoded and how many there are to encode."""


def text_keys(fingerprint: str, texts: Sequence[str]) -> Keys:
    """Keys of shape (len(texts),), dtype S16: BLAKE2b of the fingerprint and the text."""
    start = hashlib.blake2b(fingerprint.encode(), digest_size=KEY_BYTES)
    keys = np.empty(len(texts), f"S{KEY_BYTES}")
    for place, text in enumerate(texts):
        digest = start.copy()
        digest.update(text.encode("utf-8"))
        keys[place] = digest.digest()
    return keys


class VectorTable:
    """Vectors by key, over one array that may lie on disk."""

    def __init__(self, keys: Keys, vectors: NDArray[np.floating]) -> None:
        self._order = np.argsort(keys)
        self._keys = keys[self._order]
        self._vectors = vectors

    def find(self, keys: Keys) -> NDArray[np.int64]:
        """For each key the row of its vector, or -1."""
        if not len(self._keys):
            return np.full(len(keys), -1)
        places = np.searchsorted(self._keys, keys).clip(max=len(self._keys) - 1)
        return np.where(self._keys[places] == keys, self._order[places], -1)

    def rows(self, rows: NDArray[np.int64]) -> NDArray[np.floating]:
        """The vectors in these rows."""
        return self._vectors[rows]


def unknown(keys: Keys, tables: Sequence[VectorTable]) -> NDArray[np.int64]:
    """The places of the keys that no table knows."""
    missing = np.arange(len(keys))
    for table in tables:
        missing = missing[table.find(keys[missing]) < 0]
    return missing


def copy_vectors(vectors: NDArray[np.floating], keys: Keys, tables: Sequence[VectorTable]) -> None:
    """Fill `vectors` (len(keys), dimension) from the first table that knows each key."""
    missing = np.arange(len(keys))
    for table in tables:
        rows = table.find(keys[missing])
        known = rows >= 0
        vectors[missing[known]] = table.rows(rows[known])
        missing = missing[~known]
    if len(missing):
        raise KeyError(f"{len(missing)} texts without a vector")


class Journal:
    """Vectors on disk as they are encoded, so that an interrupted build can go on.

    One record a text: key, vector (float32), checksum; a record that a kill damaged is dropped.
    """

    def __init__(self, index: Path, fingerprint: str, dimension: int) -> None:
        self._path = index / f".encoded-{fingerprint}"
        self._record = np.dtype(
            [("key", f"S{KEY_BYTES}"), ("vector", "<f4", dimension), ("crc", "<u4")]
        )

    def read(self) -> VectorTable:
        """What an earlier build encoded."""
        data = self._path.read_bytes() if self._path.is_file() else b""
        whole = len(data) // self._record.itemsize * self._record.itemsize
        records = np.frombuffer(data[:whole], self._record)
        crc = np.array([zlib.crc32(record["vector"].tobytes()) for record in records], "<u4")
        records = records[records["crc"] == crc] if len(records) else records
        return VectorTable(records["key"], records["vector"])

    def append(self, keys: Keys, vectors: Vectors) -> None:
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


def encode_missing(
    texts: dict[bytes, str], encoder: TextEncoder, journal: Journal, progress: Progress
) -> VectorTable:
    """Encode texts given by key, each once, longest first, writing the journal as it goes."""
    # Texts of like length share a batch, so little is padded; and memory peaks at the start.
    keys = sorted(texts, key=lambda key: len(texts[key]), reverse=True)
    table = np.empty((len(keys), encoder.dimension), np.float32)
    names = np.array(keys, f"S{KEY_BYTES}")
    for start in range(0, len(keys), _BATCH):
        batch = slice(start, start + _BATCH)
        table[batch] = encoder.encode_passages([texts[key] for key in keys[batch]])
        journal.append(names[batch], table[batch])
        progress(min(start + _BATCH, len(keys)), len(keys))
    return VectorTable(names, table)
