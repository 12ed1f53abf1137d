"""A reader that fails, whatever it raises: the editor is told, and no text is lost."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from passages.articles import readers
from passages.articles.corpus import Problem
from passages.building.changes import changes_since
from passages.search.searcher import Index
from tests.conftest import build

FAULT = "could not be read: a fault in Passages, please report"
FAULTS = [
    IndexError("list index out of range"),
    ValueError("a bug, not a bad file"),
    KeyError("rows"),
    RecursionError("maximum recursion depth exceeded"),
    MemoryError(),
    OSError("without an error number"),
]


@pytest.fixture(params=FAULTS, ids=lambda fault: type(fault).__name__)
def failing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Exception:
    """What the reader of .txt files raises in this test."""
    fault: Exception = request.param

    def fail(data: bytes) -> readers.Reading:
        raise fault

    monkeypatch.setitem(readers.SUFFIXES, ".txt", fail)
    return fault


def test_the_build_goes_on_and_says_so(
    failing: Exception, corpus: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (corpus / "mate.txt").write_text("Mate\n\nMate is a drink.\n", "utf-8")
    report = build(corpus, tmp_path / "index")
    assert (report.published, report.added) == (True, ("coffee", "tea"))
    assert report.problems == (Problem("mate.txt", FAULT),)
    [logged] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "mate.txt" in logged.getMessage()
    assert logged.exc_info is not None
    assert logged.exc_info[1] is failing


def test_an_article_keeps_its_last_good_text(
    failing: Exception,
    corpus: Path,
    tmp_path: Path,
    open_toy: Callable[[Path], Index],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mate, index = corpus / "mate.txt", tmp_path / "index"
    mate.write_text("Mate\n\nMate is a drink.\n", "utf-8")
    with monkeypatch.context() as before_the_fault:
        before_the_fault.setitem(readers.SUFFIXES, ".txt", readers.plain_text.read)
        build(corpus, index)
    mate.write_text("Mate\n\nMate is a hot drink.\n", "utf-8")
    report = build(corpus, index)
    assert (report.published, report.kept, report.removed) == (True, ("mate",), ())
    problem = f"{FAULT}; its last good text is kept in the index"
    assert report.problems == (Problem("mate.txt", problem),)
    opened = open_toy(index)
    [best, *_] = opened.search("mate drink").hits
    assert best.passage.text == "Mate is a drink."
    assert not changes_since(opened.source.snapshot.manifest, corpus)


def test_the_file_is_read_again_once_the_reader_is_mended(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(data: bytes) -> readers.Reading:
        raise IndexError("list index out of range")

    (corpus / "mate.txt").write_text("Mate\n\nMate is a drink.\n", "utf-8")
    with monkeypatch.context() as faulty:
        faulty.setitem(readers.SUFFIXES, ".txt", fail)
        build(corpus, tmp_path / "index")
    report = build(corpus, tmp_path / "index")
    assert (report.published, report.added) == (True, ("mate",))
    assert FAULT not in [problem.problem for problem in report.problems]
