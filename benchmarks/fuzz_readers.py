"""Damaged files of every kind, read one after the other: `python -m benchmarks.fuzz_readers`.

Each must end as an article of which all holds that `tests/support/invariants.py` knows, or in a
refusal: an UnreadableFile with a message of one line. Anything else is a finding:
another exception, more CPU time or memory than the limits below, the death of the process. Files
are read in a child process, and a file is the same for the same seed and number, so every finding
can be had again: `--kind html --seed 1 --only 77 --keep folder` writes the file too.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import re
import resource
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import passages
from benchmarks.fuzz_seeds import KINDS, seeds
from benchmarks.mutations import mutated
from passages.articles.corpus import Article, Problem, SourceFile, read_article
from passages.errors import UnreadableFile
from tests.support.invariants import check_article, check_line, check_problems, check_text

_PACKAGE = Path(passages.__file__).resolve().parent
CPU_SECONDS = 5.0  # for one file of some 100 kB: reading it twice and cutting it
MEMORY = 1_500_000_000  # bytes of address space that a file may need
WALL_SECONDS = 300.0  # a child that waits for something else than the processor
MAX_TOKENS = 40
Look = Callable[[str, bytes], str]
"""A suffix and the bytes of a file -> what came of reading it."""
SHOWN = 12  # findings of one kind of file
HEAD = "kind    files   read  refused  failures         slowest  files/s"

_WORD = re.compile(r"\w+|[^\w\s]")


@dataclass
class Row:
    """What came of the files of one kind."""

    files: int = 0
    read: int = 0
    refused: int = 0
    failures: int = 0
    slowest: float = 0.0
    slowest_file: int = 0
    seconds: float = 0.0
    findings: Counter[str] = field(default_factory=Counter)
    first: dict[str, int] = field(default_factory=dict)


def main() -> int:
    """Exit status: 0 if nothing was found, else 1."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=10_000, help="over all kinds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", choices=[kind[1:] for kind in KINDS], help="one kind only")
    parser.add_argument("--only", type=int, help="the file of this number only")
    parser.add_argument("--keep", type=Path, help="folder for the files of findings")
    args = parser.parse_args()
    kinds = [f".{args.kind}"] if args.kind else list(KINDS)
    failures = 0
    print(HEAD)
    for kind in kinds:
        numbers = range(args.files // len(kinds)) if args.only is None else [args.only]
        row = fuzz(kind, args.seed, numbers, args.keep)
        _print(kind, row, args.seed)
        failures += row.failures
    return int(failures > 0)


def file_of(kind: str, seed: int, number: int, whole: Sequence[bytes]) -> bytes:
    """The damaged file of this number."""
    return mutated(kind, whole, random.Random(f"{seed} {kind} {number}"))


def fuzz(
    kind: str,
    seed: int,
    numbers: Iterable[int],
    keep: Path | None,
    *,
    look: Look | None = None,
    seconds: float = CPU_SECONDS,
) -> Row:
    """Read the files of these numbers in a child process, a new one after each that dies.

    Args:
        kind: a suffix, `.md`.
        seed: other files for another number.
        numbers: of the files.
        keep: a folder for the first file of each finding.
        look: reads one file and says what came of it; by default `look_at`.
        seconds: of computing that one file may take.
    """
    row, whole = Row(), seeds(kind)
    new_child = partial(_Child, kind, seed, look or look_at, seconds)
    child = new_child()
    for number in numbers:
        outcome, taken = child.ask(number)
        if not child.is_alive:
            child = new_child()
        row.files += 1
        row.seconds += taken
        if taken > row.slowest:
            row.slowest, row.slowest_file = taken, number
        if outcome in ("read", "refused"):
            setattr(row, outcome, getattr(row, outcome) + 1)
            continue
        row.failures += 1
        row.findings[outcome] += 1
        if row.findings[outcome] == 1:
            row.first[outcome] = number
            if keep is not None:
                keep.mkdir(parents=True, exist_ok=True)
                data = file_of(kind, seed, number, whole)
                (keep / f"{seed}-{number}{kind}").write_bytes(data)
    child.end()
    return row


class _Child:
    """A process that reads the files it is asked to."""

    def __init__(self, kind: str, seed: int, look: Look, seconds: float) -> None:
        context = multiprocessing.get_context("fork")
        self._pipe, other = context.Pipe()
        given = other, kind, seed, look, seconds
        self._process = context.Process(target=_answer, args=given, daemon=True)
        self._seconds = seconds
        self._process.start()
        other.close()
        self.is_alive = True

    def ask(self, number: int) -> tuple[str, float]:
        """What became of the file, and how many seconds that took."""
        self._pipe.send(number)
        try:
            if self._pipe.poll(WALL_SECONDS):
                outcome, seconds = self._pipe.recv()
                return outcome, seconds
            outcome = f"no answer within {WALL_SECONDS:.0f} s"
        except EOFError:
            self._process.join()
            status = self._process.exitcode or 0
            name = signal.Signals(-status).name if status < 0 else f"status {status}"
            outcome = f"more than {self._seconds:.0f} s" if name == "SIGVTALRM" else f"died: {name}"
        self._process.kill()
        self.is_alive = False
        return outcome, self._seconds

    def end(self) -> None:
        self._pipe.send(None)
        self._process.join()


def _answer(pipe: Connection, kind: str, seed: int, look: Look, seconds: float) -> None:
    """Read files as long as numbers come in."""
    used = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))
    whole = seeds(kind)
    signal.signal(signal.SIGVTALRM, signal.SIG_DFL)
    while (number := pipe.recv()) is not None:
        data = file_of(kind, seed, number, whole)
        started = sum(os.times()[:4])  # a reader may have a process of its own
        # Counts the process's own time and ends it, within a library too; other load is no matter.
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
        outcome = look(kind, data)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        pipe.send((outcome, sum(os.times()[:4]) - started))


