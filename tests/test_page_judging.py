"""The judging page and the history on the evaluation page."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from passages.evaluation.files.history import FILE
from passages.evaluation.judging.labels import read_labels
from passages.page import state as server
from passages.page.parts.local_browser import is_local
from passages.page.serving.asgi import SCRIPT
from passages.page.settings import settings
from tests.support.site import until

WHO = "who must not take ketamine?"
QUESTION = {
    "id": "a",
    "question": WHO,
    "kind": "direct",
    "pooled": True,
    "relevant": [{"quote": "such as glaucoma, heart disease"}],
}


@pytest.mark.parametrize(
    ("address", "headers", "is_one"),
    [
        (None, {"Host": "localhost:8501"}, True),
        ("127.0.0.1", {"Host": "127.0.0.1:8501"}, True),
        ("::1", {"host": "[::1]:8501"}, True),
        (None, {}, True),
        ("192.168.1.7", {"Host": "localhost:8501"}, False),
        (None, {"Host": "passages.example"}, False),
        (None, {"Host": "passages.example:8501"}, False),
        (None, {"Host": "localhost", "X-Forwarded-For": "203.0.113.9"}, False),
        (None, {"Host": "localhost", "Forwarded": "for=203.0.113.9"}, False),
    ],
)
def test_only_a_browser_on_this_machine_is_the_operators(
    address: str | None, headers: dict[str, str], is_one: bool
) -> None:
    assert is_local(address, headers) == is_one


@pytest.fixture
def index(real_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "index"
    shutil.copytree(real_index, folder)
    questions = tmp_path / "questions.jsonl"
    questions.write_text(json.dumps(QUESTION) + "\n", encoding="utf-8")
    monkeypatch.setenv("PASSAGES_INDEX", str(folder))
    monkeypatch.setenv("PASSAGES_QUESTIONS", str(questions))
    return folder


def _visit(page: str) -> AppTest:
    at = AppTest.from_file(str(SCRIPT), default_timeout=120)
    at.run()
    at.switch_page(str(SCRIPT.with_name("screens") / f"{page}_page.py"))
    at.run()
    assert not at.exception
    return at


def _words(at: AppTest) -> str:
    return " ".join(each.value for each in at.html if "<style" not in each.value)


@pytest.mark.real_model
def test_a_judge_labels_in_the_browser(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSAGES_JUDGING", str(tmp_path / "judging"))
    assert "Judging is for a browser on the machine" in _words(_visit("judging"))  # whose it is not
    monkeypatch.setattr("passages.page.parts.local_browser.is_local", lambda *_: True)
    at = _visit("judging")
    at.text_input(key="judge").input("Ann").run()
    assert WHO in _words(at)
    at.button(key="yes").click().run()
    at.button(key="no").click().run()
    assert not at.exception
    labels = tmp_path / "judging" / "labels.jsonl"
    assert sorted(read_labels(labels)["Ann"].values()) == [False, True]
    at.button(key="undo").click().run()
    assert list(read_labels(labels)["Ann"].values()) == [True]
    assert "1 label by Ann" in _words(at)


@pytest.mark.real_model
def test_measures_of_two_snapshots_are_drawn_and_words_have_their_reliability(index: Path) -> None:
    until(lambda: server.live().index is not None, "the index is not loaded")
    opened = server.live().index
    assert opened is not None
    server.measurer().start(opened, settings().questions)
    until(lambda: not server.measurer().running, "the questions are not asked", 60)
    at = _visit("evaluate")
    assert "How often a word is right" in _words(at)
    assert "By snapshot" not in _words(at)
    path = index / FILE
    made = json.loads(path.read_text("utf-8"))
    older = {**made, "snapshot": "20260101T000000.000000Z-00000000"}
    older["created"] = "2026-01-01T00:00:00+00:00"
    path.write_text(json.dumps(older) + "\n" + json.dumps(made) + "\n", "utf-8")
    assert "By snapshot" in _words(_visit("evaluate"))
