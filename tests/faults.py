"""Runs builds that are killed, or find the disk full, at a chosen point.

A build runs in a fork of this process, which has imported everything and used nothing: so each of
hundreds of builds starts in milliseconds, and is killed for real.

    python -m tests.faults MODE CORPUS INDEX     prints one JSON line a point

MODE is `kill-at-file-operations`, `kill-at-calls` or `full-disk`.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from passages.build import build
from passages.encoding import Model
from passages.search import open_index
from passages.store import read_pointer
from tests.conftest import CALIBRATION, BagOfWords

QUESTION = "is green tea bitter or sweet"
CALL_POINTS = 60
_WRITES = ("open", "os.mkdir", "os.truncate")
_CHANGES = ("os.rename", "os.remove", "os.rmdir")


def main() -> None:
    mode, corpus, index = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    points = _in_child(lambda: _count(mode, corpus, _copied(index)))["count"]
    step = max(1, points // CALL_POINTS) if mode == "kill-at-calls" else 1
    for point in range(1, points + 1, step):
        work = _copied(index)
        fault = _in_child(lambda at=point, folder=work: _faulty(mode, at, corpus, folder))
        seen = _in_child(lambda folder=work: _look(folder))
        mended = _in_child(lambda folder=work: _mend(corpus, folder))
        print(json.dumps({"point": point, "fault": fault, "seen": seen, "mended": mended}))


def _copied(index: Path) -> Path:
    work = index.with_name("work")
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(index, work)
    return work


def _in_child(job: Callable[[], Any]) -> dict[str, Any]:
    """What `job` returned in a forked process; {"signal": n} if that was killed."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            result = job()
        except BaseException as error:
            result = {"error": type(error).__name__, "message": str(error)}
            result["traceback"] = traceback.format_exc()[-2000:]
        os.write(writer, json.dumps(result).encode())
        os._exit(0)
    os.close(writer)
    with open(reader, "rb") as stream:
        data = stream.read()
    status = os.waitpid(child, 0)[1]
    return json.loads(data) if data else {"signal": os.WTERMSIG(status)}


def _build(corpus: Path, index: Path) -> Any:
    return build(corpus, index, load=BagOfWords)


def _count(mode: str, corpus: Path, index: Path) -> dict[str, int]:
    seen = [0]

    def count() -> None:
        seen[0] += 1

    _watch(mode, index, count)
    _build(corpus, index)
    return {"count": seen[0]}


def _faulty(mode: str, point: int, corpus: Path, index: Path) -> dict[str, Any]:
    seen = [0]

    def strike() -> None:
        seen[0] += 1
        if mode == "full-disk" and seen[0] >= point:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if seen[0] == point:
            os.kill(os.getpid(), signal.SIGKILL)

    _watch(mode, index, strike)
    _build(corpus, index)
    return {"finished": True}


def _watch(mode: str, index: Path, act: Callable[[], None]) -> None:
    """Call `act` before each file operation on the index, or at each function call."""
    if mode == "kill-at-calls":
        sys.setprofile(lambda frame, event, arg: act() if event == "call" else None)
        return
    root = str(index.resolve())
    events = _WRITES if mode == "full-disk" else (*_WRITES, *_CHANGES)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in events and str(arguments[0]).startswith(root):
            reads_only = event == "open" and not (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR)
            if not reads_only:
                act()

    sys.addaudithook(hook)
    fsync = os.fsync

    def watched(descriptor: int) -> None:
        act()
        fsync(descriptor)

    os.fsync = watched


def _look(index: Path) -> dict[str, Any]:
    """What a reader finds now."""
    opened = open_index(index, load=BagOfWords)
    hits = opened.search(QUESTION, k=3).hits
    return {
        "texts": [hit.passage.text for hit in hits],
        "articles": len(opened.snapshot.manifest.articles),
    }


def _mend(corpus: Path, index: Path) -> dict[str, Any]:
    """What the next build leaves."""
    _build(corpus, index)
    pointer = read_pointer(index)
    kept = (pointer.snapshot, pointer.previous)
    names = sorted(path.name for path in index.iterdir() if path.name not in kept)
    return {**_look(index), "names": names}


if __name__ == "__main__":
    import passages.build
    import passages.search

    passages.build.calibration_for = lambda *_: CALIBRATION
    toy = Model("bag-of-words", "float32", "bag-1")
    passages.build.find_model = passages.search.find_model = lambda *_: toy
    main()