def look_at(
    kind: str,
    data: bytes,
    read: Callable[[SourceFile, bytes], tuple[Article, list[Problem]]] = read_article,
) -> str:
    """Read it: "read", "refused", or what is wrong with how the file was read."""
    source = SourceFile("fuzz", f"fuzz{kind}", Path(f"fuzz{kind}"), len(data), 0)
    try:
        try:
            article, problems = read(source, data)
        except UnreadableFile as error:
            check_line(str(error))
            return "refused"
        assert read(source, data) == (article, problems), "read twice, and not the same"
        check_problems(problems)
        check_text(article)
        check_article(article, count_tokens, MAX_TOKENS)
    except Exception as error:  # whatever it is, it is a finding
        frames = [f for f in traceback.extract_tb(error.__traceback__) if _is_ours(f.filename)]
        place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "invariants"
        return f"{type(error).__name__} at {place}: {str(error).splitlines()[:1]}"[:200]
    return "read"


def _is_ours(file: str) -> bool:
    """Whether the code stands in the package; a clone's own folder may have the same name."""
    return Path(file).resolve().is_relative_to(_PACKAGE)


def count_tokens(texts: Sequence[str]) -> list[int]:
    """Words, each of six letters or part of them, and marks, as an encoder's word pieces."""
    return [2 + sum(-(-len(word) // 6) for word in _WORD.findall(text)) for text in texts]


def _print(kind: str, row: Row, seed: int) -> None:
    slowest = f"{row.slowest:.2f} s ({row.slowest_file})"
    speed = row.files / row.seconds if row.seconds else 0
    print(
        f"{kind:<6}{row.files:>7,}{row.read:>7,}{row.refused:>9,}{row.failures:>10,}"
        f"{slowest:>16}{speed:>9.0f}"
    )
    for finding, count in row.findings.most_common(SHOWN):
        again = f"--kind {kind[1:]} --seed {seed} --only {row.first[finding]}"
        print(f"    {count} x {finding}\n        {again}")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
