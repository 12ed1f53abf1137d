"""Which messages call for the notice: 160 of distress, 160 harmless ones with the same words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from passages.opening import open_index
from passages.page.notice.emergency import parse_phrase, stands_in, tokens
from passages.page.notice.notice import Notice, read_notice
from tests.conftest import ROOT

WORDS = [f"{a}{b}" for a in "abcd" for b in "lmnop"]
SHIPPED = read_notice(ROOT / "corpus" / "_notice.md")


def _messages(kind: str, author: int) -> list[str]:
    found, here = [], False
    for line in (ROOT / "tests" / "data" / "messages.txt").read_text("utf-8").splitlines():
        if line.startswith("## "):
            here = line.split()[1:3] == [kind, str(author)]
        elif here and line:
            found.append(line)
    return found


@pytest.mark.parametrize(("author", "n", "seen"), [(1, 100, 1.0), (2, 60, 0.95)])
def test_distress_is_seen_and_harmless_messages_are_left_alone(
    author: int, n: int, seen: float, real_index: Path
) -> None:
    encode = open_index(real_index).encoder().encode_passages

    def calls(message: str) -> bool:
        return SHIPPED.fits(message) or SHIPPED.is_near(message, encode)

    distress, harmless = _messages("distress", author), _messages("harmless", author)
    assert len(distress) == len(harmless) == n
    assert sum(map(SHIPPED.fits, distress)) >= 0.9 * n  # before any model
    assert sum(map(calls, distress)) >= seen * n
    assert sum(map(calls, harmless)) <= 0.02 * n


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


def _vectors(texts: Sequence[str]) -> NDArray[np.float32]:
    """Two directions: of texts with and without the word "last"."""
    return np.array([[1, 0] if "last" in text else [0, 1] for text in texts], np.float32)


def test_examples_add_to_the_phrases() -> None:
    examples = tuple(f"tonight is my last night, number {word}" for word in WORDS)
    harmless = tuple(f"how much does a session cost, number {word}" for word in WORDS)
    notice = Notice((), "", (), examples, harmless)
    assert notice.fits("my last night")
    assert not notice.fits("how much does it cost")
    assert notice.is_near("the last", _vectors)
    assert not notice.is_near("the first", _vectors)
    assert not Notice((), "", (), examples[:19], harmless).fits("my last night")


def test_no_notice_is_shown_where_none_is_named(tmp_path: Path) -> None:
    from passages.page.settings import notice_of

    assert notice_of(tmp_path) is None
    (tmp_path / "_notice.md").write_text("---\nphrases: [help]\n---\nCall", encoding="utf-8")
    assert notice_of(tmp_path) == tmp_path / "_notice.md"
