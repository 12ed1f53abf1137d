"""Kills, full disks, damage and rivals strike an index of several shards as one of a snapshot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from passages import IndexDamaged, NoIndex
from passages.index import folder as store
from passages.search.searcher import Index
from tests.conftest import TEA_AFTER, TEA_BEFORE, build
from tests.faults import POINTS_OF_SHARDS
from tests.test_kills import check_point, points_of


@pytest.fixture
def shards() -> int:
    return 3


@pytest.mark.parametrize(
    "mode", ["kill-at-file-operations", "kill-at-calls", "full-disk", "file-size-limit"]
)
def test_whatever_stops_a_build_old_or_new_serves_and_the_next_build_mends(
    mode: str, changed: Path, index_folder: Path
) -> None:
    points = points_of(mode, changed, index_folder)
    assert len(points) >= POINTS_OF_SHARDS
    for point in points:
        check_point(mode, point)


def test_damage_to_any_file_is_refused_in_one_sentence(
    index_folder: Path, open_toy: Callable[[Path], Index]
) -> None:
    files = [path for path in index_folder.rglob("*") if path.is_file() and path.name != ".lock"]
    assert len(files) >= 90
    mend = f"build it with `python -m passages build --index {index_folder}`"
    for path in files:
        data = path.read_bytes()
        middle = len(data) // 2
        flipped = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :] if data else b"\0"
        for damaged in (flipped, data + b"\0", None):
            path.unlink() if damaged is None else path.write_bytes(damaged)
            with pytest.raises((IndexDamaged, NoIndex)) as refused:
                open_toy(index_folder)
            assert str(refused.value).endswith(mend), path
        path.write_bytes(data)
    assert open_toy(index_folder).about.passages == 5


def test_rollback_serves_the_shards_before_and_those_of_now_again(
    changed: Path, index_folder: Path, open_toy: Callable[[Path], Index]
) -> None:
    build(changed, index_folder)
    store.rollback(index_folder)
    assert open_toy(index_folder).search("green tea").hits[0].passage.text == TEA_BEFORE
    store.rollback(index_folder)
    assert open_toy(index_folder).search("green tea").hits[0].passage.text == TEA_AFTER
