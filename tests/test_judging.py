"""Judging: blind pools, labels that are kept, agreement by hand, and the quotes that come of it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from passages.cli.evaluating.judging import add_options, judge
from passages.errors import BadQuestions, BadSetting
from passages.evaluation.judgements import read_lines, read_questions
from passages.evaluation.judging.agreement import agreements, kappa
from passages.evaluation.judging.labels import Label, append_label, majority, read_labels
from passages.evaluation.judging.pool import pool
from passages.evaluation.judging.session import JudgingSession, Pools
from passages.search.scoring import RANKINGS
from passages.search.searcher import Index

QUESTIONS = (
    {
        "id": "green",
        "question": "is green tea bitter?",
        "kind": "direct",
        "relevant": [{"quote": "Black tea is fermented for hours.", "article": "tea"}],
    },
    {"id": "caffeine", "question": "how much caffeine holds a cup?"},
)
RIGHT = {"green": "It is bitter.", "caffeine": "95 mg"}


@pytest.fixture
def index(index_folder: Path, open_toy: Callable[[Path], Index]) -> Index:
    return open_toy(index_folder)


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in QUESTIONS), "utf-8")
    return path


def _pools(index: Index, questions: Path, depth: int = 2) -> Pools:
    rankings = {name: RANKINGS[name] for name in ("bm25", "encoder")}
    asked = [question for question, _ in read_lines(questions, unjudged=True)]
    return Pools(index, asked, rankings, depth)


def test_a_pool_holds_the_best_of_each_search_and_what_was_quoted(
    index: Index, questions: Path
) -> None:
    pools = _pools(index, questions, depth=1)
    assert [passage.headings for passage in pools.of("green")] == [("Green tea",), ("Black tea",)]
    alone = pool(index, "is green tea bitter?", (), {"bm25": RANKINGS["bm25"]}, 1)
    assert [passage.headings for passage in alone] == [("Green tea",)]


def test_a_judge_goes_on_where_they_left_off_and_sees_an_order_of_their_own(
    index: Index, questions: Path, tmp_path: Path
) -> None:
    pools, labels = _pools(index, questions, depth=4), tmp_path / "labels.jsonl"
    session = JudgingSession(pools, labels, "Ann")
    first = session.next()
    assert first is not None
    assert first.left == len(pools.of(first.question.id))
    session.label(first, True)
    again = JudgingSession(pools, labels, " Ann ")
    second = again.next()
    assert second is not None
    assert again.given == 1
    assert second.key != first.key
    assert second.question == first.question
    orders = set()
    for name in "ABCDEFGH":
        task = JudgingSession(pools, labels, name).next()
        assert task is not None
        orders.add(task.key)
    assert len(orders) > 1


def test_a_label_may_be_taken_back_and_a_passage_skipped(
    index: Index, questions: Path, tmp_path: Path
) -> None:
    labels = tmp_path / "labels.jsonl"
    session = JudgingSession(_pools(index, questions), labels, "Ann")
    task = session.next()
    assert task is not None
    session.label(task, True)
    assert session.undo()
    assert not session.undo()
    assert session.next() == task
    assert read_labels(labels) == {}
    assert len(labels.read_text("utf-8").splitlines()) == 2  # nothing is ever removed
    session.skip(task)
    after = session.next()
    assert after is not None
    assert after.key != task.key
    with pytest.raises(BadSetting, match="needs a name"):
        JudgingSession(_pools(index, questions), labels, "  ")


def test_kappa_by_hand() -> None:
    """Of 10 passages 4 yes and 3 no in common: p 0.7; e 0.6 * 0.5 + 0.4 * 0.5 = 0.5."""
    first = [True] * 6 + [False] * 4
    second = [True] * 4 + [False] * 2 + [True] + [False] * 3
    assert kappa(first, second) == pytest.approx((0.7 - 0.5) / 0.5)
    assert kappa(first, first) == 1.0
    assert math.isnan(kappa([True], [True]))
    assert math.isnan(kappa([], []))


def test_only_what_both_judged_counts_for_their_agreement() -> None:
    keys = [("q", "a", str(number)) for number in range(4)]
    judges = {
        "Bea": dict(zip(keys, (True, False, True, True), strict=True)),
        "Ann": dict(zip(keys[:2], (True, True), strict=True)),
    }
    [found] = agreements(judges)
    assert (found.first, found.second, found.passages, found.agreed) == ("Ann", "Bea", 2, 0.5)
    assert majority(judges.values()) == {keys[0]: True, keys[1]: None, keys[2]: True, keys[3]: True}


def test_a_line_that_is_no_label_is_named(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    append_label(path, Label("q", "a", "text", "Ann", True, "today"))
    path.write_text(path.read_text("utf-8") + "{}\n", "utf-8")
    with pytest.raises(BadQuestions, match="line 2: no label"):
        read_labels(path)


def _judge(index: Index, *arguments: str | Path, answer: Callable[[str], str]) -> Sequence[str]:
    """Run the command; `answer` gets what was shown last."""
    import argparse

    parser = argparse.ArgumentParser()
    add_options(parser)
    said: list[str] = []
    options = parser.parse_args([*map(str, arguments)])
    status = judge(options, lambda folder: index, lambda asked: answer(said[-1]), said.append)
    return [*said, str(status)]


def test_two_judges_at_the_terminal_make_quotes(
    index: Index, questions: Path, tmp_path: Path
) -> None:
    labels, out = tmp_path / "labels.jsonl", tmp_path / "judged.jsonl"
    given = ("--questions", questions, "--labels", labels, "--settings", "bm25", "--depth", "2")

    def right(shown: str) -> str:
        return "y" if any(words in shown for words in RIGHT.values()) else "n"

    assert _judge(index, "--judge", "Ann", *given, answer=right)[-3:-1] == [
        "Nothing is left to judge.",
        "5 labels by Ann",
    ]
    _judge(index, "--judge", "Bea", *given, answer=right)
    table, status = _judge(index, "--agreement", "--labels", labels, answer=right)
    assert table.splitlines()[1].split() == ["Ann", "Bea", "5", "1.000", "1.000"]
    said, status = _judge(index, "--write", out, *given, answer=right)
    assert "2 quotes added, 1 removed; 0 questions left as they were" in said
    assert status == "0"
    green, caffeine = read_questions(out)
    assert [each.quote for each in green.relevant] == ["Green tea is not fermented. It is bitter."]
    assert [each.quote for each in caffeine.relevant] == [
        "A cup of coffee holds 95 mg of caffeine."
    ]
    assert green.pooled
    assert green.kind == "direct"
    with pytest.raises(BadSetting, match="exists already"):
        _judge(index, "--write", out, *given, answer=right)


def test_questions_that_lack_labels_or_have_a_tie_are_left_as_they_are(
    index: Index, questions: Path, tmp_path: Path
) -> None:
    labels, out = tmp_path / "labels.jsonl", tmp_path / "judged.jsonl"
    given = ("--questions", questions, "--labels", labels, "--settings", "bm25", "--depth", "2")
    _judge(index, "--judge", "Ann", *given, answer=lambda shown: "y")
    _judge(index, "--judge", "Bea", *given, answer=lambda shown: "n" if "green" in shown else "s")
    said, status = _judge(index, "--write", out, *given, answer=lambda shown: "")
    assert status == "1"
    asked = tmp_path / "asked.jsonl"
    asked.write_text(json.dumps({**QUESTIONS[1], "id": "new"}) + "\n", "utf-8")
    more = ("--write", tmp_path / "none.jsonl", "--questions", asked, *given[2:])
    nothing, status = _judge(index, *more, answer=lambda shown: "")
    assert nothing.startswith("nothing is written: every question has passages that nobody judged")
    assert not (tmp_path / "none.jsonl").exists()
    assert "1 questions left as they were (labels lacking, or judges tie on 3 passages)" in said
