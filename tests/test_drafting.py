"""Questions to start from: headings with the text below them, and what readers asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from passages.errors import BadQuestions
from passages.evaluation.asking import ask
from passages.evaluation.drafting.headings import from_headings
from passages.evaluation.drafting.log import from_log
from passages.evaluation.judgements import read_lines, read_questions, write_lines
from passages.evaluation.quotes import quote_finder
from passages.search.searcher import Index
from tests.conftest import build


def test_headings_become_questions_that_their_sections_answer(
    tmp_path: Path, open_toy: Callable[[Path], Index]
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    body = " ".join(f"Sentence {number} is about leaves." for number in range(12))
    (corpus / "tea.md").write_text(
        f"# Tea\n\nA drink.\n\n## Is it bitter?\n\nGreen tea is.\n\n## Leaves\n\n{body}\n", "utf-8"
    )
    build(corpus, tmp_path / "index")
    index = open_toy(tmp_path / "index")
    lines = from_headings(index)
    assert [(line["question"], line["kind"]) for line in lines] == [
        ("Is it bitter?", "faq"),
        ("Tea: Leaves", "heading"),
    ]
    assert lines[0]["relevant"] == [{"quote": "Green tea is.", "article": "tea"}]
    assert lines[1]["relevant"][0]["quote"] == body  # of several passages: all of the section
    path = tmp_path / "questions.jsonl"
    write_lines(path, lines)
    questions = read_questions(path)
    places = quote_finder(index).find(questions)
    run = ask(questions, places, lambda text: {"": index.search(text)})[""]
    first = [answered.first_relevant for answered in run]
    assert [hit and hit.passage.headings for hit in first] == [("Is it bitter?",), ("Leaves",)]


def test_a_log_becomes_questions_to_judge_the_most_frequent_first(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    asked = [{"question": "Is tea bitter?"}, {"question": "is  tea bitter?"}, {"other": 1}]
    log.write_text(
        "What is coffee?\n" + "".join(json.dumps(line) + "\n" for line in asked), "utf-8"
    )
    lines = from_log(log)
    assert [(line["question"], line["asked"]) for line in lines] == [
        ("Is tea bitter?", 2),
        ("What is coffee?", 1),
    ]
    path = tmp_path / "questions.jsonl"
    write_lines(path, lines)
    assert read_lines(path, unjudged=True)[0][0].text == "Is tea bitter?"
    with pytest.raises(BadQuestions, match="line 1: a question without `relevant`: judge it"):
        read_questions(path)
    log.write_text("\n")
    with pytest.raises(BadQuestions, match="holds no question"):
        from_log(log)
