"""Every benchmark, one after the other: `python -m benchmarks all [--quick] [--on NAME FOLDER]`.

Each runs in a process of its own. One that needs data or packages which are missing is skipped, and
named with what it needs: `--on` names the folder of data that is not part of the project. The last
lines say which rows of the tables differ from `README.md`.
"""

from __future__ import annotations

import argparse
import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
TABLES = ROOT / "benchmarks" / "README.md"
TOLERANCE = 0.2
"""Share by which a figure may differ: the speed of a virtual machine does so from hour to hour."""

_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
_LABEL = re.compile(r"[A-Za-z][^|\d]*")


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A command; `quick` are the options of a short run, `packages` and `files` what it needs.

    `data` says what is in the folder that must be named, where one must.
    """

    command: tuple[str, ...]
    quick: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    files: tuple[str, ...] = ("index/CURRENT",)
    data: str = ""

    def missing(self, folders: Sequence[str]) -> list[str]:
        """What it needs and this machine does not have."""
        data = [f"a folder of {self.data} (--on)"] if self.data and not folders else []
        packages = [name for name in self.packages if importlib.util.find_spec(name) is None]
        return data + packages + [name for name in self.files if not (ROOT / name).exists()]


def _module(name: str) -> tuple[str, ...]:
    return ("-m", f"benchmarks.{name}")


BENCHMARKS = {
    "evaluate": Benchmark(("evaluate.py", "--half", "test")),
    "encoder": Benchmark(_module("encoder"), ("--rounds", "1")),
    "questions": Benchmark(_module("questions"), ("--rounds", "1")),
    "cold_start": Benchmark(_module("cold_start"), ("--rounds", "1"), ("playwright",)),
    "first_paint": Benchmark(_module("first_paint"), ("--rounds", "1"), ("playwright",)),
    "rebuild": Benchmark(_module("rebuild"), ("--articles", "20"), files=()),
    "scale": Benchmark(_module("scale"), ("--passages", "10000", "--questions", "50"), files=()),
    "load": Benchmark(_module("load"), ("--sessions", "2", "--asks", "2"), ("websockets",)),
    "load_api": Benchmark(_module("load_api"), ("--clients", "4", "--seconds", "5")),
    "fit_scoring": Benchmark(_module("fit_scoring")),
    "fit_late": Benchmark((*_module("fit_late"), "index=evaluation/questions.jsonl")),
    "markup": Benchmark(
        _module("markup"),
        ("--show", "0"),
        ("markdown", "pymdownx"),
        files=(),
        data="Markdown that others wrote",
    ),
    "cutting": Benchmark(_module("cutting"), ("--tokens", "256"), files=()),
    "xquad": Benchmark(_module("xquad"), ("--questions", "50"), files=(), data="XQuAD"),
    "html_readers": Benchmark(
        _module("html_readers"), packages=("readability", "resiliparse", "trafilatura"), files=()
    ),
    "fuzz_readers": Benchmark(_module("fuzz_readers"), ("--files", "100"), ("lxml",), files=()),
}


def main(
    arguments: Sequence[str] | None = None, benchmarks: Mapping[str, Benchmark] = BENCHMARKS
) -> int:
    """Exit status: 0 if all that ran ended well, else 1."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="+", choices=["all", *benchmarks], metavar="all|NAME")
    parser.add_argument(
        "--on", nargs=2, action="append", default=[], metavar=("NAME", "FOLDER"), help="data"
    )
    parser.add_argument("--quick", action="store_true", help="small sizes; no figure is compared")
    options = parser.parse_args(arguments)
    names = list(benchmarks) if "all" in options.names else options.names
    table = TABLES.read_text(encoding="utf-8")
    failed, differ = [], []
    for name in names:
        benchmark = benchmarks[name]
        folders = [str(Path(folder).resolve()) for of, folder in options.on if of == name]
        if missing := benchmark.missing(folders):
            print(f"\n== {name}: skipped, needs {', '.join(missing)}", flush=True)
            continue
        command = [*benchmark.command, *folders, *(benchmark.quick if options.quick else ())]
        print(f"\n== {name}: python {' '.join(command)}", flush=True)
        ended, output = _run(command)
        failed += [name] if ended else []
        if not options.quick:
            differ += [f"{name}: {line}" for line in differences(output, table)]
    print("\n== summary")
    if options.quick:
        print("a quick run: no figure was compared")
    else:
        print("\n".join(differ) if differ else "no figure was found to differ from the tables")
    print(f"failed: {', '.join(failed)}" if failed else "all that ran ended well")
    return int(bool(failed))


def _run(command: Sequence[str]) -> tuple[int, str]:
    """Run a Python command and show its output as it comes; its status and its output."""
    lines = []
    with subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            lines.append(line)
    return process.returncode, "".join(lines)


def differences(output: str, table: str) -> Iterator[str]:
    """Rows of the output that the table has under the same label with other numbers.

    `full 140.2` against `| full | 127.9 | |` is within the tolerance, `full 20.0` is not. A row
    is compared as far as both have numbers.
    """
    known = {label: numbers for label, numbers in _rows(table) if numbers}
    for label, numbers in _rows(output):
        pairs = list(zip(numbers, known.get(label, ()), strict=False))
        if any(abs(now - then) > TOLERANCE * max(abs(now), abs(then)) for now, then in pairs):
            now, then = (" ".join(f"{pair[side]:g}" for pair in pairs) for side in (0, 1))
            yield f"{label}: {now}, the table says {then}"


def _rows(text: str) -> Iterator[tuple[str, list[float]]]:
    """The label of each line that has one, and the numbers behind it."""
    for line in text.splitlines():
        row = line.strip().strip("|").strip()
        if label := _LABEL.match(row):
            rest = row[label.end() :]
            yield label[0].strip(" :`*"), [float(n.replace(",", "")) for n in _NUMBER.findall(rest)]


if __name__ == "__main__":
    raise SystemExit(main())
