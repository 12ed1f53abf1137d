"""Progress in a log: a line every ten seconds, and nothing of what takes less."""

from __future__ import annotations

import io

from passages.cli.progress import Progress


def test_a_log_gets_a_line_every_ten_seconds() -> None:
    log, now = io.StringIO(), [0.0]
    with Progress("texts", log, lambda: now[0]) as progress:
        for second in range(26):
            now[0] = float(second)
            progress.show(second * 40, 2000)
    assert log.getvalue().splitlines() == [
        "400 of 2,000 texts (20%), 40 s left",
        "800 of 2,000 texts (40%), 30 s left",
    ]


def test_a_terminal_gets_a_bar_and_no_lines() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    with Progress("texts", terminal) as progress:
        progress.show(3, 4)
    assert "0 texts" in terminal.getvalue()
    assert "left" not in terminal.getvalue()
