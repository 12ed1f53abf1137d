"""Progress in a log: a line every ten seconds, and nothing of what takes less."""

from __future__ import annotations

import io

from passages.cli.progress import ProgressBar


def test_a_log_gets_a_line_every_ten_seconds() -> None:
    log, now = io.StringIO(), [0.0]
    with ProgressBar("texts", log, lambda: now[0]) as progress:
        for second in range(26):
            now[0] = float(second)
            progress.show(second * 40, 2000)
    assert log.getvalue().splitlines() == [
        "400 of 2,000 texts (20%), 40 s left",
        "800 of 2,000 texts (40%), 30 s left",
    ]


def test_each_stage_of_a_command_counts_for_itself() -> None:
    log, now = io.StringIO(), [0.0]
    with ProgressBar("texts", log, lambda: now[0]) as progress:
        read = progress.of("files")
        for second, show, done in (
            (10, read, 5),
            (19, read, 10),
            (39, progress.show, 1),
            (59, progress.show, 2),  # 40 seconds for two
            (60, progress.show, 1),  # and again, of something else
            (79, progress.show, 2),
        ):
            now[0] = float(second)
            show(done, 10)
    assert log.getvalue().splitlines() == [
        "5 of 10 files (50%), 10 s left",
        "1 of 10 texts (10%), 180 s left",
        "2 of 10 texts (20%), 160 s left",
        "2 of 10 texts (20%), 80 s left",
    ]


def test_a_log_is_not_told_that_a_stage_has_ended() -> None:
    log, now = io.StringIO(), [0.0]
    with ProgressBar("texts", log, lambda: now[0]) as progress:
        now[0] = 30.0  # a slow machine took so long to load what the stage needs
        progress.show(2, 2)
    assert log.getvalue() == ""


def test_a_terminal_gets_a_bar_and_no_lines() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    with ProgressBar("texts", terminal) as progress:
        progress.show(3, 4)
    assert "0 texts" in terminal.getvalue()
    assert "left" not in terminal.getvalue()
