"""Whatever stops a build, at any point of it: the old snapshot serves, and the next build mends."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, TEA_AFTER, TEA_BEFORE


def points_of(mode: str, corpus: Path, index: Path) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "tests.faults", mode, str(corpus), str(index)]
    output = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, timeout=300)
    return [json.loads(line) for line in output.stdout.splitlines()]


@pytest.mark.parametrize(
    ("mode", "least"),
    [
        ("kill-at-file-operations", 40),
        ("kill-at-calls", 50),
        ("full-disk", 20),
        ("file-size-limit", 20),
    ],
)
def test_whatever_stops_a_build_old_or_new_serves_and_the_next_build_mends(
    mode: str, least: int, changed: Path, index_folder: Path
) -> None:
    points = points_of(mode, changed, index_folder)
    assert len(points) >= least
    struck = [point for point in points if "finished" not in point["fault"]]
    assert len(struck) >= 0.9 * len(points)
    for point in points:
        check_point(mode, point)


def check_point(mode: str, point: dict[str, Any]) -> None:
    """Old or new is seen where the build was struck, and the next one leaves what it should."""
    _check_fault(mode, point["fault"])
    assert point["seen"].get("texts", [""])[0] in (TEA_BEFORE, TEA_AFTER), point
    assert point["seen"]["articles"] == 2, point
    assert point["mended"]["texts"][0] == TEA_AFTER, point
    assert set(point["mended"]["names"]) == {".lock", "CURRENT"}, point


def _check_fault(mode: str, fault: dict[str, Any]) -> None:
    if "finished" in fault:
        return
    if mode == "full-disk":
        assert fault["error"] == "IndexNotWritten", fault
        assert "No space left" in fault["message"], fault
    elif mode == "file-size-limit":
        assert fault["error"] in ("IndexNotWritten", "IndexDamaged"), fault
    else:
        assert fault == {"signal": 9}


def test_a_build_killed_while_it_encodes_goes_on_where_it_was(
    changed: Path, index_folder: Path
) -> None:
    points = points_of("kill-while-encoding", changed, index_folder)
    assert [point["fault"] for point in points] == [{"signal": 9}] * 3
    assert [point["seen"]["texts"][0] for point in points] == [TEA_BEFORE] * 3
    assert [point["mended"]["encoded"] for point in points] == [2, 1, 0]


def test_an_index_folder_that_may_only_be_read_serves_and_is_not_built(
    changed: Path, index_folder: Path
) -> None:
    # Not in tmp_path: the user that this test becomes may not enter there.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        corpus, index = Path(folder) / "corpus", Path(folder) / "index"
        shutil.copytree(changed, corpus)
        shutil.copytree(index_folder, index)
        [seen] = points_of("read-only", corpus, index)
        for path in (index, *index.rglob("*")):
            path.chmod(0o755)
    assert seen["fault"]["error"] == "IndexNotWritten"
    assert "Permission denied" in seen["fault"]["message"]
    assert seen["seen"]["texts"][0] == TEA_BEFORE


def test_an_index_from_a_stranger_can_at_worst_be_refused(corpus: Path, index_folder: Path) -> None:
    seen = points_of("strangers", corpus, index_folder)
    assert len(seen) >= 300
    refused = 0
    for look in seen:
        result = look["seen"]
        assert "signal" not in result, look
        if "error" in result:
            refused += 1
            assert result["error"] == "IndexDamaged", look
            assert "python -m passages build" in result["message"], look
    assert refused >= 150
