"""An article on which the cutter fails: the editor is told, the build goes on, no text is lost."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from passages.articles.corpus import Problem
from passages.errors import NoArticles
from passages.search.searcher import Index
from tests.conftest import BagOfWords, build

FAULT = "could not be cut into passages: a fault in Passages, please report"


class Stumbling(BagOfWords):
    """Fails on a text with the word "stumble"."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        if any("stumble" in text for text in texts):
            raise IndexError("list index out of range")
        return super().count_tokens(texts)


def test_the_build_goes_on_and_says_so(
    corpus: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (corpus / "mate.md").write_text("# Mate\n\nOthers stumble here.\n", "utf-8")
    report = build(corpus, tmp_path / "index", load=Stumbling)
    assert (report.published, report.added, report.articles) == (True, ("coffee", "tea"), 2)
    assert report.problems == (Problem("mate.md", FAULT),)
    [logged] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "mate.md" in logged.getMessage()
    again = build(corpus, tmp_path / "index", load=Stumbling)
    assert (again.published, again.snapshot) == (False, report.snapshot)
    assert again.problems == (Problem("mate.md", FAULT),)


def test_an_article_keeps_its_last_good_text(
    corpus: Path, index_folder: Path, open_toy: Callable[[Path], Index]
) -> None:
    (corpus / "tea.md").write_text("# Tea\n\nOthers stumble here.\n", "utf-8")
    report = build(corpus, index_folder, load=Stumbling)
    assert (report.published, report.kept, report.changed) == (True, ("tea",), ("tea",))
    problem = f"{FAULT}; its last good text is kept in the index"
    assert report.problems == (Problem("tea.md", problem),)
    [best, *_] = open_toy(index_folder).search("bitter green tea").hits
    assert best.passage.text == "Green tea is not fermented. It is bitter."
    assert build(corpus, index_folder, load=Stumbling).published is False
    mended = build(corpus, index_folder)
    assert (mended.published, mended.kept, mended.problems) == (True, (), ())


def test_no_article_at_all_publishes_nothing(corpus: Path, tmp_path: Path) -> None:
    for path in corpus.iterdir():
        path.write_text("# Any\n\nOthers stumble here.\n", "utf-8")
    with pytest.raises(NoArticles, match=r"coffee\.md: could not be cut"):
        build(corpus, tmp_path / "index", load=Stumbling)
