"""Runs builds that are killed, or find the disk full, at a chosen point.

A build runs in a fork of this process, which has imported everything and used nothing: so each of
hundreds of builds starts in milliseconds, and is killed for real.

    python -m tests.faults MODE CORPUS INDEX     prints one JSON line a point

MODE is one of `MODES` below.
"""

from __future__ import annotations

import errno
import json
import os
import random
import resource
import shutil
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from passages.index import folder as store
from passages.index.folder import Pointer, read_pointer
from passages.index.manifest import describe_files, read_manifest, sha256
from passages.language.detection import nearest
from passages.language.sentences import split_sentences
from passages.language.word_lists import word_list
from passages.opening import open_index
from passages.progress import Progress, silent
from passages.search.scoring import RANKINGS
from tests.support.toy import BagOfWords, build

QUESTION = "is green tea bitter or sweet"
CALL_POINTS = 60
SIZE_LIMITS = 25
POINTS_OF_SHARDS = 8
"""Enough of several shards: each is written as a snapshot of one is."""
VARIANTS_OF_A_FILE = 20
NOBODY = 65534
_WRITES = ("open", "os.mkdir", "os.truncate")
_CHANGES = ("os.rename", "os.remove", "os.rmdir")


def main() -> None:
    mode, corpus, index = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    for line in MODES[mode](mode, corpus, index):
        print(json.dumps(line))


