"""What the outermost handler of the commands makes of errors: one sentence, or a logged bug."""

from __future__ import annotations

import logging

import pytest

import passages
from passages import PassagesError
from passages.cli.main import COMMANDS, ended

UNDONE = {command.undone for command in COMMANDS.values()}


def _failing(error: Exception) -> int:
    raise error


@pytest.mark.parametrize("undone", sorted(UNDONE))
@pytest.mark.parametrize(
    "kind",
    [
        getattr(passages, name)
        for name in passages.errors.__dict__
        if name in dir(passages) and isinstance(getattr(passages.errors, name), type)
    ],
)
def test_what_the_user_can_put_right_is_one_sentence_and_status_2(
    kind: type[PassagesError],
    undone: str,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert ended(lambda: _failing(kind("no index in here: build it")), undone) == 2
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", f"{undone}no index in here: build it\n")
    assert caplog.records == []


@pytest.mark.parametrize("undone", sorted(UNDONE))
@pytest.mark.parametrize("bug", [ValueError("a bug"), OSError("a bug"), IndexError("a bug")])
def test_a_bug_is_logged_with_its_traceback_and_status_2(
    bug: Exception,
    undone: str,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert ended(lambda: _failing(bug), undone) == 2
    printed = capsys.readouterr()
    sentence = "Something went wrong. Please report the lines above.\n"
    assert (printed.out, printed.err) == ("", undone + sentence)
    [logged] = caplog.records
    assert logged.levelno == logging.ERROR
    assert logged.exc_info is not None
    assert logged.exc_info[1] is bug


def test_a_build_that_fails_says_that_nothing_was_published() -> None:
    assert COMMANDS["build"].undone == "nothing published: "
