"""A reader that fails, whatever it raises: the editor is told, and no text is lost."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from passages.articles.corpus import Article, Problem, SourceFile, read_article
from passages.building.changes import changes_since
from passages.building.intake import Read
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


def _failing(fault: Exception) -> Read:
    """Reads all but .txt files, on which it raises `fault`."""

    def read(source: SourceFile, data: bytes, *, drafts: bool) -> tuple[Article, list[Problem]]:
        if source.path.suffix == ".txt":
            raise fault
        return read_article(source, data, drafts=drafts)

    return read


each_fault = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)


@each_fault
def test_the_build_goes_on_and_says_so(
    fault: Exception, corpus: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (corpus / "mate.txt").write_text("Mate\n\nMate is a drink.\n", "utf-8")
    report = build(corpus, tmp_path / "index", read=_failing(fault))
    assert (report.published, report.added) == (True, ("coffee", "tea"))
    assert report.problems == (Problem("mate.txt", FAULT),)
    [logged] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "mate.txt" in logged.getMessage()
    assert logged.exc_info is not None
    assert logged.exc_info[1] is fault


@each_fault
def test_an_article_keeps_its_last_good_text(
    fault: Exception, corpus: Path, tmp_path: Path, open_toy: Callable[[Path], Index]
) -> None:
    mate, index = corpus / "mate.txt", tmp_path / "index"
    mate.write_text("Mate\n\nMate is a drink.\n", "utf-8")
    build(corpus, index)
    mate.write_text("Mate\n\nMate is a hot drink.\n", "utf-8")
    report = build(corpus, index, read=_failing(fault))
    assert (report.published, report.kept, report.removed) == (True, ("mate",), ())
    problem = f"{FAULT}; its last good text is kept in the index"
    assert report.problems == (Problem("mate.txt", problem),)
    opened = open_toy(index)
    [best, *_] = opened.search("mate drink").hits
    assert best.passage.text == "Mate is a drink."
    assert not changes_since(opened.source.snapshot.manifest, corpus, _failing(fault))


def test_the_file_is_read_again_once_the_reader_is_mended(corpus: Path, tmp_path: Path) -> None:
    (corpus / "mate.txt").write_text("Mate\n\nMate is a drink.\n", "utf-8")
    build(corpus, tmp_path / "index", read=_failing(IndexError("list index out of range")))
    report = build(corpus, tmp_path / "index")
    assert (report.published, report.added) == (True, ("mate",))
    assert FAULT not in [problem.problem for problem in report.problems]
