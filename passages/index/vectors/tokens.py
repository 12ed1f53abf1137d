"""Token codes of the passages: written once a text, read for the candidates of a question alone.

tokens.codes      (tokens, bytes of a code), those of one passage after those of another
passages.tokens   where the tokens of each passage begin
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from passages.articles.chunking import Passage
from passages.index.arrays import RowFile, check_starts, map_array, write_array
from passages.index.vectors.encode_once import KEY_BYTES, VectorTable
from passages.index.vectors.pace import Pace
from passages.models.token_codes import Codes
from passages.models.token_encoder import TokenTextEncoder

_CODES, _STARTS = "tokens.codes", "passages.tokens"
_WINDOW = 512

Known = Callable[[bytes], Codes | None]
"""A text's key -> its codes, or None where they are not known."""


class TokenTable:
    """The codes of a snapshot's passages; they stay on disk until they are read."""

    def __init__(self, folder: Path, passages: int, tokens: int, code_bytes: int) -> None:
        """Open what `write_tokens` wrote.

        Raises:
            ValueError: the files do not have the sizes of such arrays.
        """
        self._starts = map_array(folder / _STARTS, "<i8", (passages + 1,))
        self._codes = RowFile(folder / _CODES, np.uint8, (tokens, code_bytes))

    def verify(self) -> None:
        """Check that the tokens are divided among the passages.

        Raises:
            ValueError: they are not.
        """
        check_starts(_STARTS, self._starts, len(self._codes))

    def of(self, rows: NDArray[np.int64]) -> tuple[Codes, NDArray[np.int64]]:
        """The codes of these passages one after another, and how many each has."""
        first = self._starts[rows]
        counts = self._starts[rows + 1] - first
        places = np.cumsum(counts) - counts
        return self._codes[np.arange(counts.sum()) + np.repeat(first - places, counts)], counts


def known_in(table: TokenTable, keys: NDArray[np.bytes_]) -> Known:
    """The codes of a snapshot by the keys of its passages, (passages,)."""
    rows = VectorTable(keys, np.empty((0, 0), np.float16))

    def known(key: bytes) -> Codes | None:
        row = rows.find(np.array([key], keys.dtype))
        return None if row[0] < 0 else table.of(row)[0]

    return known


class TokenJournal:
    """Codes on disk as they are encoded, so that an interrupted build can go on.

    A record is key, number of tokens, checksum and codes; what follows a damaged one is dropped.
    """

    _HEAD = np.dtype([("key", f"S{KEY_BYTES}"), ("tokens", "<u4"), ("crc", "<u4")])

    def __init__(self, index: Path, fingerprint: str, code_bytes: int) -> None:
        self._path = index / f".encoded-{fingerprint}"
        self._code_bytes = code_bytes
        self._found: dict[bytes, Codes] = {}
        self._whole = 0
        data = self._path.read_bytes() if self._path.is_file() else b""
        for key, codes, end in self._records(data):
            self._found[key] = codes
            self._whole = end

    def known(self, key: bytes) -> Codes | None:
        """The codes that an earlier build encoded."""
        return self._found.get(key)

    def append(self, keys: Sequence[bytes], codes: Sequence[Codes]) -> None:
        """Add the codes of these keys."""
        with self._path.open("ab") as stream:
            stream.truncate(self._whole)  # a kill cut the last record
            for key, each in zip(keys, codes, strict=True):
                body = each.tobytes()
                head = np.array([(key, len(each), zlib.crc32(body))], self._HEAD)
                stream.write(head.tobytes() + body)
            self._whole = stream.tell()

    def _records(self, data: bytes) -> Iterator[tuple[bytes, Codes, int]]:
        place = 0
        while place + self._HEAD.itemsize <= len(data):
            head = np.frombuffer(data, self._HEAD, 1, place)[0]
            place += self._HEAD.itemsize
            end = place + int(head["tokens"]) * self._code_bytes
            body = data[place:end]
            if end > len(data) or zlib.crc32(body) != head["crc"]:
                return
            codes = np.frombuffer(body, np.uint8).reshape(-1, self._code_bytes)
            yield bytes(head["key"]), codes, end
            place = end


def write_tokens(
    folder: Path,
    passages: Sequence[Passage],
    keys: NDArray[np.bytes_],
    encoder: TokenTextEncoder,
    known: Sequence[Known],
    journal: TokenJournal,
    encoded: Callable[[int], object] = lambda newly_encoded: None,
) -> int:
    """Write the codes of all passages into `folder`, encoding what none of `known` has.

    A passage in a language that the encoder does not serve has none.

    Args:
        folder: of the new snapshot.
        passages: in row order.
        keys: (passages,), of their texts.
        encoder: makes the codes.
        known: where codes are looked up first.
        journal: where new codes are kept meanwhile.
        encoded: called with the number of passages just encoded.

    Returns:
        How many tokens were written.
    """
    counts = np.zeros(len(passages), np.int64)
    pace = Pace()
    with (folder / _CODES).open("wb") as stream:
        for start in range(0, len(passages), _WINDOW):
            window = range(start, min(start + _WINDOW, len(passages)))
            codes = _found(window, passages, keys, encoder, (*known, journal.known))
            missing = sorted(
                (row for row in window if row not in codes),
                key=lambda row: -len(passages[row].encoder_text),
            )
            for rows in pace.batches(missing):
                made = encoder.encode_passages([passages[row].encoder_text for row in rows])
                journal.append([bytes(keys[row]) for row in rows], made)
                codes.update(zip(rows, made, strict=True))
                encoded(len(rows))
            for row in window:
                counts[row] = len(codes[row])
                stream.write(np.ascontiguousarray(codes[row]).data)
    write_array(folder / _STARTS, np.concatenate([[0], np.cumsum(counts)]).astype("<i8"))
    return int(counts.sum())


def _found(
    window: Sequence[int],
    passages: Sequence[Passage],
    keys: NDArray[np.bytes_],
    encoder: TokenTextEncoder,
    known: Sequence[Known],
) -> dict[int, Codes]:
    found: dict[int, Codes] = {}
    for row in window:
        if passages[row].article.code not in encoder.languages:
            found[row] = np.empty((0, encoder.code_bytes), np.uint8)
            continue
        for look in known:
            codes = look(bytes(keys[row]))
            if codes is not None:
                found[row] = codes
                break
    return found
