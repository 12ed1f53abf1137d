"""From the articles found to what is published: one snapshot, or shards and their collection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from passages.articles.boilerplate import find_boilerplate
from passages.articles.corpus import Problem
from passages.building.cutting import CHUNKING, cut
from passages.building.found import Found, after_cutting
from passages.building.last import Last
from passages.building.shards import Made, MakeShards, Tools, writer_of
from passages.index import folder as store
from passages.index.collection import Collection
from passages.index.generation import open_collection, write_collection
from passages.index.manifest import FILE, Manifest, ShardEntry, read_manifest, sha256
from passages.index.snapshot import Snapshot
from passages.index.words.vocabulary import collect
from passages.index.writer import Origin
from passages.models.calibration import Calibration


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it: the snapshot that serves now and its passages."""

    snapshot: str | None
    passages: int
    embedded: int
    repeated: tuple[Problem, ...]
    published: bool = False


def nothing_to_do(found: Found, last: Last) -> Result | None:
    """What serves, where it is what a build of these articles would make."""
    if last.manifest is None or not last.passages_hold or found.changes:
        return None
    return Result(last.name, last.manifest.passages, 0, last.manifest.repeated)


def make(
    found: Found,
    last: Last,
    tools: Tools,
    staging: Path | None,
    fit: Callable[[], Calibration],
    make_shards: MakeShards,
) -> tuple[Found, Result]:
    """Make the shards that differ from those of last time, and publish them.

    Args:
        found: the articles.
        last: what was published last.
        tools: what shards are made with.
        staging: an empty folder to write into, None to write and publish nothing.
        fit: gives the encoder's calibration; may take minutes.
        make_shards: makes them, where there are several.

    Returns:
        What is found without the articles that could not be cut, and what came of it.
    """
    if len(last.shards) == 1:
        return _make_one(found, last, tools, staging, fit)
    return _make_several(found, last, tools, staging, fit, make_shards)


def _make_one(
    found: Found, last: Last, tools: Tools, staging: Path | None, fit: Callable[[], Calibration]
) -> tuple[Found, Result]:
    done = cut(found.shards[0], tools.encoder, last.shards[0], tools.cut_one)
    found = after_cutting(found, [done.taken], done.problems, last)
    if (same := nothing_to_do(found, last)) is not None:  # all that is new cannot be cut
        return found, same
    writer = writer_of(done, last.shards[0], tools, found.groups)
    _, repeated = writer.boilerplate
    result = Result(last.name, len(writer), writer.embedded, repeated)
    if staging is None:
        return found, result
    writer.write(staging, _origin(found, tools, fit()), tools.progress)
    Snapshot(staging, verify=True)  # what cannot be opened is not published
    name = store.publish(tools.index, staging, last_is_whole=last.is_whole)
    return found, replace(result, snapshot=name, published=True)


def _make_several(
    found: Found,
    last: Last,
    tools: Tools,
    staging: Path | None,
    fit: Callable[[], Calibration],
    make_shards: MakeShards,
) -> tuple[Found, Result]:
    made = make_shards(found.shards, last.shards, tools, staging)
    problems = [problem for one in made for problem in one.problems]
    found = after_cutting(found, [one.taken for one in made], problems, last)
    if (same := nothing_to_do(found, last)) is not None:  # all that is new cannot be cut
        return found, same
    boilerplate, repeated = find_boilerplate([one.texts for one in made], len(found.files))
    passages, embedded = sum(one.passages for one in made), sum(one.embedded for one in made)
    result = Result(last.name, passages, embedded, repeated)
    if staging is None:
        return found, result
    shards = [one.snapshot for one in made if one.snapshot is not None]
    postings = [snapshot.postings for snapshot in shards]
    collection = Collection(collect(postings, found.groups), boilerplate)
    manifest = _manifest(shards, _origin(found, tools, fit()), repeated)
    name = _publish(tools.index, made, collection, manifest, staging, last)
    return found, replace(result, snapshot=name, published=True)


def _publish(
    index: Path,
    made: Sequence[Made],
    collection: Collection,
    manifest: Manifest,
    staging: Path,
    last: Last,
) -> str:
    """Give the new shards their places and point to the collection that names all of them."""
    entries = []
    for one in made:
        snapshot = one.snapshot
        assert snapshot is not None  # noqa: S101  # it was written
        name, digest = snapshot.name, sha256(snapshot.folder / FILE)
        if one.is_new:
            name, digest = store.put(index, snapshot.folder)
        entries.append(ShardEntry(name, digest, len(one.taken), snapshot.sections))
    folder = staging / "collection"
    folder.mkdir()
    write_collection(folder, collection, replace(manifest, shards=tuple(entries)))
    open_collection(folder, read_manifest(folder))  # what cannot be opened is not published
    return store.publish(index, folder, last_is_whole=last.is_whole)


def _manifest(
    shards: Sequence[Snapshot], origin: Origin, repeated: tuple[Problem, ...]
) -> Manifest:
    """What a collection says of its shards, without their names."""
    first = shards[0].manifest
    assert origin.calibration is not None  # noqa: S101  # a collection has one
    return Manifest(
        created=datetime.now(UTC).isoformat(),
        corpus=origin.corpus,
        model=first.model,
        dimension=first.dimension,
        chunking=origin.chunking,
        articles={},
        passages=sum(shard.manifest.passages for shard in shards),
        sentences=sum(shard.manifest.sentences for shard in shards),
        synonyms=origin.synonyms,
        refused=origin.refused,
        repeated=repeated,
        calibration=origin.calibration.to_json(),
        token_model=first.token_model,
        tokens=sum(shard.manifest.tokens for shard in shards),
        code_bytes=first.code_bytes,
    )


def _origin(found: Found, tools: Tools, calibration: Calibration) -> Origin:
    return Origin(
        corpus=tools.corpus,
        articles=found.files,
        chunking=CHUNKING,
        calibration=calibration,
        synonyms=found.synonyms.sha256,
        refused=found.refused,
    )
