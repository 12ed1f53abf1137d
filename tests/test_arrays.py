"""Arrays and strings in files: what is read is what was written, and no more of it."""

from __future__ import annotations

from io import FileIO
from pathlib import Path

import numpy as np
import pytest

from passages.index.arrays import (
    ReadAt,
    RowFile,
    Strings,
    best_reader,
    by_seeking,
    map_array,
    new_array,
    with_zeros,
    write_array,
    write_strings,
)

ROWS = np.arange(40, dtype=np.float16).reshape(10, 4)


@pytest.mark.parametrize(
    ("rows", "reads"),
    [
        ([3], 1),
        ([3, 4, 5], 1),
        ([0, 9], 2),
        ([9, 0, 1, 1], 3),
        (list(range(10)), 1),
        ([], 0),
    ],
)
def test_rows_are_read_in_as_few_reads_as_they_adjoin(
    rows: list[int], reads: int, tmp_path: Path
) -> None:
    done: list[int] = []

    def counted(file: FileIO) -> ReadAt:
        read = best_reader()(file)
        return lambda part, at: done.append(at) or read(part, at)

    write_array(tmp_path / "rows", ROWS)
    file = RowFile(tmp_path / "rows", np.float16, (10, 4), counted)
    found = file[np.array(rows, np.int64)]
    np.testing.assert_array_equal(found, ROWS[rows])
    assert (found.dtype, found.shape, len(done)) == (np.float16, (len(rows), 4), reads)


def test_slices_of_rows_and_a_file_that_is_gone(tmp_path: Path) -> None:
    write_array(tmp_path / "rows", ROWS)
    file = RowFile(tmp_path / "rows", np.float16, (10, 4))
    (tmp_path / "rows").unlink()  # by a later build; who has it open reads on
    np.testing.assert_array_equal(file[2:5], ROWS[2:5])
    np.testing.assert_array_equal(file[:], ROWS)
    assert len(file) == 10


def test_a_file_of_another_size_is_refused_and_rows_beyond_its_end_too(tmp_path: Path) -> None:
    write_array(tmp_path / "rows", ROWS)
    with pytest.raises(ValueError, match="rows has 80 bytes, an array of shape"):
        RowFile(tmp_path / "rows", np.float16, (11, 4))
    with pytest.raises(OSError, match="ends before row 10"):
        RowFile(tmp_path / "rows", np.float16, (10, 4))[np.array([9, 10])]


def test_a_mapped_array_cannot_be_written(tmp_path: Path) -> None:
    write_array(tmp_path / "rows", ROWS)
    mapped = map_array(tmp_path / "rows", np.float16, (10, 4))
    np.testing.assert_array_equal(mapped, ROWS)
    with pytest.raises(ValueError, match="read-only"):
        mapped[0, 0] = 1


@pytest.mark.parametrize("strings", [[], [""], ["a", "", "été 😀", "b\nc"]])
def test_strings_are_read_as_they_were_written(strings: list[str], tmp_path: Path) -> None:
    write_strings(tmp_path / "s.bin", iter(strings))
    opened = Strings.open(tmp_path / "s.bin")
    opened.verify()
    assert list(opened) == strings == list(Strings.of(strings))
    Strings.of(strings).save(tmp_path / "again.bin")
    assert (tmp_path / "again.bin").read_bytes() == (tmp_path / "s.bin").read_bytes()


def test_strings_whose_files_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    write_strings(tmp_path / "s.bin", ["one", "two"])
    (tmp_path / "s.bin").write_bytes(b"onetw\xff")
    with pytest.raises(UnicodeDecodeError):
        Strings.open(tmp_path / "s.bin").verify()
    (tmp_path / "s.bin").write_bytes("on\u00e9tw".encode())
    with pytest.raises(ValueError, match="a string is not UTF-8"):  # its letter stands in two
        Strings.open(tmp_path / "s.bin").verify()
    write_array(tmp_path / "s.offsets", np.array([0, 4, 3, 6], "<i8"))
    with pytest.raises(ValueError, match="does not divide 6 into parts"):
        Strings.open(tmp_path / "s.bin").verify()
    (tmp_path / "s.bin").write_bytes(b"on")
    with pytest.raises(ValueError, match=r"s\.bin has 2 bytes"):
        Strings.open(tmp_path / "s.bin")


def test_rows_and_new_arrays_on_a_system_without_the_calls_of_linux(
    tmp_path: Path,
) -> None:
    array = new_array(tmp_path / "rows", np.float16, ROWS.shape, with_zeros)
    assert (tmp_path / "rows").stat().st_size == ROWS.nbytes
    array[:] = ROWS
    array.flush()
    file = RowFile(tmp_path / "rows", np.float16, (10, 4), by_seeking)
    np.testing.assert_array_equal(file[np.array([9, 0, 1])], ROWS[[9, 0, 1]])
    (tmp_path / "rows").write_bytes(ROWS.tobytes()[:-1])
    with pytest.raises(OSError, match="ends before row 9"):
        file[np.array([9])]
