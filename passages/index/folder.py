"""The index folder: which snapshot serves, one build at a time, nothing half-written ever read.

    index/CURRENT         names the serving snapshot and the one before, with their hashes
    index/20261123T…/     a snapshot; never changed once it has this name. Of an index of several
                          shards each shard is one, and so is their collection, which names them
    index/.building/      what a build is writing; the next build removes it
    index/.lock           held by the running build, which index/.lock.holder names

Everything is written aside and flushed to disk before one rename makes it visible, so a build may
be killed at any moment and the old snapshot still serves.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from passages.errors import IndexDamaged, IndexNotWritten, NoIndex, PassagesError
from passages.index import manifest
from passages.index.storage.lock import locked

POINTER = "CURRENT"


@dataclass(frozen=True, slots=True)
class Pointer:
    """What `CURRENT` says: a snapshot and its manifest's hash; the same of the one before."""

    snapshot: str
    sha256: str
    previous: str | None = None
    previous_sha256: str | None = None


def read_pointer(index: Path) -> Pointer:
    """Read which snapshot serves.

    Raises:
        NoIndex: nothing was built yet.
        IndexDamaged: the pointer file is not readable as one.
    """
    path = index / POINTER
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise NoIndex(f"no index in {index}: {build_command(index)}") from error
    except (OSError, ValueError) as error:
        raise IndexDamaged(f"{path} names no snapshot ({error}): {build_command(index)}") from error
    return parse_pointer(text, path, index)


def parse_pointer(text: str, path: Path | str, index: Path | str) -> Pointer:
    """The pointer that the file at `path`, of this index, has as its text.

    Raises:
        IndexDamaged: it is not readable as one.
    """
    try:
        pointer = Pointer(**json.loads(text))
    except (ValueError, TypeError, RecursionError) as error:
        raise IndexDamaged(f"{path} names no snapshot ({error}): {build_command(index)}") from error
    for name in (pointer.snapshot, pointer.previous or pointer.snapshot):
        if not isinstance(name, str) or not manifest.SNAPSHOT_NAME.fullmatch(name):
            raise IndexDamaged(f"{path} names {name!r}, no snapshot: {build_command(index)}")
    return pointer


def serving(index: Path) -> Path:
    """The folder of the serving snapshot, its manifest checked against the pointer.

    Raises:
        NoIndex: nothing was built yet.
        IndexDamaged: pointer or manifest are damaged or do not belong together.
    """
    return checked(index, read_pointer(index))


def checked(index: Path, pointer: Pointer) -> Path:
    """The folder of the snapshot that `pointer` names, its manifest checked against it.

    Raises:
        IndexDamaged: the manifest is missing, damaged or another's.
    """
    return _named(index / pointer.snapshot, pointer.sha256, POINTER)


def checked_shard(index: Path, shard: manifest.ShardEntry) -> Path:
    """The folder of a shard that a collection names, its manifest checked against that.

    Raises:
        IndexDamaged: the manifest is missing, damaged or another's.
    """
    return _named(index / shard.name, shard.sha256, "its collection")


def _named(folder: Path, sha256: str, named_by: str) -> Path:
    path = folder / manifest.FILE
    try:
        found = manifest.sha256(path)
    except OSError as error:
        raise IndexDamaged(f"{path} cannot be read ({error.strerror})") from error
    if found != sha256:
        raise IndexDamaged(f"{path} has SHA-256 {found}, {named_by} says {sha256}")
    return folder


def build_command(index: Path | str) -> str:
    """The command that mends a missing or damaged index, for the end of a message."""
    return f"build it with `python -m passages build --index {shlex.quote(str(index))}`"


@contextmanager
def building(index: Path) -> Iterator[Path]:
    """Hold the build lock and yield an empty folder to write a snapshot into.

    Leftovers of a killed build are removed first, the folder afterwards whatever happened.

    Raises:
        BuildRunning: another build holds the lock; the message says which process.
        IndexNotWritten: the index folder cannot be written, or its disk is full.
    """
    with _writing(index), locked(index):
        staging = index / ".building"
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir()
        remove_unnamed(index)
        try:
            yield staging
        finally:
            shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def _writing(index: Path) -> Iterator[None]:
    """Make the folder, and turn an OSError of the disk below it into IndexNotWritten."""
    try:
        index.mkdir(parents=True, exist_ok=True)
        yield
    except PassagesError:
        raise
    except OSError as error:
        # A full disk names no file; one that is named elsewhere is not the index's.
        if error.filename and not Path(os.fsdecode(error.filename)).is_relative_to(index):
            raise
        raise IndexNotWritten(
            f"{index} cannot be written ({error.strerror or error}): make room or give permission"
        ) from error


