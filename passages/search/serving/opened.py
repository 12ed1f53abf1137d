"""The serving snapshot of an index folder -> an index ready to be asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from passages.errors import IndexDamaged
from passages.index import folder as store
from passages.index.generation import Generation, open_generation
from passages.index.storage.mirror import Mirror, cache_of
from passages.index.storage.objects import ObjectStore
from passages.models.encoder import Encoder, LazyEncoder, TextEncoder
from passages.models.supply import Model, calibration_of, find_model
from passages.search.searcher import Index
from passages.search.sources.fleet import LocalFleet
from passages.search.sources.shard import Shard
from passages.search.sources.sharded import ShardedSource
from passages.search.sources.single import SingleSource
from passages.search.sources.source import About, Source

Load = Callable[[Model], TextEncoder]


def open_index(
    folder: str | Path = "index",
    load: Load | None = None,
    *,
    verify: bool | None = None,
    like: Index | None = None,
) -> Index:
    """Open the serving snapshot of an index folder, which need not be writable.

    Args:
        folder: the index folder.
        load: makes the encoder when one is needed; by default the model that the snapshot names,
            if this machine has the very same.
        verify: whether all of the snapshot is read first; by default unless it is large.
        like: an index whose encoder is used, if it is of the same model.

    Raises:
        NoIndex: (a FileNotFoundError) nothing was built yet; the message has the command.
        IndexDamaged: (a ValueError) damaged; the message has the command that mends it.
    """
    index = Path(folder)
    while True:
        pointer = store.read_pointer(index)
        try:
            published = open_generation(store.checked(index, pointer), verify=verify)
            return index_of_published(published, load, like)
        except IndexDamaged as error:
            # Two builds may have landed meanwhile and removed what was just opened.
            if store.read_pointer(index) == pointer:
                raise IndexDamaged(f"{error}: {store.build_command(index)}") from error


def open_stored(
    uri: str,
    load: Load | None = None,
    *,
    verify: bool | None = None,
    like: Index | None = None,
    objects: ObjectStore | None = None,
) -> Index:
    """Open what serves in object storage, fetched to this machine's disk.

    Args:
        uri: where it is, `s3://bucket/handbook`.
        load: as `open_index` has it.
        verify: as there.
        like: as there.
        objects: the connection, where there is one.

    Raises:
        NoIndex: nothing was published there yet.
        IndexDamaged: something is not as its manifest says.
        StoreUnavailable: the store cannot be reached, or refuses.
        MissingExtra: the libraries for it are not installed.
    """
    mirror = Mirror(objects or ObjectStore(uri), cache_of(uri) / "reading")
    folder = mirror.sync()
    try:
        published = open_generation(folder, verify=verify)
    except IndexDamaged:  # by this machine's disk: what was fetched was whole
        mirror.forget(folder.name)
        published = open_generation(mirror.sync(), verify=verify)
    return index_of_published(published, load, like)


def index_of_published(
    published: Generation, load: Load | None = None, like: Index | None = None
) -> Index:
    """What was published, as an index.

    Raises:
        IndexDamaged: its calibration is none.
    """
    return index_over(_source(published), published.folder, load, like)


def index_over(
    source: Source, folder: Path, load: Load | None = None, like: Index | None = None
) -> Index:
    """A source as an index, with the encoder that it was built with.

    Args:
        source: what is asked.
        folder: what was published, with the manifest that names the encoder.
        load: makes the encoder when one is needed.
        like: an index whose encoder is used, if it is of the same model.

    Raises:
        IndexDamaged: its calibration is none.
    """
    model = source.about.model
    encoder = LazyEncoder(model, lambda: load(model) if load else Encoder(_same(model, folder)))
    if like is not None and like.encoder.model == model:
        encoder = like.encoder
    # A model of the catalogue is calibrated by the program, which may know better than the build.
    return Index(source, encoder, calibration=calibration_of(model.name))


def _source(published: Generation) -> Source:
    if not published.manifest.shards:
        return SingleSource(published.shards[0])
    fleet = LocalFleet({n: Shard(snapshot) for n, snapshot in enumerate(published.shards)})
    about = About.of(published.name, published.manifest)
    return ShardedSource(about, published.collection, fleet)


def _same(wanted: Model, folder: Path) -> Model:
    """The model that a snapshot was built with, if this machine has the very same."""
    if Path(wanted.name).resolve().is_relative_to(folder.resolve().parent):
        raise IndexDamaged(f"the index names a model inside itself ({wanted.name}): not loaded")
    found = find_model(wanted.name, wanted.precision)
    if found != wanted:
        raise IndexDamaged(
            f"the index was built with {wanted.name} {wanted.fingerprint}, this machine has "
            f"{found.fingerprint}: {store.build_command(folder.parent)}"
        )
    return found
