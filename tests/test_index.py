"""A snapshot: what was written is what is read; the nearest passages, and exact cosines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np
import pytest

from passages.articles.boilerplate import Boilerplate, TextHashes
from passages.articles.chunking import Passage
from passages.articles.corpus import Article
from passages.articles.markup.mapped import Mapped, Span
from passages.errors import IndexDamaged
from passages.index.collection import Collection
from passages.index.manifest import (
    ArticleFile,
    Manifest,
    describe_files,
    read_manifest,
)
from passages.index.snapshot import Snapshot
from passages.index.snapshot_files import Contents, new_vectors, write_files
from passages.index.words.lexicon import Lexicon
from passages.models.supply import Model
from passages.search.sources.single import SingleSource
from tests.conftest import CALIBRATION

ARTICLES = [
    Article("drinks/tea", "Tea", "One. Two.\n\nThree – é 😀.", "Shop", "http://x", "2026"),
    Article("milk", "Milk", "Four."),
]


def _passage(
    article: Article, path: tuple[str, ...], anchor: str, span: Span, sentences: tuple[Span, ...]
) -> Passage:
    start, end = span
    seen = Mapped(article.text[start:end], ((0, start),))
    prefix = " > ".join((article.title, *path))
    return Passage(article, path, anchor, prefix, start, end, sentences, seen)


PASSAGES = [
    _passage(ARTICLES[0], ("A",), "a", (0, 9), ((0, 4), (5, 9))),
    _passage(ARTICLES[0], ("A", "B"), "b", (11, 23), ((0, 12),)),
    _passage(ARTICLES[1], (), "", (0, 5), ((0, 5),)),
]
VECTORS = np.array([[1, 0], [0.6, 0.8], [0, 1]], np.float16)
SENTENCES = np.array([[0, 1], [1, 0], [0.6, 0.8], [0, 1]], np.float16)


def _written(
    folder: Path,
    articles: Sequence[Article] = ARTICLES,
    passages: Sequence[Passage] = PASSAGES,
    boilerplate: Sequence[int] = (),
) -> Snapshot:
    count, sentences = len(passages), sum(len(passage.sentences) for passage in passages)
    folder.mkdir()
    vectors = new_vectors(folder, count + sentences, 2)
    vectors[:count], vectors[count:] = VECTORS[:count], SENTENCES[:sentences]
    lexicon = Lexicon.build((passage.words, passage.prefix) for passage in passages)
    contents = Contents(
        articles=articles,
        passages=passages,
        keys=np.array([b"%d" % row for row in range(count + sentences)], "S16"),
        hashes=TextHashes(
            np.arange(11, 11 + count, dtype=np.uint64), np.arange(1, 1 + sentences, dtype=np.uint64)
        ),
        postings=lexicon.postings,
        collection=Collection(
            lexicon.vocabulary,
            Boilerplate(np.empty(0, np.uint64), np.array(boilerplate, np.uint64)),
        ),
    )
    about = Manifest(
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
    write_files(folder, contents, vectors, about)
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
    np.testing.assert_array_equal(snapshot.vectors[:], np.concatenate([VECTORS, SENTENCES]))
    assert list(snapshot.keys) == [b"%d" % row for row in range(7)]
    assert snapshot.sections == 3
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
    assert snapshot.nearest(np.array(question, np.float32), n, limit)[0].tolist() == rows


def test_cosines_by_hand(snapshot: Snapshot) -> None:
    question, rows = np.array([0.6, 0.8], np.float32), np.array([2, 0], np.int64)
    np.testing.assert_allclose(snapshot.passage_cosines(question, rows), [0.8, 0.6], atol=1e-3)
    [first] = SingleSource(snapshot).read([0])
    np.testing.assert_allclose(first.cosines(question), [0.8, 0.6], atol=1e-3)
    every, nothing = np.array([2, 1, 0], np.int64), snapshot.collection.boilerplate
    np.testing.assert_allclose(
        snapshot.best_sentence_cosines(question, every, nothing), [0.8, 1.0, 0.8], atol=1e-3
    )
    assert snapshot.best_sentence_cosines(question, every[:0], nothing).shape == (0,)


def test_an_index_of_no_passage_opens_and_finds_nothing(tmp_path: Path) -> None:
    empty = _written(tmp_path / "empty", [Article("a", "A", "# A\n")], [])
    assert len(empty) == 0
    assert empty.nearest(np.array([1, 0], np.float32), 5)[0].tolist() == []
    assert list(empty.passage_rows(0)) == []
    assert empty.postings.term_list("one", 1.0, 1.0).rows.tolist() == []
    nothing = empty.collection.boilerplate
    assert empty.is_boilerplate(np.empty(0, np.int64), nothing).tolist() == []


@pytest.mark.parametrize(
    ("passages", "reason"),
    [
        ([PASSAGES[2], PASSAGES[0]], "does not go article by article"),
        (
            [Passage(ARTICLES[0], (), "", "T", 0, 4, (), Mapped("One.", ((0, 0),)))],
            "parts of at least 1",
        ),
    ],
)
def test_contents_that_no_build_writes_are_refused(
    passages: list[Passage], reason: str, tmp_path: Path
) -> None:
    with pytest.raises(IndexDamaged, match=reason):
        _written(tmp_path / "odd", passages=passages)


def test_boilerplate_is_never_the_best_sentence_unless_there_is_no_other(tmp_path: Path) -> None:
    snapshot = _written(tmp_path / "flagged", boilerplate=(1, 3))
    question, every = np.array([0.0, 1.0], np.float32), np.arange(3)
    boilerplate = snapshot.collection.boilerplate
    # The first sentence of the first passage is nearest, and boilerplate; the second passage is all
    # boilerplate.
    [first] = SingleSource(snapshot).read([0])
    np.testing.assert_allclose(first.cosines(question), [-1, 0])
    np.testing.assert_allclose(
        snapshot.best_sentence_cosines(question, every, boilerplate), [0, 0.8, 1], atol=1e-3
    )
    assert snapshot.is_boilerplate(every, boilerplate).tolist() == [False, True, False]


def _rewritten(snapshot: Snapshot) -> Path:
    """The folder, its manifest describing the files as they are now."""
    about = read_manifest(snapshot.folder)
    about.files.update(describe_files(snapshot.folder))
    about.write(snapshot.folder)
    return snapshot.folder


def test_an_index_of_another_kind_is_refused(snapshot: Snapshot) -> None:
    other = faiss.IndexFlatL2(2)
    other.add(VECTORS.astype(np.float32))
    faiss.write_index(other, str(snapshot.folder / "passages.faiss"))
    with pytest.raises(IndexDamaged, match=r"IndexFlatL2 .* expected inner products of 3 vectors"):
        Snapshot(_rewritten(snapshot))


def test_a_large_snapshot_is_opened_by_its_sizes_and_read_through_when_told(
    snapshot: Snapshot,
) -> None:
    assert snapshot.verified
    path = snapshot.folder / "texts.bin"
    damaged = bytearray(path.read_bytes())
    damaged[0] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(IndexDamaged, match="SHA-256"):
        Snapshot(snapshot.folder)
    large = Snapshot(snapshot.folder, verify=False)
    assert not large.verified
    with pytest.raises(IndexDamaged, match=r"texts\.bin has SHA-256"):
        large.verify()
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(IndexDamaged, match=r"texts\.bin has \d+ bytes, the manifest says"):
        Snapshot(snapshot.folder)