def publish(index: Path, staging: Path, *, last_is_whole: bool = True) -> str:
    """Make the snapshot in `staging` the serving one; returns its name.

    Keeps the snapshot that served before for `rollback`, or the one before that where it is not
    whole; removes others.
    """
    before: tuple[str | None, str | None] = None, None
    try:
        last = read_pointer(index)
        before = last.snapshot, last.sha256
        if not last_is_whole:
            before = last.previous, last.previous_sha256
    except (NoIndex, IndexDamaged):
        pass
    name, sha256 = put(index, staging)
    point(index, Pointer(name, sha256, *before))
    remove_unnamed(index)
    return name


def put(index: Path, staging: Path) -> tuple[str, str]:
    """Give the snapshot in `staging` its place and name; nothing serves it until it is pointed to.

    Returns:
        Its name, and the SHA-256 of its manifest.
    """
    sha256 = manifest.sha256(staging / manifest.FILE)
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{sha256[:8]}"
    _flush_tree(staging)
    staging.rename(index / name)
    _flush(index)
    return name, sha256


def rollback(index: Path) -> str:
    """Serve the snapshot before again; a second call goes forward again. Returns its name.

    Raises:
        NoIndex: there is none before.
        IndexDamaged: it is damaged; nothing is changed then.
        BuildRunning: a build holds the lock.
        IndexNotWritten: the index folder cannot be written.
    """
    read_pointer(index)  # where there is no index there is nothing to lock
    with _writing(index), locked(index):
        pointer = read_pointer(index)
        if pointer.previous is None or pointer.previous_sha256 is None:
            raise NoIndex(f"{index} holds no snapshot before {pointer.snapshot}")
        back = Pointer(pointer.previous, pointer.previous_sha256, pointer.snapshot, pointer.sha256)
        try:
            folder = checked(index, back)
            about = manifest.read_manifest(folder)
            for one in (folder, *(checked_shard(index, shard) for shard in about.shards)):
                manifest.verify_files(one, manifest.read_manifest(one))
        except IndexDamaged as error:
            raise IndexDamaged(f"{error}: not rolled back") from error
        point(index, back)
        return back.snapshot


def point(index: Path, pointer: Pointer) -> None:
    """Let `pointer` serve, in one step."""
    aside = index / ".CURRENT.new"
    aside.write_text(json.dumps(asdict(pointer)) + "\n", encoding="utf-8")
    _flush(aside)
    aside.replace(index / POINTER)
    _flush(index)


def remove_unnamed(index: Path) -> None:
    """Remove the snapshots that nothing names: older ones, and one never published."""
    try:
        pointer = read_pointer(index)
        kept = {pointer.snapshot, pointer.previous}
        for name in filter(None, tuple(kept)):
            kept |= {shard.name for shard in _shards(index / name)}
    except (NoIndex, IndexDamaged):
        return  # who cannot be asked may name any of them
    for path in index.iterdir():
        if manifest.SNAPSHOT_NAME.fullmatch(path.name) and path.name not in kept:
            shutil.rmtree(path, ignore_errors=True)


def _shards(folder: Path) -> tuple[manifest.ShardEntry, ...]:
    """The shards that a snapshot names; none where it is of another format or gone."""
    try:
        about = json.loads((folder / manifest.FILE).read_text(encoding="utf-8"))
        if about["format"] != manifest.FORMAT:
            return ()
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(f"{folder} cannot be read ({error})") from error
    return manifest.read_manifest(folder).shards


def _flush_tree(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        _flush(path)
    _flush(folder)


def _flush(path: Path) -> None:
    if sys.platform == "win32" and path.is_dir():
        return  # folders cannot be opened there, and need not be flushed
    descriptor = os.open(path, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
