"""What the outermost handler of the commands makes of errors: one sentence, or a logged bug."""

from __future__ import annotations

import argparse
import importlib
import logging

import pytest

from passages import PassagesError
from passages.cli.main import COMMANDS, run


@pytest.fixture(params=COMMANDS)
def command(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A command of this name, with one option: what it raises."""
    name: str = request.param

    def fail(options: argparse.Namespace) -> int:
        raise options.error

    def add_options(parser: argparse.ArgumentParser) -> None:
        parser.set_defaults(error=request.node.get_closest_marker("raised").args[0])

    module = importlib.import_module(COMMANDS[name].module)
    for part in (fail, add_options):
        monkeypatch.setattr(module, {"fail": "run"}.get(part.__name__, part.__name__), part)
    return name


@pytest.mark.raised(PassagesError("no index in here: build it"))
def test_what_the_user_can_put_right_is_one_sentence_and_status_2(
    command: str, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    assert run(command, []) == 2
    printed = capsys.readouterr()
    assert printed.err == f"{COMMANDS[command].undone}no index in here: build it\n"
    assert (printed.out, caplog.records) == ("", [])


@pytest.mark.raised(ValueError("a bug"))
def test_a_bug_is_logged_with_its_traceback_and_status_2(
    command: str, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    assert run(command, []) == 2
    printed = capsys.readouterr()
    sentence = "Something went wrong. Please report the lines above.\n"
    assert (printed.out, printed.err) == ("", COMMANDS[command].undone + sentence)
    [logged] = caplog.records
    assert logged.levelno == logging.ERROR
    assert logged.exc_info is not None
    assert repr(logged.exc_info[1]) == "ValueError('a bug')"


def test_a_build_that_fails_says_that_nothing_was_published() -> None:
    assert COMMANDS["build"].undone == "nothing published: "
