"""Builds an index in object storage: beside it, on this machine's disk, and uploaded when whole."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from passages.building.build import Report, build
from passages.errors import BuildRunning, IndexDamaged, NoIndex
from passages.index import folder as store
from passages.index.folder import POINTER, Pointer
from passages.index.manifest import read_manifest
from passages.index.storage.mirror import Mirror, cache_of
from passages.index.storage.objects import ObjectStore
from passages.index.storage.uri import uri_of


def build_stored(corpus: Path, uri: str, *arguments: Any, **options: Any) -> Report:
    """Bring the index at a URI up to date with the corpus, as `build` does that of a folder.

    Killed at any moment, what serves there serves on, and what was encoded stands on this machine.

    Raises:
        BuildRunning: another build runs here, or has published there meanwhile.
        StoreUnavailable: the store cannot be reached, or refuses.
        MissingExtra: the libraries for it are not installed.
        Exception: what `build` raises.
    """
    objects, work = ObjectStore(uri), cache_of(uri) / "building"
    with _alone(work, uri):
        mark, before = objects.mark(), _bring(objects, work)
        report = build(corpus, work, *arguments, **options)
        if report.snapshot is None or options.get("dry_run"):
            return report
        made = store.read_pointer(work)
        _upload(objects, work, made.snapshot)
        if before is not None and before.snapshot == made.snapshot:
            return report
        last = (before.snapshot, before.sha256) if before else (None, None)
        pointer = Pointer(made.snapshot, made.sha256, *last)
        objects.move(pointer, mark)
        objects.remove_before(pointer)
    return replace(report, published=True)


def build_at(corpus: Path, index: str | Path, *arguments: Any, **options: Any) -> Report:
    """Build in a folder or in object storage, by the kind of address."""
    if uri := uri_of(index):
        return build_stored(corpus, uri, *arguments, **options)
    return build(corpus, Path(index), *arguments, **options)


def rollback_stored(uri: str) -> str:
    """Serve the snapshot before again; a second call goes forward again. Returns its name.

    Raises:
        NoIndex: there is none before.
        IndexDamaged: it is damaged; nothing is changed then.
        BuildRunning: a build runs here, or has published there meanwhile.
        StoreUnavailable: the store cannot be reached, or refuses.
    """
    objects, work = ObjectStore(uri), cache_of(uri) / "building"
    with _alone(work, uri):
        mark, now = objects.mark(), objects.read()
        if now.previous is None or now.previous_sha256 is None:
            raise NoIndex(f"{uri} holds no snapshot before {now.snapshot}")
        back = Pointer(now.previous, now.previous_sha256, now.snapshot, now.sha256)
        mirror = Mirror(objects, work)
        mirror.forget(back.snapshot)
        mirror.fetch(back)  # compares every byte
        objects.move(back, mark)
    return back.snapshot


class _alone:  # noqa: N801  # read as a word: with _alone(…)
    """Holds the lock of this machine's builds of a URI."""

    def __init__(self, work: Path, uri: str) -> None:
        work.mkdir(parents=True, exist_ok=True)
        self._lock, self._uri = FileLock(work / ".upload.lock", timeout=0), uri

    def __enter__(self) -> None:
        try:
            self._lock.acquire()
        except Timeout as error:
            raise BuildRunning(
                f"{self._uri} is being built on this machine: try again when it is done"
            ) from error

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def _bring(objects: ObjectStore, work: Path) -> Pointer | None:
    """Let the folder `work` stand where the store stands; what was not uploaded yet stays.

    Returns:
        What serves in the store, None where that is nothing or cannot be read.
    """
    try:
        serving = objects.read()
    except NoIndex:
        return None
    except IndexDamaged:  # its pointer: as where nothing was built
        (work / POINTER).unlink(missing_ok=True)
        return None
    here: tuple[str | None, ...] = ()
    with suppress(NoIndex, IndexDamaged):
        pointer = store.read_pointer(work)
        here = pointer.snapshot, pointer.previous
    if serving.snapshot not in here:
        try:
            Mirror(objects, work).fetch(serving)
        except IndexDamaged:
            (work / POINTER).unlink(missing_ok=True)
        else:
            store.point(work, Pointer(serving.snapshot, serving.sha256))
    return serving


def _upload(objects: ObjectStore, work: Path, snapshot: str) -> None:
    """Upload what serves in `work`; what is there and whole is not uploaded again."""
    for shard in read_manifest(work / snapshot).shards:
        objects.upload(work / shard.name)
    objects.upload(work / snapshot)
