"""Vectors by the text they are of: found, copied, journalled, and encoded once."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from passages.index.vectors.encode_once import (
    Journal,
    VectorTable,
    batched,
    encode_rows,
    fill_known,
    forget_journals,
    text_keys,
    unknown,
)
from passages.index.vectors.pace import Pace
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
    vectors = np.zeros((4, 2), np.float16)
    keys = _keys(b"b", b"x", b"a", b"b")
    assert fill_known(vectors, keys, [first, second]).tolist() == [1]
    assert vectors.tolist() == [[0, 2], [0, 0], [1, 0], [0, 2]]
    assert unknown(keys, [first, second]).tolist() == [1]


def test_a_journal_reads_what_was_appended(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "f", 2)
    assert journal.read().find(_keys(b"a")).tolist() == [-1]
    journal.append(_keys(b"a"), np.array([[1, 2]], np.float16))
    journal.append(_keys(b"b", b"c"), np.array([[3, 4], [5, 6]], np.float16))
    table = journal.read()
    assert table.rows(table.find(_keys(b"c", b"a"))).tolist() == [[5, 6], [1, 2]]
    assert Journal(tmp_path, "other", 2).read().find(_keys(b"a")).tolist() == [-1]
    forget_journals(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("cut", range(1, 24, 5))
def test_a_record_cut_by_a_kill_is_dropped_and_written_over(cut: int, tmp_path: Path) -> None:
    journal = Journal(tmp_path, "f", 2)
    journal.append(_keys(b"a", b"b"), np.array([[1, 2], [3, 4]], np.float16))
    path = tmp_path / ".encoded-f"
    path.write_bytes(path.read_bytes()[:-cut])
    assert journal.read().find(_keys(b"a", b"b")).tolist() == [0, -1]
    journal.append(_keys(b"c"), np.array([[5, 6]], np.float16))
    table = journal.read()
    assert table.rows(table.find(_keys(b"a", b"c"))).tolist() == [[1, 2], [5, 6]]


def test_texts_are_encoded_in_batches_that_are_kept(tmp_path: Path) -> None:
    encoder, steps = BagOfWords(), []
    journal = Journal(tmp_path, "f", encoder.dimension)
    keys, rows = _keys(b"0", b"1", b"2", b"3"), np.array([0, 2, 3])
    vectors = np.zeros((4, encoder.dimension), np.float16)
    texts = iter(["one", "two words", "three"])
    encode_rows(vectors, rows, keys, texts, encoder, journal, lambda *step: steps.append(step))
    assert steps == [(1, 3), (3, 3)]
    expected = BagOfWords().encode_passages(["one", "two words", "three"]).astype(np.float16)
    np.testing.assert_array_equal(vectors[rows], expected)
    assert not vectors[1].any()
    kept = journal.read()
    np.testing.assert_array_equal(kept.rows(kept.find(keys[rows])), expected)


def test_a_build_that_is_stopped_keeps_every_batch_so_far(tmp_path: Path) -> None:
    """The longest texts of those read ahead come first, so that no batch is padded for one."""
    encoder = BagOfWords()
    journal = Journal(tmp_path, "f", encoder.dimension)
    texts = [f"word {'x' * place}" for place in range(100)]
    keys = _keys(*(b"%d" % place for place in range(100)))
    vectors = np.zeros((100, encoder.dimension), np.float16)

    def stop(done: int, total: int) -> None:
        if done == 65:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        encode_rows(vectors, np.arange(100), keys, iter(texts), encoder, journal, stop)
    assert (journal.read().find(keys) >= 0).nonzero()[0].tolist() == list(range(35, 100))
    encoded = BagOfWords().encode_passages(texts).astype(np.float16)
    np.testing.assert_array_equal(vectors[35:], encoded[35:])


def test_a_slow_encoder_writes_its_journal_by_time() -> None:
    now = [0.0]

    def sizes(items: int, seconds_each: float) -> list[int]:
        found = []
        for batch in pace.batches(range(items)):
            now[0] += len(batch) * seconds_each
            found.append(len(batch))
        return found

    pace = Pace(lambda: now[0])
    assert sizes(80, 0.01) == [1, 32, 32, 15]
    assert sizes(37, 2.0) == [32, 2, 2, 1]
    assert sizes(3, 20.0) == [2, 1]
    assert sizes(35, 0.25) == [1, 20, 14]


def test_batches_of_a_stream() -> None:
    assert list(batched(iter("abcde"), 2)) == [["a", "b"], ["c", "d"], ["e"]]
    assert list(batched([], 2)) == []
