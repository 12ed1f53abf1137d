"""The index folder: the pointer, the lock, what is kept and what is cleaned up."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

import pytest

from passages import BuildRunning, IndexDamaged, NoIndex
from passages.articles.corpus import Problem
from passages.index import folder as store
from passages.index.folder import Pointer, publish, read_pointer, rollback
from passages.index.manifest import ArticleFile, Manifest, describe_files, read_manifest, sha256
from passages.index.storage.lock import build_running
from passages.models.supply import Model

NAME = "20260101T000000.000000Z-00000000"


def _manifest(created: str = "now") -> Manifest:
    article = ArticleFile("a.md", "0", 1, 2, (Problem("a.md", "guessed", "warning"),), "NUL bytes")
    model = Model("toy", "float32", "1")
    return Manifest(created, "corpus", model, 2, {"version": 1}, {"a": article}, 0, 0)


def _published(index: Path, created: str, **options: bool) -> str:
    with store.building(index) as staging:
        (staging / "data").write_text(created, "utf-8")
        manifest = _manifest(created)
        manifest.files.update(describe_files(staging))
        manifest.write(staging)
        return publish(index, staging, **options)


def test_a_manifest_reads_as_it_was_written(tmp_path: Path) -> None:
    _manifest().write(tmp_path)
    assert read_manifest(tmp_path) == _manifest()
    assert [problem.problem for problem in read_manifest(tmp_path).problems] == ["guessed"]


def test_the_pointer_names_the_newest_and_the_one_before(tmp_path: Path) -> None:
    names = [_published(tmp_path, f"build {number}") for number in range(3)]
    pointer = read_pointer(tmp_path)
    assert (pointer.snapshot, pointer.previous) == (names[2], names[1])
    assert pointer.sha256 == sha256(tmp_path / names[2] / "manifest.json")
    assert store.serving(tmp_path).name == names[2]
    assert not (tmp_path / names[0]).exists()


def test_where_the_last_is_not_whole_the_one_before_it_is_kept(tmp_path: Path) -> None:
    names = [_published(tmp_path, f"build {number}") for number in range(2)]
    (tmp_path / names[1] / "data").unlink()
    newest = _published(tmp_path, "mended", last_is_whole=False)
    assert read_pointer(tmp_path).snapshot == newest
    assert rollback(tmp_path) == names[0]
    assert (tmp_path / names[0] / "data").read_text("utf-8") == "build 0"


def test_rollback_goes_back_and_forth(tmp_path: Path) -> None:
    first, second = _published(tmp_path, "first"), _published(tmp_path, "second")
    assert [rollback(tmp_path) for _ in range(3)] == [first, second, first]
    assert store.serving(tmp_path).name == first


@pytest.mark.parametrize("file", ["data", "manifest.json"])
def test_rollback_to_what_is_damaged_changes_nothing(file: str, tmp_path: Path) -> None:
    first, second = _published(tmp_path, "first"), _published(tmp_path, "second")
    (tmp_path / first / file).write_bytes(b"other")
    with pytest.raises(IndexDamaged, match="not rolled back"):
        rollback(tmp_path)
    assert store.serving(tmp_path).name == second


def test_rollback_waits_for_no_build_but_leaves(tmp_path: Path) -> None:
    _published(tmp_path, "first")
    second = _published(tmp_path, "second")
    with store.building(tmp_path), pytest.raises(BuildRunning, match=str(os.getpid())):
        rollback(tmp_path)
    assert read_pointer(tmp_path).snapshot == second


def test_a_build_finds_an_empty_folder_and_leaves_none(tmp_path: Path) -> None:
    for left in (".building", NAME):
        (tmp_path / left).mkdir()
        (tmp_path / left / "torn").write_text("half", "utf-8")
    served = _published(tmp_path, "first")
    with store.building(tmp_path) as staging:
        assert list(staging.iterdir()) == []
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {".lock", "CURRENT", served}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "\udcff",
        "[" * 100_000,
        json.dumps({"snapshot": NAME}),
        json.dumps({"snapshot": NAME, "sha256": "", "more": 1}),
        *(
            json.dumps({"snapshot": name, "sha256": ""})
            for name in ("", ".", "..", "/", "../" + NAME, NAME + "/..", "a\0b", 7, None, "\ud800")
        ),
        json.dumps(asdict(Pointer(NAME, "", "../other", ""))),
    ],
)
def test_a_pointer_that_is_none_is_refused_with_the_command(text: str, tmp_path: Path) -> None:
    (tmp_path / "CURRENT").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(IndexDamaged, match=r"python -m passages build --index .*`$"):
        read_pointer(tmp_path)


def test_no_pointer_is_no_index(tmp_path: Path) -> None:
    with pytest.raises(NoIndex, match=r"no index in .*: build it with"):
        read_pointer(tmp_path / "none")


def test_whether_a_build_runs(tmp_path: Path) -> None:
    assert not build_running(tmp_path)
    with store.building(tmp_path):
        assert build_running(tmp_path)
    assert not build_running(tmp_path)
    for left in ("process 4194304 since yesterday", "process", "", "process x"):  # of one killed
        (tmp_path / ".lock.holder").write_text(left, "utf-8")
        assert not build_running(tmp_path)
