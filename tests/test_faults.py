"""Kills, full disks, damage and rivals: the old snapshot serves, or the new; nothing between."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path

import pytest

from passages import BuildRunning, IndexDamaged, NoIndex
from passages.errors import IndexUnusable
from passages.index import folder as store
from passages.index.manifest import sha256
from passages.opening import open_index
from passages.search.searcher import Index
from passages.search.serving.live import LiveIndex
from tests.conftest import TEA_AFTER, TEA_BEFORE, BagOfWords, build


def _variants(data: bytes) -> dict[str, bytes | None]:
    """Damaged copies of a file; None is the file gone."""
    size = len(data)
    places = range(0, size, max(1, size // 20))
    flips = {f"bit flipped at {at}": _flipped(data, at) for at in places}
    cuts = {f"cut to {to}": data[:to] for to in {0, size // 2, size - 1}}
    return {**flips, **cuts, "a byte more": data + b"\0", "missing": None}


def _flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ (1 << at % 8)]) + data[at + 1 :]


def test_damage_to_any_file_is_refused_in_one_sentence(
    index_folder: Path, open_toy: Callable[[Path], Index]
) -> None:
    snapshot = store.serving(index_folder)
    tried = 0
    for path in [*sorted(p for p in snapshot.rglob("*") if p.is_file()), index_folder / "CURRENT"]:
        data = path.read_bytes()
        for what, damaged in _variants(data).items():
            if damaged == data:
                continue
            path.unlink() if damaged is None else path.write_bytes(damaged)
            tried += 1
            _check_refused(f"{path.name} {what}", index_folder, open_toy)
        path.write_bytes(data)
    assert tried >= 300
    assert open_toy(index_folder).about.passages == 5


def _check_refused(what: str, index_folder: Path, open_toy: Callable[[Path], Index]) -> None:
    try:
        answer = open_toy(index_folder).search("is it bitter")
        refusal = ""
    except (IndexDamaged, NoIndex) as error:
        refusal = str(error)
    mend = f"build it with `python -m passages build --index {index_folder}`"
    if refusal:
        assert refusal.endswith(mend), what
        assert "\n" not in refusal
    else:
        # A flip that only changes the name of the snapshot before hits nothing that is served.
        assert what.startswith("CURRENT"), what
        assert answer.hits[0].sentence == "It is bitter."


def test_swapped_and_foreign_files_are_refused(
    index_folder: Path, open_toy: Callable[[Path], Index]
) -> None:
    snapshot = store.serving(index_folder)
    keys, vectors = snapshot / "vectors.keys", snapshot / "passages.rows"
    first, second = keys.read_bytes(), vectors.read_bytes()
    keys.write_bytes(second)
    vectors.write_bytes(first)
    with pytest.raises(IndexDamaged):
        open_toy(index_folder)
    keys.write_bytes(first)
    vectors.write_bytes(second)
    (snapshot / "code.py").write_text("raise SystemExit")
    with pytest.raises(IndexDamaged, match="not named in the manifest"):
        open_toy(index_folder)


def test_another_format_version_is_refused(
    index_folder: Path, open_toy: Callable[[Path], Index]
) -> None:
    manifest = store.serving(index_folder) / "manifest.json"
    text = manifest.read_text("utf-8")
    manifest.write_text(text.replace('"format": ', '"format": 9'), "utf-8")
    pointer = index_folder / "CURRENT"
    fields = json.loads(pointer.read_text("utf-8"))
    pointer.write_text(json.dumps({**fields, "sha256": sha256(manifest)}), "utf-8")
    with pytest.raises(
        IndexDamaged, match=r"has format 9\d+, this program reads \d+: build it with"
    ):
        open_toy(index_folder)


def test_a_damaged_index_is_rebuilt_and_said_so(corpus: Path, index_folder: Path) -> None:
    (store.serving(index_folder) / "texts.bin").write_bytes(b"")
    report = build(corpus, index_folder)
    assert report.published
    assert report.embedded == 5
    assert "the last snapshot was not used" in report.problems[0].problem


def test_a_second_build_says_who_holds_the_lock_and_leaves(
    corpus: Path, index_folder: Path
) -> None:
    holder = f"built by process {os.getpid()} since"
    with store.building(index_folder), pytest.raises(BuildRunning, match=holder):
        build(corpus, index_folder)
    assert not build(corpus, index_folder).published


def test_rollback_serves_the_snapshot_before_and_forward_again(
    changed: Path, index_folder: Path, open_toy: Callable[[Path], Index]
) -> None:
    with pytest.raises(NoIndex, match="no snapshot before"):
        store.rollback(index_folder)
    build(changed, index_folder)
    store.rollback(index_folder)
    assert open_toy(index_folder).search("green tea").hits[0].passage.text == TEA_BEFORE
    store.rollback(index_folder)
    assert open_toy(index_folder).search("green tea").hits[0].passage.text == TEA_AFTER


def test_two_snapshots_are_kept(corpus: Path, index_folder: Path) -> None:
    for number in range(4):
        (corpus / "new.md").write_text(f"# New\n\nText number {number}.\n", "utf-8")
        build(corpus, index_folder)
    pointer = store.read_pointer(index_folder)
    kept = {path.name for path in index_folder.iterdir() if path.name.startswith("2")}
    assert kept == {pointer.snapshot, pointer.previous}


def test_readers_see_one_snapshot_whole_while_twenty_rebuilds_land(
    tmp_path: Path, open_toy: Callable[[Path], Index]
) -> None:
    corpus, index = tmp_path / "versions", tmp_path / "index"
    corpus.mkdir()

    def write(version: int) -> None:
        for name in "abc":
            (corpus / f"{name}.md").write_text(
                f"# {name}\n\nThis is version v{version}.\n", "utf-8"
            )
        build(corpus, index)

    write(0)
    done, seen, torn = threading.Event(), set(), []

    def read() -> None:
        while not done.is_set():
            hits = open_toy(index).search("which version is this").hits
            versions = {hit.sentence for hit in hits}
            seen.update(versions)
            if len(versions) != 1 or len(hits) != 3:
                torn.append(versions)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for version in range(1, 21):
        write(version)
    done.set()
    for reader in readers:
        reader.join()
    assert not torn
    assert len(seen) >= 3


def test_a_link_out_of_the_corpus_is_not_followed(corpus: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("# Secret\n\nA secret.\n", "utf-8")
    (corpus / "link.md").symlink_to(secret)
    folder = tmp_path / "folder"
    folder.mkdir()
    shutil.copy(secret, folder / "other.md")
    (corpus / "sub").symlink_to(folder)
    report = build(corpus, tmp_path / "index")
    assert report.articles == 2
    assert {problem.file for problem in report.problems} == {"link.md", "sub"}
    assert all("not followed" in problem.problem for problem in report.problems)


def _open_toy(folder: Path, like: Index | None) -> Index:
    return open_index(folder, BagOfWords, like=like)


def _open_unread(folder: Path, like: Index | None) -> Index:
    """As a snapshot is opened that is too large to be read through first."""
    return open_index(folder, BagOfWords, like=like, verify=False)


def test_a_live_index_changes_over_and_keeps_the_old_one_when_the_new_is_damaged(
    changed: Path, index_folder: Path
) -> None:
    live = LiveIndex(index_folder, _open_toy, poll_seconds=0.01)
    try:
        assert live.looked.wait(20)
        old = live.index
        assert old is not None
        build(changed, index_folder)
        _until(lambda: live.index is not old)
        new = live.index
        assert new is not None
        assert old.search("green tea").hits[0].passage.text == TEA_BEFORE
        assert new.search("green tea").hits[0].passage.text == TEA_AFTER
        (index_folder / "CURRENT").write_text("{}")
        _until(lambda: live.problem is not None)
        assert "names no snapshot" in str(live.problem)
        assert live.index is new
    finally:
        live.stop()


def test_a_large_index_is_read_through_while_it_serves_and_dropped_if_it_is_damaged(
    changed: Path, index_folder: Path
) -> None:
    live = LiveIndex(index_folder, _open_unread, poll_seconds=0.01)
    try:
        _until(lambda: live.index is not None and live.index.source.verified)
        old = live.index
        build(changed, index_folder)
        _until(lambda: live.index is not old and live.index.source.verified)
        new = live.index
        store.rollback(index_folder)
        _until(lambda: live.index is not new)
        rolled_back = live.index
        path = store.serving(index_folder).parent / new.about.name / "vectors.f16"
        path.write_bytes(bytes(path.stat().st_size))
        with pytest.raises(IndexDamaged, match="not rolled back"):
            store.rollback(index_folder)
        pointer = store.read_pointer(index_folder)
        store.point(
            index_folder,
            store.Pointer(*astuple(pointer)[2:], *astuple(pointer)[:2]),
        )
        _until(lambda: live.problem is not None)
        assert isinstance(live.problem, IndexDamaged)
        assert "vectors.f16 has SHA-256" in str(live.problem)
        assert live.index is rolled_back
        with pytest.raises(IndexDamaged, match=r"vectors\.f16 has SHA-256 .*: build it with"):
            open_index(index_folder, BagOfWords, verify=True)
    finally:
        live.stop()


def test_a_live_index_serves_while_the_next_is_opened_and_survives_any_failure(
    changed: Path, index_folder: Path
) -> None:
    opening, may_open = threading.Event(), threading.Event()
    may_open.set()

    def slowly(folder: Path, like: Index | None) -> Index:
        opening.set()
        assert may_open.wait(20)
        if (folder / "fail").exists():
            raise RuntimeError("out of something")
        return open_index(folder, BagOfWords)

    live = LiveIndex(index_folder, slowly, poll_seconds=0.01)
    try:
        assert live.looked.wait(20)
        old = live.index
        assert old is not None
        may_open.clear()
        opening.clear()
        build(changed, index_folder)
        assert opening.wait(20)
        assert live.index is old
        assert old.search("green tea").hits[0].passage.text == TEA_BEFORE
        (index_folder / "fail").touch()
        may_open.set()
        _until(lambda: isinstance(live.problem, IndexUnusable))
        assert live.index is old
        (index_folder / "fail").unlink()
        store.rollback(index_folder)
        store.rollback(index_folder)
        newest = store.serving(index_folder)
        _until(lambda: live.index.about.name == newest.name and live.problem is None)
        assert live.index.search("green tea").hits[0].passage.text == TEA_AFTER
    finally:
        may_open.set()
        live.stop()


def test_a_live_index_waits_for_the_first_build(corpus: Path, tmp_path: Path) -> None:
    live = LiveIndex(tmp_path / "index", _open_toy, poll_seconds=0.01)
    try:
        assert live.looked.wait(20)
        assert (live.index, live.problem) == (None, None)
        build(corpus, tmp_path / "index")
        _until(lambda: live.index is not None)
    finally:
        live.stop()


def _until(condition: Callable[[], bool]) -> None:
    ticker = threading.Event()
    for _ in range(2000):
        if condition():
            return
        ticker.wait(0.01)
    raise AssertionError("did not come to pass in 20 s")
