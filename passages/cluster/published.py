"""What a cluster serves: in object storage, or in a folder that all nodes see."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from pathlib import Path

from passages.index import folder as store
from passages.index.folder import Pointer
from passages.index.manifest import read_manifest
from passages.index.snapshot import Snapshot
from passages.index.storage.mirror import Mirror, cache_of
from passages.index.storage.objects import ObjectStore, stamp_of
from passages.index.storage.uri import uri_of
from passages.search.serving.live import pointer_stamp
from passages.search.sources.shard import Shard


class Published:
    """The index at an address. Safe to share between threads."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._uri = uri_of(address)

    def stamp(self) -> object:
        """Changes with what serves; a sentence where that cannot be told."""
        if self._uri is None:
            return pointer_stamp(Path(self.address))
        return stamp_of(lambda: self._objects)

    def pointer(self) -> Pointer:
        """What serves now.

        Raises:
            NoIndex: nothing was published yet.
            IndexDamaged: the pointer cannot be read as one.
            StoreUnavailable: the store cannot be reached, or refuses.
        """
        if self._uri is None:
            return store.read_pointer(Path(self.address))
        return self._objects.read()

    def folder(self, pointer: Pointer, shards: Collection[int] = ()) -> Path:
        """The folder of a collection on this machine, with these of its shards beside it.

        Raises:
            IndexDamaged: something is not as its manifest says.
            StoreUnavailable: the store cannot be reached, or refuses.
        """
        if self._uri is None:
            return store.checked(Path(self.address), pointer)
        return Mirror(self._objects, cache_of(self._uri) / "shards").sync_part(pointer, shards)

    @cached_property
    def _objects(self) -> ObjectStore:
        return ObjectStore(self._uri or self.address)


def generation_of(pointer: Pointer) -> str:
    """What tells one generation from another: its name and its hash."""
    return f"{pointer.snapshot}@{pointer.sha256}"


def open_shards(address: str, generation: str, numbers: Sequence[int]) -> dict[int, Shard]:
    """Open some shards of a generation, fetched to this machine first.

    Raises:
        PassagesError: they cannot be fetched, or are not as the generation's hash says.
    """
    name, _, sha256 = generation.partition("@")
    folder = Published(address).folder(Pointer(name, sha256), numbers)
    shards = read_manifest(folder).shards
    return {
        number: Shard(Snapshot(store.checked_shard(folder.parent, shards[number])))
        for number in numbers
    }
