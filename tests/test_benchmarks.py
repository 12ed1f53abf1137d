"""Running the benchmarks together: what is skipped, and which figures are told to differ."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.__main__ import BENCHMARKS, ROOT, Benchmark, differences, main

TABLE = "| build | seconds |\n|---|---|\n| full | 127.9 | |\n| one article changed | 3.5 | 1/36 |\n"


def test_a_figure_beyond_the_tolerance_is_named_with_both_values() -> None:
    output = "build   seconds\nfull    64.0\none article changed   3.7  1/36\nnew row   5\n"
    assert list(differences(output, TABLE)) == ["full: 64, the table says 127.9"]


def test_a_figure_within_the_tolerance_is_none() -> None:
    assert list(differences("full 140.2\n", TABLE)) == []


def test_what_is_missing_is_named() -> None:
    needs = Benchmark(("x",), packages=("json", "no_such_package"), files=("README.md", "none"))
    assert needs.missing([]) == ["no_such_package", "none"]
    needs = Benchmark(("x",), files=(), data="books")
    assert needs.missing([]) == ["a folder of books (--on)"]
    assert needs.missing(["shelf"]) == []


def test_every_benchmark_is_there() -> None:
    for benchmark in BENCHMARKS.values():
        *_, name = [word for word in benchmark.command if not word.startswith("-")][:1]
        path = name if name.endswith(".py") else f"{name.replace('.', '/')}.py"
        assert (ROOT / path).is_file()


def test_a_folder_is_handed_on(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    shown = {"show": Benchmark(("-c", "import sys; print(sys.argv[1:])"), files=(), data="books")}
    assert main(["show"], shown) == 0
    assert "skipped, needs a folder of books" in capfd.readouterr().out
    assert main(["show", "--on", "show", str(tmp_path)], shown) == 0
    assert str([str(tmp_path)]) in capfd.readouterr().out


def test_one_that_fails_is_named_and_the_others_run(capfd: pytest.CaptureFixture[str]) -> None:
    two = {
        "bad": Benchmark(("-c", "raise SystemExit(3)"), files=()),
        "good": Benchmark(("-c", "print('full 1.0')"), files=()),
    }
    assert main(["all"], two) == 1
    shown = capfd.readouterr().out
    assert "failed: bad" in shown
    assert "good: full: 1, the table says 127.9" in shown
