"""How the cost of a question grows with the corpus: by what is read, not by a clock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import faiss
import numpy as np
import pytest

from passages.index.vectors.nearest import EXACT, PROBES, Nearest, write_nearest
from passages.search.searcher import CANDIDATES, Index
from tests.conftest import build

DIMENSION = 16


def _clustered(count: int) -> np.ndarray:
    choose = np.random.default_rng(0)
    centres = choose.standard_normal((200, DIMENSION))
    vectors = centres[choose.integers(0, 200, count)] + choose.standard_normal((count, DIMENSION))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16)


def _compared(count: int, folder: Path) -> tuple[float, float]:
    """Vectors that a question is compared with, and how many of the ten nearest it finds."""
    vectors = _clustered(count)
    write_nearest(folder / "nearest.faiss", vectors)
    nearest = Nearest(folder / "nearest.faiss", count, DIMENSION)
    questions = vectors[:: count // 50].astype(np.float32)
    faiss.cvar.indexIVF_stats.reset()
    found = [nearest.search(question, CANDIDATES)[0] for question in questions]
    compared = faiss.cvar.indexIVF_stats.ndis / len(questions)
    exact = [np.argsort(-(vectors.astype(np.float32) @ question))[:10] for question in questions]
    pairs = zip(found, exact, strict=True)
    return compared, float(np.mean([np.isin(best, rows).mean() for rows, best in pairs]))


def test_vectors_that_are_compared_grow_as_the_square_root(tmp_path: Path) -> None:
    small, large = 4 * EXACT // 3, 4 * EXACT
    compared, recall = _compared(small, tmp_path)
    compared_of_large, recall_of_large = _compared(large, tmp_path)
    assert compared < 2 * PROBES * small**0.5  # PROBES lists of about as many as there are lists
    assert compared_of_large / compared < 1.2 * (large / small) ** 0.5
    assert min(recall, recall_of_large) > 0.97


def test_few_vectors_are_compared_one_by_one(tmp_path: Path) -> None:
    vectors = _clustered(500)
    write_nearest(tmp_path / "exact.faiss", vectors)
    question = vectors[7].astype(np.float32)
    found = Nearest(tmp_path / "exact.faiss", 500, DIMENSION).search(question, 20)[0]
    cosines = vectors.astype(np.float32) @ question
    assert found.tolist() == np.argsort(-cosines, kind="stable")[:20].tolist()
    assert found[0] == 7


class _Counted:
    """An array that notes how many of its rows are read."""

    def __init__(self, array: np.ndarray) -> None:
        self._array = array
        self.read = 0

    def __getitem__(self, rows: np.ndarray) -> np.ndarray:
        self.read += len(rows)
        return self._array[rows]


@pytest.mark.parametrize("sections", [300, 1200])
def test_vectors_of_candidates_alone_are_read(
    sections: int, tmp_path: Path, open_toy: Callable[[Path], Index]
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    text = "".join(
        f"## Part {n}\n\nTea number{n} is good. It is word{n % 7}.\n\n" for n in range(sections)
    )
    (corpus / "tea.md").write_text(f"# Tea\n\n{text}", "utf-8")
    build(corpus, tmp_path / "index")
    index = open_toy(tmp_path / "index")
    counted = _Counted(index.source.snapshot.vectors)
    index.source.snapshot.vectors = counted  # type: ignore[assignment]
    hits = index.search("is tea number42 good", k=10).hits
    assert hits[0].passage.anchor == "part-42"
    candidates, sentences = 2 * CANDIDATES, 2
    assert 0 < counted.read <= candidates * (1 + sentences) + 20 * sentences
