"""The `passages` command: its first word names a command, or begins a question."""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import NamedTuple, TextIO

from passages.errors import PassagesError
from passages.extras import needs
from passages.version import VERSION

FAILED = 2
"""Exit status of a command that did not do what it was asked, whatever the reason."""

QUIET_END = 128 + 13
"""Exit status where the reader of a pipe is gone: what a shell shows for SIGPIPE."""


logger = logging.getLogger(__name__)


class _Command(NamedTuple):
    """A module with `add_options(parser)` and `run(options) -> int`, imported when it is called."""

    module: str
    summary: str
    undone: str = ""  # said before the reason where the command fails
    extra: str = ""  # what it needs beside the base


COMMANDS = {
    "ask": _Command("passages.cli.ask", "answer a question from the index"),
    "build": _Command("passages.cli.build", "build or refresh the index", "nothing published: "),
    "check": _Command("passages.cli.check", "say whether the index is whole and up to date"),
    "evaluate": _Command(
        "passages.cli.evaluate", "measure the index with judged questions", extra="evaluate"
    ),
    "gaps": _Command("passages.cli.gaps", "say what readers asked in vain"),
    "import": _Command(
        "passages.cli.evaluating.importing", "import a test collection", "nothing imported: "
    ),
    "judge": _Command("passages.cli.evaluating.judging", "judge which passages answer"),
    "mcp": _Command(
        "passages.cli.serving.mcp", "serve the articles to assistants, by MCP", extra="mcp"
    ),
    "serve": _Command("passages.cli.serving.serve", "serve the page and the HTTP API"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `passages COMMAND …`, or `passages "QUESTION" …`, which is `passages ask`.

    Args:
        arguments: what follows the program's name; by default the process's own.

    Returns:
        The exit status of the command.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words and words[0] in COMMANDS:
        return run(words[0], words[1:], f"passages {words[0]}")
    if not words or words[0] in ("-h", "--help", "--version"):
        return ended(lambda: _overview(words))
    return run("ask", words, "passages ask")


def run(name: str, arguments: Sequence[str] | None = None, program: str | None = None) -> int:
    """Run one command.

    Args:
        name: a key of `COMMANDS`.
        arguments: its options; by default the process's own.
        program: what its help calls it; by default the script that was started.

    Returns:
        The exit status of the command.
    """
    return ended(lambda: _run(name, arguments, program), COMMANDS[name].undone)


def _run(name: str, arguments: Sequence[str] | None, program: str | None) -> int:
    module, extra = COMMANDS[name].module, COMMANDS[name].extra
    with needs(extra, f"`passages {name}`") if extra else nullcontext():
        command = importlib.import_module(module)
        parser = argparse.ArgumentParser(prog=program, description=command.__doc__)
        command.add_options(parser)
        status: int = command.run(parser.parse_args(arguments))
    return status


def _overview(words: Sequence[str]) -> int:
    if "--version" in words:
        print(f"passages {VERSION}")
        return 0
    print('usage: passages "QUESTION" | passages COMMAND …\n')
    print("\n".join(f"  {name:<10}{command.summary}" for name, command in COMMANDS.items()))
    print("\n`passages COMMAND --help` lists the options of a command.")
    return 0 if words else 2


def ended(command: Callable[[], int], undone: str = "") -> int:
    """The exit status of a command, whatever happens in it: the outermost handler of all commands.

    An error that the user can put right is one sentence; any other is a bug, logged with its
    traceback. The reader of the output may leave early (`passages … | head -1`).

    Args:
        command: what to run.
        undone: what to say before the reason where it fails.
    """
    for stream in (sys.stdout, sys.stderr):
        # A terminal or a pipe may not know every character of an article or of the question.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        try:
            return command()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
    except BrokenPipeError:
        # Python flushes once more when it exits, and would complain then.
        _discard(sys.stdout)
        _discard(sys.stderr)
        return QUIET_END
    except KeyboardInterrupt:
        return 128 + 2
    except PassagesError as error:
        print(f"{undone}{error}", file=sys.stderr)
        return FAILED
    except Exception:
        logger.exception("a fault in Passages")
        print(f"{undone}Something went wrong. Please report the lines above.", file=sys.stderr)
        return FAILED


def _discard(stream: TextIO) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
