"""An index in object storage: fetched and verified, built beside and published in one step."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from passages import BadSetting, BuildRunning, IndexDamaged, NoIndex
from passages.building.changes import Changes, changes_since
from passages.building.stored import build_at, build_stored, rollback_stored
from passages.errors import StoreUnavailable
from passages.index.folder import Pointer, read_pointer
from passages.index.generation import whole_manifest
from passages.index.storage.mirror import cache_of
from passages.index.storage.objects import ObjectStore
from passages.index.storage.uri import uri_of
from passages.opening import local_folder, open_index
from passages.search.scoring import RANKINGS
from passages.search.searcher import Index
from tests.conftest import CALIBRATION, TEA_AFTER, TEA_BEFORE, TOY, BagOfWords, either_layout
from tests.support.objects import BUCKET, Storage, storage

URI = f"s3://{BUCKET}/tea"


@pytest.fixture
def objects(tmp_path: Path) -> Iterator[Storage]:
    with storage() as made:
        os.environ["XDG_CACHE_HOME"] = str(tmp_path / "cache")
        yield made


def _build(corpus: Path, shards: int | None = None, **options: object) -> str:
    report = build_at(
        corpus,
        URI,
        TOY,
        load=BagOfWords,
        calibrate=lambda *_: CALIBRATION,
        shards=shards,
        **options,
    )
    assert report.published
    assert report.snapshot
    return report.snapshot


def _open() -> Index:
    return open_index(URI, load=BagOfWords).ranked_by(RANKINGS["full"])


def _text(index: Index) -> str:
    return index.search("green tea").hits[0].passage.text


@either_layout
def test_an_index_is_built_read_followed_by_another_and_rolled_back(
    corpus: Path, objects: Storage, shards: int
) -> None:
    with pytest.raises(NoIndex, match=f"no index in {URI}: build it with"):
        _open()
    first = _build(corpus, shards)
    index = _open()
    assert (_text(index), index.about.name) == (TEA_BEFORE, first)
    assert not _changes(index, corpus)
    assert not build_stored(corpus, URI, TOY, load=BagOfWords).published
    _change(corpus)
    assert _changes(index, corpus).changed == ("tea",)
    second = _build(corpus)
    assert (_text(_open()), _text(index)) == (TEA_AFTER, TEA_BEFORE)
    assert rollback_stored(URI) == first
    assert _text(_open()) == TEA_BEFORE
    assert rollback_stored(URI) == second
    (corpus / "new.md").write_text("# New\n\nThis is new.\n", "utf-8")
    _build(corpus)
    _open()
    kept = ObjectStore(URI).read()
    here = {name.split("/")[1] for name in objects.names()} - {"CURRENT", ""}
    if shards == 1:
        assert here == {kept.snapshot, kept.previous}
        reading = cache_of(URI) / "reading"
        served_here = {path.name for path in reading.iterdir() if path.is_dir()}
        assert len(served_here) == 2
        assert kept.snapshot in served_here
    assert first not in here


def _changes(index: Index, corpus: Path) -> Changes:
    return changes_since(whole_manifest(local_folder(URI) / index.about.name), corpus)


def _change(corpus: Path) -> None:
    tea = corpus / "tea.md"
    tea.write_text(tea.read_text("utf-8").replace("It is bitter", "It is sweet"), "utf-8")


@either_layout
@pytest.mark.parametrize("damage", ["cut", "swapped", "missing", "longer"])
def test_a_damaged_object_is_refused_and_the_next_build_mends_it(
    corpus: Path, objects: Storage, shards: int, damage: str
) -> None:
    _build(corpus, shards)
    files = [name for name in objects.names() if name.endswith(("texts.bin", "passages.rows"))]
    key, other = sorted(files, key=lambda name: -len(objects.get(name)))[:2]
    whole = objects.get(key)
    if damage == "missing":
        objects.remove(key)
    else:
        damaged = {"cut": whole[:-1], "swapped": objects.get(other), "longer": whole + b"\0"}
        objects.put(key, damaged[damage])
    with pytest.raises(IndexDamaged, match=f"--index {URI}"):
        _open()
    build_stored(corpus, URI, TOY, load=BagOfWords)
    assert objects.get(key) == whole
    assert _text(_open()) == TEA_BEFORE


def test_a_damaged_pointer_is_refused_and_the_next_build_mends_it(
    corpus: Path, objects: Storage
) -> None:
    _build(corpus)
    objects.put("tea/CURRENT", b"{}")
    with pytest.raises(IndexDamaged, match="names no snapshot"):
        _open()
    _build(corpus)
    assert _text(_open()) == TEA_BEFORE


def test_of_two_builds_at_once_one_publishes_and_the_other_says_so(
    corpus: Path, objects: Storage, tmp_path: Path
) -> None:
    first = _build(corpus)
    _change(corpus)

    def meanwhile(done: int, total: int) -> None:
        if (tmp_path / "cache").exists():  # another machine has a cache of its own
            os.environ["XDG_CACHE_HOME"] = str(tmp_path / "other")
            (tmp_path / "cache").rename(tmp_path / "cache-of-this")
            _build(corpus)
            (tmp_path / "cache-of-this").rename(tmp_path / "cache")
            os.environ["XDG_CACHE_HOME"] = str(tmp_path / "cache")
            published.append(ObjectStore(URI).read().snapshot)

    published: list[str] = []
    with pytest.raises(BuildRunning, match="another build has published"):
        _build(
            corpus, reading=lambda done, total: meanwhile(done, total) if not published else None
        )
    serving = ObjectStore(URI).read()
    assert [serving.snapshot, serving.previous] == [*published, first]
    assert _text(_open()) == TEA_AFTER
    assert not build_stored(corpus, URI, TOY, load=BagOfWords).published


def test_what_an_interrupted_upload_left_is_published_by_the_next_build(
    corpus: Path, objects: Storage
) -> None:
    _build(corpus)
    _change(corpus)
    encoder = BagOfWords()
    work = cache_of(URI) / "building"
    build_at(corpus, work, TOY, load=BagOfWords, calibrate=lambda *_: CALIBRATION)
    assert _text(_open()) == TEA_BEFORE
    report = build_stored(corpus, URI, TOY, load=lambda model: encoder)
    assert (report.published, encoder.encoded) == (True, [])
    assert report.snapshot == read_pointer(work).snapshot
    assert _text(_open()) == TEA_AFTER


def test_storage_that_cannot_be_reached_or_refuses_is_said_and_what_serves_serves_on(
    corpus: Path, objects: Storage
) -> None:
    _build(corpus)
    with pytest.raises(StoreUnavailable, match="s3://nobodys/tea cannot be reached"):
        open_index("s3://nobodys/tea", load=BagOfWords)
    index = _open()
    objects.refuse(True)
    with pytest.raises(StoreUnavailable, match=f"{URI} cannot be reached"):
        _open()
    objects.refuse(False)
    assert _text(_open()) == TEA_BEFORE
    objects.stop()
    with pytest.raises(StoreUnavailable, match=f"{URI} cannot be reached"):
        _open()
    with pytest.raises(StoreUnavailable, match="check the address, the connection and your rights"):
        build_stored(corpus, URI, TOY, load=BagOfWords)
    assert _text(index) == TEA_BEFORE


def test_a_copy_that_this_machine_damaged_is_fetched_again(corpus: Path, objects: Storage) -> None:
    name = _build(corpus)
    _open()
    (cache_of(URI) / "reading" / name / "texts.bin").write_bytes(b"")
    assert _text(_open()) == TEA_BEFORE


def test_a_folder_by_its_uri_is_built_and_read(
    corpus: Path, objects: Storage, tmp_path: Path
) -> None:
    uri = f"file://{tmp_path}/stored"
    options = {"load": BagOfWords, "calibrate": lambda *_: CALIBRATION}
    build_stored(corpus, uri, TOY, **options)
    assert _text(open_index(uri, load=BagOfWords)) == TEA_BEFORE
    store = ObjectStore(uri)
    with pytest.raises(BuildRunning):
        store.move(Pointer("20260101T000000.000000Z-00000000", "0"), "another mark")
    shutil.rmtree(tmp_path / "cache")
    _change(corpus)
    build_stored(corpus, uri, TOY, **options)
    assert _text(open_index(uri, load=BagOfWords)) == TEA_AFTER


@pytest.mark.parametrize(
    ("address", "uri"),
    [
        ("s3://bucket/handbook/", "s3://bucket/handbook"),
        (str(Path("s3://bucket/handbook")), "s3://bucket/handbook"),
        (str(Path("file:///srv/index")), "file:///srv/index"),
        ("index", None),
        ("C:/index", None),
        ("https://search.example", None),
    ],
)
def test_which_addresses_are_those_of_stores(address: str, uri: str | None) -> None:
    assert uri_of(address) == uri


def test_an_address_of_another_kind_is_refused() -> None:
    with pytest.raises(BadSetting, match="from a folder, https:// or s3://, not ftp://"):
        open_index("ftp://bucket/handbook")
