"""What an index folder serves: one snapshot, or several shards with the collection that names them.

Both are opened, verified and told of alike; only who asks them has to tell them apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from passages.errors import IndexDamaged
from passages.index import folder as store
from passages.index.collection import Collection
from passages.index.manifest import Manifest, describe_files, read_manifest, verify_files
from passages.index.snapshot import Snapshot, refusing
from passages.models.calibration import Calibration

_COLLECTION = "collection"


@dataclass(frozen=True, slots=True)
class Generation:
    """All that was published at once; `manifest` has the articles of all shards."""

    folder: Path
    manifest: Manifest
    collection: Collection
    shards: tuple[Snapshot, ...]

    @classmethod
    def of(cls, snapshot: Snapshot) -> Generation:
        """One snapshot."""
        return cls(snapshot.folder, snapshot.manifest, snapshot.collection, (snapshot,))

    @property
    def name(self) -> str:
        """The name of its folder, by which the index folder's pointer knows it."""
        return self.folder.name


def open_generation(folder: Path, *, verify: bool | None = None) -> Generation:
    """Open what is published in `folder`, its shards from the folders beside it.

    Args:
        folder: that of a snapshot or a collection.
        verify: whether snapshots are read through first; by default unless they are large.

    Raises:
        IndexDamaged: something is not as its manifest says; nothing is served from it then.
    """
    with refusing(folder):
        manifest = read_manifest(folder)
        if not manifest.shards:
            return Generation.of(Snapshot(folder, verify=verify))
        collection = open_collection(folder, manifest)
        shards = tuple(
            Snapshot(store.checked_shard(folder.parent, entry), verify=verify)
            for entry in manifest.shards
        )
        for shard in shards:
            if _kind(shard.manifest) != _kind(manifest):
                raise IndexDamaged(f"{shard.folder} is not of the same kind as its collection")
    return Generation(
        folder, with_articles(manifest, (s.manifest for s in shards)), collection, shards
    )


def open_collection(folder: Path, manifest: Manifest) -> Collection:
    """Open what several shards have in common; it is small, and read through.

    Raises:
        IndexDamaged: something is not as its manifest says.
    """
    with refusing(folder):
        verify_files(folder, manifest)
        collection = Collection.open(folder / _COLLECTION)
        collection.verify()
        Calibration.from_json(manifest.calibration)
    return collection


def write_collection(folder: Path, collection: Collection, manifest: Manifest) -> None:
    """Write what several shards have in common; the manifest, which names them, comes last."""
    collection.save(folder / _COLLECTION)
    replace(manifest, files=describe_files(folder)).write(folder)


def whole_manifest(folder: Path) -> Manifest:
    """The manifest of what is published in `folder`, with the articles of all shards.

    Raises:
        IndexDamaged: a manifest cannot be read.
    """
    manifest = read_manifest(folder)
    named = (store.checked_shard(folder.parent, entry) for entry in manifest.shards)
    return with_articles(manifest, map(read_manifest, named))


def with_articles(manifest: Manifest, shards: Iterable[Manifest]) -> Manifest:
    """The manifest of a collection with the articles of these shards; any other as it is."""
    if not manifest.shards:
        return manifest
    articles = {name: file for shard in shards for name, file in shard.articles.items()}
    return replace(manifest, articles=dict(sorted(articles.items())))


def _kind(manifest: Manifest) -> tuple[object, ...]:
    is_part = manifest.part or bool(manifest.shards)
    return is_part, manifest.model, manifest.token_model, manifest.dimension, manifest.chunking