def _stopped_builds(mode: str, corpus: Path, index: Path) -> Iterator[dict[str, Any]]:
    """Stop a build at each of many points; then look, and build again."""
    points = _in_child(lambda: _count(mode, corpus, _copied(index)))["count"]
    most = {"kill-at-calls": CALL_POINTS, "file-size-limit": SIZE_LIMITS}.get(mode, points)
    if read_manifest(store.serving(index)).shards:
        most = min(most, POINTS_OF_SHARDS)
    for point in range(1, points + 1, max(1, points // most)):
        work = _copied(index)
        fault = _in_child(lambda at=point, folder=work: _faulty(mode, at, corpus, folder))
        seen = _in_child(lambda folder=work: _look(folder))
        mended = _in_child(lambda folder=work: _mend(corpus, folder))
        yield {"point": point, "points": points, "fault": fault, "seen": seen, "mended": mended}


def _read_only(mode: str, corpus: Path, index: Path) -> Iterator[dict[str, Any]]:
    """Build and look as somebody who may only read the index."""
    for path in (index, *index.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    fault = _in_child(lambda: _unprivileged(lambda: _build(corpus, index)))
    yield {"fault": fault, "seen": _in_child(lambda: _unprivileged(lambda: _look(index)))}


def _unprivileged(job: Callable[[], Any]) -> Any:
    if os.geteuid() == 0:
        os.setuid(NOBODY)
    return job()


def _strangers(mode: str, corpus: Path, index: Path) -> Iterator[dict[str, Any]]:
    """Alter files of a snapshot and write the hashes anew, as somebody with bad intentions may."""
    choose = random.Random(0)
    pointer = read_pointer(index)
    folder = index / pointer.snapshot
    manifest = read_manifest(folder)
    for path in sorted(path for path in folder.rglob("*") if path.name != "manifest.json"):
        # Files in the snapshot's own folder: those of the lexicon may hold any numbers as weights.
        if path.is_file() and path.parent == folder:
            data = path.read_bytes()
            for number in range(VARIANTS_OF_A_FILE):
                path.write_bytes(_altered(data, choose))
                replace(manifest, files=describe_files(folder)).write(folder)
                _point_anew(index, pointer)
                what = f"{path.name} {number}"
                yield {"what": what, "seen": _in_child(lambda: _bounded(lambda: _look(index)))}
            path.write_bytes(data)
    whole = json.loads(json.dumps(asdict(manifest)))
    for where in _places(whole):
        for value in (None, -1, 10**18, {}, "../x", "\0"):
            fields = _with(whole, where, value)
            (folder / "manifest.json").write_text(json.dumps(fields), "utf-8")
            _point_anew(index, pointer)
            what = f"{where} = {value!r}"
            yield {"what": what, "seen": _in_child(lambda: _bounded(lambda: _look(index)))}


def _altered(data: bytes, choose: random.Random) -> bytes:
    altered = bytearray(data)
    for _ in range(choose.choice((1, 1, 2, 8))):
        altered[choose.randrange(len(altered))] = choose.choice((0, 127, 255, 34, 92))
    return bytes(altered[: choose.choice((None, None, None, len(altered) // 2))])


def _places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each value inside a JSON value, files left out: those are altered themselves."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, below in inner:
        yield (*above, key)
        if isinstance(below, dict | list) and key != "files":
            yield from _places(below, (*above, key))


def _with(fields: Any, where: tuple[Any, ...], value: Any) -> Any:
    if not where:
        return value
    copy = fields.copy()
    copy[where[0]] = _with(fields[where[0]], where[1:], value)
    return copy


def _point_anew(index: Path, pointer: Pointer) -> None:
    digest = sha256(index / pointer.snapshot / "manifest.json")
    fields = asdict(replace(pointer, sha256=digest))
    (index / "CURRENT").write_text(json.dumps(fields), "utf-8")


def _bounded(job: Callable[[], Any]) -> Any:
    """Do it with no more than a few gigabytes, so that a wild allocation is an error."""
    resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
    return job()


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


def _build(corpus: Path, index: Path, progress: Progress = silent) -> BagOfWords:
    encoder = BagOfWords()
    build(corpus, index, load=lambda model: encoder, progress=progress)
    return encoder


def _count(mode: str, corpus: Path, index: Path) -> dict[str, int]:
    """How many points there are to stop a build at."""
    if mode == "file-size-limit":
        _build(corpus, index)
        files = (path for path in index.rglob("*") if path.is_file())
        return {"count": max(path.stat().st_size for path in files)}
    if mode == "kill-while-encoding":
        return {"count": len(_build(corpus, index).encoded)}
    seen = [0]

    def count() -> None:
        seen[0] += 1

    _watch(mode, index, count)
    _build(corpus, index)
    return {"count": seen[0]}


def _faulty(mode: str, point: int, corpus: Path, index: Path) -> dict[str, Any]:
    if mode == "file-size-limit":
        # To whoever writes, in Python or in C++, this is a disk that fills up amid a file.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (point - 1, point - 1))
        _build(corpus, index)
        return {"finished": True}
    if mode == "kill-while-encoding":
        _build(corpus, index, lambda done, total: _kill_self() if done == point else None)
        return {"finished": True}
    seen = [0]

    def strike() -> None:
        seen[0] += 1
        if mode == "full-disk" and seen[0] >= point:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if seen[0] == point:
            _kill_self()

    _watch(mode, index, strike)
    _build(corpus, index)
    return {"finished": True}


def _kill_self() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


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
    opened = open_index(index, load=BagOfWords).ranked_by(RANKINGS["full"])
    hits = opened.search(QUESTION, k=3).hits
    return {
        "texts": [hit.passage.text for hit in hits],
        "articles": opened.about.articles,
    }


def _mend(corpus: Path, index: Path) -> dict[str, Any]:
    """What the next build leaves."""
    encoder = _build(corpus, index)
    pointer = read_pointer(index)
    kept = {pointer.snapshot, pointer.previous}
    for name in filter(None, tuple(kept)):
        kept |= {shard.name for shard in read_manifest(index / name).shards}
    names = sorted(path.name for path in index.iterdir() if path.name not in kept)
    return {**_look(index), "names": names, "encoded": len(encoder.encoded)}


MODES: dict[str, Callable[[str, Path, Path], Iterator[dict[str, Any]]]] = {
    "kill-at-file-operations": _stopped_builds,
    "kill-at-calls": _stopped_builds,
    "kill-while-encoding": _stopped_builds,
    "full-disk": _stopped_builds,
    "file-size-limit": _stopped_builds,
    "read-only": _read_only,
    "strangers": _strangers,
}


if __name__ == "__main__":
    import passages.building.build
    import passages.index.vectors.pace
    import passages.search.serving.opened

    passages.index.vectors.pace.MOST = 1  # a point after every text
    # Every fork would read these anew, in half a second.
    nearest(QUESTION, ("en", "de"))
    word_list("en")
    split_sentences("Tea is a drink. It is bitter.")
    main()
