"""The fuzzer of the readers: some of its files are read here, and what it is to catch is caught."""

from __future__ import annotations

import os
import signal

import pytest

from benchmarks.fuzz_readers import Look, file_of, fuzz, look_at
from benchmarks.fuzz_seeds import KINDS, seeds
from passages.articles.corpus import Article, Problem, SourceFile


@pytest.mark.parametrize("kind", KINDS)
def test_whole_files_are_read_and_some_damaged_ones_read_or_refused(kind: str) -> None:
    whole = seeds(kind)
    assert {look_at(kind, data) for data in whole[:3]} == {"read"}
    some = range(1 if kind == ".pdf" else 12)  # a process each
    assert {look_at(kind, file_of(kind, 7, number, whole)) for number in some} <= {
        "read",
        "refused",
    }


def test_a_file_is_the_same_for_the_same_numbers() -> None:
    for kind in KINDS:
        one, again = (file_of(kind, 7, 3, seeds(kind)) for _ in range(2))
        assert one == again != file_of(kind, 7, 4, seeds(kind))


@pytest.mark.parametrize(
    ("error", "finding"),
    [
        (KeyError("x"), "KeyError at"),
        (RecursionError("deep"), "RecursionError at"),
        (MemoryError(), "MemoryError at"),
        (ValueError("not ours"), "ValueError at"),
        (UnicodeDecodeError("utf-8", b"", 0, 1, "x"), "UnicodeDecodeError at"),
    ],
)
def test_an_exception_is_a_finding(error: Exception, finding: str) -> None:
    def fail(source: SourceFile, data: bytes) -> tuple[Article, list[Problem]]:
        raise error

    assert look_at(".md", b"# A", fail).startswith(finding)


def _dies(kind: str, data: bytes) -> str:
    os.kill(os.getpid(), signal.SIGKILL)
    return "read"


def _hangs(kind: str, data: bytes) -> str:
    while True:
        pass


@pytest.mark.parametrize(("end", "finding"), [(_dies, "died: SIGKILL"), (_hangs, "more than 0 s")])
def test_the_end_of_the_process_is_a_finding(end: Look, finding: str) -> None:
    row = fuzz(".md", 7, range(2), keep=None, look=end, seconds=0.05)
    assert (row.files, row.failures, row.findings) == (2, 2, {finding: 2})
