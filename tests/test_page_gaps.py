"""What readers asked in vain: kept only in a named folder, grouped, shown to operators alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from passages.cli.main import run
from passages.page.gaps.groups import gaps
from passages.page.gaps.log import Asked, QuestionLog
from passages.page.parts.operators import Access
from passages.page.serving.asgi import SCRIPT
from passages.search.searcher import Index

TODAY = date(2026, 11, 25)
BREAD = "how do I bake bread?"


@pytest.fixture
def log(tmp_path: Path) -> QuestionLog:
    return QuestionLog(tmp_path / "gaps", 30)


def test_a_line_has_the_day_and_the_question_and_nothing_personal(log: QuestionLog) -> None:
    log.add("I am ann@clinic.example, call +49 170 123 45 67: 0.5 mg?", "not found", TODAY)
    assert log.path.read_text("utf-8") == (
        '{"day": "2026-11-25", "question": "I am … call …: 0.5 mg?", "verdict": "not found"}\n'
    )


def test_what_is_older_is_neither_read_nor_kept(log: QuestionLog) -> None:
    log.add("old", "not found", date(2026, 10, 1))
    log.add("new", "not found", TODAY)
    assert [asked.question for asked in log.read(TODAY)] == ["new"]
    log.drop_old()
    assert "old" not in log.path.read_text("utf-8")


def test_a_line_that_was_cut_off_is_passed_over(log: QuestionLog) -> None:
    log.add("whole", "related", TODAY)
    with log.path.open("a", encoding="utf-8") as stream:
        stream.write('{"day": "2026-11-2')
    assert [asked.question for asked in log.read(TODAY)] == ["whole"]


def test_erasing_leaves_nothing(log: QuestionLog) -> None:
    log.add("one", "related", TODAY)
    log.add("two", "related", TODAY)
    assert log.erase() == 2
    assert list(log.folder.iterdir()) == []
    assert log.read(TODAY) == []


def test_questions_on_one_matter_are_one_gap_the_most_pressing_first(
    index_folder: Path, open_toy: Callable[[Path], Index]
) -> None:
    asked = [
        *(
            Asked("d", text, "not found")
            for text in ("zebra milk tea", "Zebra milk tea?", "zebra milk")
        ),
        Asked("d", "are coffee beans roasted", "answered"),
        Asked("d", "are coffee beans roasted", "unhelpful"),
        Asked("d", "is green tea bitter", "answered"),
    ]
    zebra, beans = gaps(asked, open_toy(index_folder))
    assert zebra.questions == ("zebra milk tea", "zebra milk")
    assert (zebra.times, zebra.not_found, zebra.unhelpful) == (3, 3, 0)
    assert zebra.absent == ("zebra", "milk")
    assert zebra.sentence == "3 questions like “zebra milk tea”; no article speaks of zebra, milk"
    assert (beans.times, beans.unhelpful, beans.nearest) == (1, 1, ("Coffee", "Beans"))


def test_an_operator_is_one_of_those_whom_the_proxy_names() -> None:
    access = Access(header="X-Forwarded-User", users=("ann", "bea"))
    assert access.is_set
    assert access.knows({"x-forwarded-user": "bea"})
    assert not access.knows({"x-forwarded-user": "carl"})
    assert not access.knows({})
    assert not Access(header="X-Forwarded-User").is_set
    assert not Access().knows({"x-forwarded-user": ""})


@pytest.fixture
def page(real_index: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    monkeypatch.setenv("PASSAGES_INDEX", str(real_index))

    def visit(name: str = "search", **parameters: str) -> AppTest:
        at = AppTest.from_file(str(SCRIPT), default_timeout=60)
        at.run()
        at.switch_page(str(SCRIPT.with_name("screens") / f"{name}_page.py"))
        for key, value in parameters.items():
            at.query_params[key] = value
        at.run()
        assert not at.exception
        return at

    return visit


def _words(at: AppTest) -> str:
    return " ".join(each.value for each in at.html if "<style" not in each.value)


@pytest.mark.real_model
def test_nothing_is_kept_unless_a_folder_is_named(
    page: Callable[..., AppTest], tmp_path: Path
) -> None:
    assert "is kept for the editors" not in _words(page(q=BREAD))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.real_model
def test_a_question_is_kept_once_and_shown_behind_the_password_alone(
    page: Callable[..., AppTest], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSAGES_GAPS", str(tmp_path / "gaps"))
    at = page(q=BREAD)
    assert "is kept for the editors for 90 days" in _words(at)
    at.run()
    [line] = (tmp_path / "gaps" / "asked.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["question"] == BREAD
    assert json.loads(line)["verdict"] == "not found"
    closed = page("gaps")
    assert "Set <code>PASSAGES_PASSWORD" in _words(closed)
    assert "bread" not in _words(closed)
    monkeypatch.setenv("PASSAGES_PASSWORD", "green tea")
    at = page("gaps")
    at.text_input(key="password").set_value("black tea")
    at.button(key="open").click().run()
    assert "That is not the password" in _words(at)
    assert "bread" not in _words(at)
    at.text_input(key="password").set_value("green tea")
    at.button(key="open").click().run()
    assert "1 question like “how do i bake bread”; no article speaks of bake, bread" in _words(at)
    assert "90 days" in _words(at)
    at.checkbox(key="sure").check().run()
    at.button(key="erase").click().run()
    assert "No question was asked in vain" in _words(at)
    assert not (tmp_path / "gaps" / "asked.jsonl").exists()


@pytest.mark.real_model
def test_the_command_prints_a_table_and_erases(
    real_index: Path, log: QuestionLog, capsys: pytest.CaptureFixture[str]
) -> None:
    log.add(BREAD, "not found")
    told = ["--index", str(real_index), "--folder", str(log.folder)]
    assert run("gaps", told) == 0
    table = capsys.readouterr().out
    assert "    1        0          0  1 question like “how do i bake bread”" in table
    assert "nearest: Ketamine Dose for Depression" in table
    assert run("gaps", [*told, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["absent"] == ["bake", "bread"]
    assert run("gaps", [*told, "--erase"]) == 0
    assert "erased: 1 line in" in capsys.readouterr().out
    assert run("gaps", told) == 0
    assert capsys.readouterr().out == "No question was asked in vain.\n"
