"""Vectors by the text they are of: found, copied, journalled, and encoded once."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from passages.vectors import (
    Journal,
    VectorTable,
    copy_vectors,
    encode_missing,
    forget_journals,
    text_keys,
    unknown,
)
from tests.conftest import BagOfWords


def _keys(*names: bytes) -> np.ndarray:
    return np.array(names, "S16")


def test_a_key_is_of_the_encoder_and_the_text() -> None:
    keys = text_keys("one", ["tea", "milk", "tea"])
    assert keys[0] == keys[2] != keys[1]
    assert text_keys("two", ["tea"])[0] != keys[0]
    assert keys[0] == hashlib.blake2b(b"onetea", digest_size=16).digest()


def test_a_table_finds_rows_in_any_order_and_misses() -> None:
    table = VectorTable(_keys(b"c", b"a", b"b"), np.array([[3.0], [1.0], [2.0]]))
    assert table.find(_keys(b"b", b"x", b"a", b"c", b"")).tolist() == [2, -1, 1, 0, -1]
    assert VectorTable(_keys(), np.empty((0, 1))).find(_keys(b"a")).tolist() == [-1]


def test_keys_that_end_in_zero_bytes_are_apart_from_each_other() -> None:
    table = VectorTable(_keys(b"a\0\0b", b"a"), np.array([[1.0], [2.0]]))
    assert table.find(_keys(b"a", b"a\0\0b", b"a\0b")).tolist() == [1, 0, -1]


def test_the_first_table_that_knows_a_key_gives_its_vector() -> None:
    first = VectorTable(_keys(b"a"), np.array([[1.0, 0.0]], np.float32))
    second = VectorTable(_keys(b"b", b"a"), np.array([[0.0, 2.0], [9.0, 9.0]], np.float16))
    vectors = np.zeros((3, 2), np.float32)
    copy_vectors(vectors, _keys(b"b", b"a", b"b"), [first, second])
    assert vectors.tolist() == [[0, 2], [1, 0], [0, 2]]
    assert unknown(_keys(b"b", b"x", b"a"), [first, second]).tolist() == [1]
    with pytest.raises(KeyError, match="1 texts without a vector"):
        copy_vectors(vectors[:1], _keys(b"x"), [first, second])


def test_a_journal_reads_what_was_appended(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "f", 2)
    assert journal.read().find(_keys(b"a")).tolist() == [-1]
    journal.append(_keys(b"a"), np.array([[1, 2]], np.float32))
    journal.append(_keys(b"b", b"c"), np.array([[3, 4], [5, 6]], np.float32))
    table = journal.read()
    assert table.rows(table.find(_keys(b"c", b"a"))).tolist() == [[5, 6], [1, 2]]
    assert Journal(tmp_path, "other", 2).read().find(_keys(b"a")).tolist() == [-1]
    forget_journals(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("cut", range(1, 28, 5))
def test_a_record_cut_by_a_kill_is_dropped_and_written_over(cut: int, tmp_path: Path) -> None:
    journal = Journal(tmp_path, "f", 2)
    journal.append(_keys(b"a", b"b"), np.array([[1, 2], [3, 4]], np.float32))
    path = tmp_path / ".encoded-f"
    path.write_bytes(path.read_bytes()[:-cut])
    assert journal.read().find(_keys(b"a", b"b")).tolist() == [0, -1]
    journal.append(_keys(b"c"), np.array([[5, 6]], np.float32))
    table = journal.read()
    assert table.rows(table.find(_keys(b"a", b"c"))).tolist() == [[1, 2], [5, 6]]


def test_texts_are_encoded_longest_first_in_batches_that_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("passages.vectors._BATCH", 2)
    encoder, steps = BagOfWords(), []
    journal = Journal(tmp_path, "f", encoder.dimension)
    texts = {b"1": "a", b"2": "a long text", b"3": "middle"}
    table = encode_missing(texts, encoder, journal, lambda done, total: steps.append((done, total)))
    assert encoder.encoded == ["a long text", "middle", "a"]
    assert steps == [(2, 3), (3, 3)]
    expected = BagOfWords().encode_passages(["a", "middle"])
    for known in (table, journal.read()):
        np.testing.assert_array_equal(known.rows(known.find(_keys(b"1", b"3"))), expected)
