"""A snapshot: what was written is what is read; the nearest passages, and exact cosines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np
import pytest

from passages.articles import Article
from passages.chunking import Passage
from passages.encoding import Model
from passages.index import Contents, Snapshot, new_sentence_vectors, write_snapshot
from passages.lexical import Lexicon
from passages.manifest import (
    ArticleFile,
    IndexDamaged,
    Manifest,
    describe_files,
    read_manifest,
)
from tests.conftest import CALIBRATION

ARTICLES = [
    Article("drinks/tea", "Tea", "One. Two.\n\nThree – é 😀.", "Shop", "http://x", "2026"),
    Article("milk", "Milk", "Four."),
]
PASSAGES = [
    Passage(ARTICLES[0], ("A",), "a", "Tea > A", 0, 9, ((0, 4), (5, 9))),
    Passage(ARTICLES[0], ("A", "B"), "b", "Tea > A > B", 11, 23, ((0, 12),)),
    Passage(ARTICLES[1], (), "", "Milk", 0, 5, ((0, 5),)),
]
VECTORS = np.array([[1, 0], [0.6, 0.8], [0, 1]], np.float32)
SENTENCES = np.array([[0, 1], [1, 0], [0.6, 0.8], [0, 1]], np.float16)


def _written(
    folder: Path,
    articles: Sequence[Article] = ARTICLES,
    passages: Sequence[Passage] = PASSAGES,
) -> Snapshot:
    count, sentences = len(passages), sum(len(passage.sentences) for passage in passages)
    folder.mkdir()
    new_sentence_vectors(folder, sentences, 2)[:] = SENTENCES[:sentences]
    contents = Contents(
        articles=articles,
        passages=passages,
        passage_vectors=VECTORS[:count],
        passage_keys=np.array([b"p%d" % row for row in range(count)], "S16"),
        sentence_keys=np.array([b"s%d" % row for row in range(sentences)], "S16"),
        lexicon=Lexicon.build([p.text for p in passages], [p.prefix for p in passages]),
    )
    manifest = Manifest(
        created="2026-01-01T00:00:00+00:00",
        corpus="corpus",
        model=Model("toy", "float32", "1"),
        dimension=2,
        chunking={"version": 1},
        articles={a.id: ArticleFile(f"{a.id}.md", "0" * 64, 1, 2) for a in articles},
        passages=count,
        sentences=sentences,
        calibration=CALIBRATION.to_json(),
    )
    write_snapshot(folder, contents, manifest)
    return Snapshot(folder)


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    return _written(tmp_path / "snapshot")


def test_what_was_written_is_read(snapshot: Snapshot) -> None:
    assert [snapshot.article(row) for row in range(2)] == ARTICLES
    assert [snapshot.passage(row) for row in range(3)] == PASSAGES
    assert [snapshot.passage(row).text for row in range(3)] == [
        "One. Two.",
        "Three – é 😀.",
        "Four.",
    ]
    np.testing.assert_array_equal(snapshot.passage_vectors, VECTORS)
    np.testing.assert_array_equal(snapshot.sentence_vectors, SENTENCES)
    assert list(snapshot.passage_keys) == [b"p0", b"p1", b"p2"]
    assert list(snapshot.sentence_keys) == [b"s0", b"s1", b"s2", b"s3"]
    assert snapshot.manifest.articles["milk"] == ArticleFile("milk.md", "0" * 64, 1, 2)


def test_articles_and_passages_know_each_other(snapshot: Snapshot) -> None:
    assert [snapshot.article_row(name) for name in ("drinks/tea", "milk", "no")] == [0, 1, None]
    assert [list(snapshot.passage_rows(row)) for row in (0, 1)] == [[0, 1], [2]]


@pytest.mark.parametrize(
    ("question", "n", "within", "rows"),
    [
        ([1, 0], 3, None, [0, 1, 2]),
        ([0, 1], 2, None, [2, 1]),
        ([0.8, 0.6], 1, None, [1]),
        ([1, 0], 9, None, [0, 1, 2]),
        ([1, 0], 3, [2, 1], [1, 2]),
        ([1, 0], 1, [2], [2]),
    ],
)
def test_nearest_rows_best_first(
    snapshot: Snapshot, question: list[float], n: int, within: list[int] | None, rows: list[int]
) -> None:
    limit = None if within is None else np.array(within, np.int64)
    assert snapshot.nearest(np.array(question, np.float32), n, limit).tolist() == rows


def test_cosines_by_hand(snapshot: Snapshot) -> None:
    question, rows = np.array([0.6, 0.8], np.float32), np.array([2, 0], np.int64)
    np.testing.assert_allclose(snapshot.passage_cosines(question, rows), [0.8, 0.6], atol=1e-6)
    np.testing.assert_allclose(snapshot.sentence_cosines(question, 0), [0.8, 0.6], atol=1e-3)
    every = np.array([2, 1, 0], np.int64)
    np.testing.assert_allclose(
        snapshot.best_sentence_cosines(question, every), [0.8, 1.0, 0.8], atol=1e-3
    )
    assert snapshot.best_sentence_cosines(question, every[:0]).shape == (0,)


def test_an_index_of_no_passage_opens_and_finds_nothing(tmp_path: Path) -> None:
    empty = _written(tmp_path / "empty", [Article("a", "A", "# A\n")], [])
    assert len(empty) == 0
    assert empty.nearest(np.array([1, 0], np.float32), 5).tolist() == []
    assert list(empty.passage_rows(0)) == []
    assert empty.lexicon.match("one").scores.shape == (0,)


@pytest.mark.parametrize(
    ("passages", "reason"),
    [
        ([PASSAGES[2], PASSAGES[0]], "does not go article by article"),
        ([Passage(ARTICLES[0], (), "", "T", 0, 4, ())], "parts of at least 1"),
    ],
)
def test_contents_that_no_build_writes_are_refused(
    passages: list[Passage], reason: str, tmp_path: Path
) -> None:
    with pytest.raises(IndexDamaged, match=reason):
        _written(tmp_path / "odd", passages=passages)


def test_an_index_of_another_kind_is_refused(tmp_path: Path) -> None:
    folder = _written(tmp_path / "snapshot").folder
    other = faiss.IndexFlatL2(2)
    other.add(VECTORS)
    faiss.write_index(other, str(folder / "passages.faiss"))
    manifest = read_manifest(folder)
    manifest.files.update(describe_files(folder))
    manifest.write(folder)
    with pytest.raises(IndexDamaged, match="expected an IndexFlatIP of 3 vectors"):
        Snapshot(folder)
