"""Which messages call for the notice: 200 of distress, 200 harmless ones with the same words."""

from __future__ import annotations

from pathlib import Path

import pytest

from passages.page.parts.emergency import parse_phrase, stands_in, tokens
from passages.page.parts.notice import Notice, read_notice
from tests.conftest import ROOT

SHIPPED = read_notice(ROOT / "corpus" / "_notice.md")


def _messages(kind: str, hundred: int) -> list[str]:
    found, here = [], False
    for line in (ROOT / "tests" / "data" / "messages.txt").read_text("utf-8").splitlines():
        if line.startswith("## "):
            here = line.split()[1:3] == [kind, str(hundred)]
        elif here and line:
            found.append(line)
    return found


@pytest.mark.parametrize(("hundred", "recall", "alarms"), [(1, 1.0, 0), (2, 0.95, 2)])
def test_distress_is_seen_and_harmless_messages_are_left_alone(
    hundred: int, recall: float, alarms: int
) -> None:
    distress, harmless = _messages("distress", hundred), _messages("harmless", hundred)
    assert len(distress) == len(harmless) == 100
    assert sum(map(SHIPPED.fits, distress)) >= recall * len(distress)
    assert sum(map(SHIPPED.fits, harmless)) <= alarms


@pytest.mark.parametrize(
    ("phrase", "message", "stands"),
    [
        ("can't breathe", "I CANNOT breathe", True),
        ("can't breathe", "i cant, breathe", True),
        ("can't breathe", "I can't. Breathe", False),
        ("want to ... die", "i wanna just die", True),
        ("want to ... die", "I want to see if they can die", False),
        ("suicidal", "im sucidal", True),
        ("hurt myself", "hunt myself", False),
        ("took ##", "took 30 of them", True),
        ("took ##", "took 2 of them", False),
        ("go on $", "I can't go on!", True),
        ("go on $", "go on holiday", False),
        ("{them} is choking", "my son is choking", True),
        ("kill myself", "kill my self", True),
        ("Überdosis genommen", "ueberdosis nein, überdosis genommen", True),
    ],
)
def test_how_a_phrase_is_found(phrase: str, message: str, stands: bool) -> None:
    slots = parse_phrase(phrase, {"them": ["he", "son"]})
    assert (stands_in(slots, tokens(message)) is not None) is stands


def test_examples_add_to_the_phrases() -> None:
    notice = Notice((), "", (), ("the last night",), ("a good night",))
    near = {"the last night": 0.95, "a good night": 0.7}
    assert notice.is_near("x", lambda _, examples: near[examples[0]])
    near["a good night"] = 0.945
    assert not notice.is_near("x", lambda _, examples: near[examples[0]])
    near.update({"the last night": 0.6, "a good night": 0.1})
    assert not notice.is_near("x", lambda _, examples: near[examples[0]])


def test_no_notice_is_shown_where_none_is_named(tmp_path: Path) -> None:
    from passages.page.settings import notice_of

    assert notice_of(tmp_path) is None
    (tmp_path / "_notice.md").write_text("---\nphrases: [help]\n---\nCall", encoding="utf-8")
    assert notice_of(tmp_path) == tmp_path / "_notice.md"
