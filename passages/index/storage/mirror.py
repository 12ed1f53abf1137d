"""A stored index on this machine's disk: each snapshot fetched once, under its name.

    ~/.cache/passages/<hash of the URI>/reading/     what serves here, and what served before
    ~/.cache/passages/<hash of the URI>/building/    where this machine builds it

Both are index folders. `XDG_CACHE_HOME` names another place than ~/.cache.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path

from filelock import FileLock

from passages.errors import IndexDamaged, NoIndex
from passages.index import folder as store
from passages.index.folder import Pointer
from passages.index.manifest import ShardEntry, read_manifest
from passages.index.storage.objects import ObjectStore


def cache_of(uri: str) -> Path:
    """The folder for all of a URI's copies."""
    root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(root) / "passages" / hashlib.sha256(uri.encode()).hexdigest()[:16]


class Mirror:
    """An index folder that holds what a stored index serves, and what it served here before."""

    def __init__(self, objects: ObjectStore, folder: Path) -> None:
        self._objects = objects
        self.folder = folder

    def sync(self) -> Path:
        """The folder of what serves, fetched unless it is here.

        Raises:
            NoIndex: nothing was published yet.
            IndexDamaged: something is not as its manifest says.
            StoreUnavailable: the store cannot be reached, or refuses.
        """
        pointer = self._objects.read()
        self.folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self.folder / ".fetching.lock"):
            self.fetch(pointer)
            self._point(pointer)
        return self.folder / pointer.snapshot

    def fetch(self, pointer: Pointer) -> None:
        """Fetch what `pointer` names unless it is here; shards that are here already stay."""
        if (self.folder / pointer.snapshot).is_dir():
            return
        aside = self.folder / ".fetching"
        shutil.rmtree(aside, ignore_errors=True)
        whole = aside / pointer.snapshot
        about = self._objects.fetch(pointer.snapshot, pointer.sha256, whole)
        self._fetch_shards(about.shards)
        whole.rename(self.folder / pointer.snapshot)
        shutil.rmtree(aside, ignore_errors=True)

    def sync_part(self, pointer: Pointer, numbers: Collection[int]) -> Path:
        """The folder of what `pointer` names, with only these of its shards beside it.

        Raises:
            IndexDamaged: something is not as its manifest says.
            StoreUnavailable: the store cannot be reached, or refuses.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        whole, aside = self.folder / pointer.snapshot, self.folder / ".fetching"
        with FileLock(self.folder / ".fetching.lock"):
            shutil.rmtree(aside, ignore_errors=True)
            if not whole.is_dir():
                self._objects.fetch(pointer.snapshot, pointer.sha256, aside / pointer.snapshot)
                (aside / pointer.snapshot).rename(whole)
            shards = read_manifest(whole).shards
            self._fetch_shards([shards[number] for number in numbers])
            shutil.rmtree(aside, ignore_errors=True)
            with suppress(NoIndex, IndexDamaged):
                here = store.read_pointer(self.folder)
                if pointer.snapshot in (here.snapshot, here.previous):
                    return whole  # others may still ask the one before
            self._point(pointer)
        return whole

    def forget(self, snapshot: str) -> None:
        """Remove a snapshot and its shards, to be fetched again: the disk has damaged them."""
        with suppress(IndexDamaged):
            for shard in read_manifest(self.folder / snapshot).shards:
                shutil.rmtree(self.folder / shard.name, ignore_errors=True)
        shutil.rmtree(self.folder / snapshot, ignore_errors=True)

    def _fetch_shards(self, shards: Iterable[ShardEntry]) -> None:
        aside = self.folder / ".fetching"
        for shard in shards:
            if not (self.folder / shard.name).is_dir():
                self._objects.fetch(shard.name, shard.sha256, aside / shard.name)
                (aside / shard.name).rename(self.folder / shard.name)

    def _point(self, pointer: Pointer) -> None:
        before = Pointer(pointer.snapshot, pointer.sha256)
        with suppress(NoIndex, IndexDamaged):
            before = store.read_pointer(self.folder)
        if before.snapshot == pointer.snapshot:
            last = before.previous, before.previous_sha256
        else:
            last = before.snapshot, before.sha256
        store.point(self.folder, Pointer(pointer.snapshot, pointer.sha256, *last))
        store.remove_unnamed(self.folder)
