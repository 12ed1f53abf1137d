"""Imports run one way, and each heavy library has one room that imports it."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

LAYERS = (
    {"errors"},
    {"version", "processor", "extras", "progress"},
    {"language", "models"},
    {"articles"},
    {"index"},
    {"building", "search"},
    {"evaluation"},
    {"service"},
    {"cluster"},
    {"opening"},
    {"cli", "page"},
)
"""Rooms, the lowest first: a room imports itself and those below it, none beside it."""

BESIDE = {("cli", "page")}
"""`passages serve` starts the page."""

ONE_ROOM = {
    "faiss": "passages/index/vectors/nearest.py",
    "sentence_transformers": "passages/models/engines/sentence_transformer.py",
    "onnxruntime": "passages/models/engines/onnx_network.py",
    "ray": "passages/cluster/",
    "streamlit": "passages/page/",
}


MODULES = 9
"""Of one room, at its top."""
LINES = 40
"""Of a function, its docstring left aside."""


def _modules() -> list[Path]:
    return sorted((ROOT / "passages").rglob("*.py"))


def _imports(path: Path) -> Iterator[str]:
    """All that a module imports, within functions and for types too."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _layer(room: str) -> int:
    [layer] = [number for number, rooms in enumerate(LAYERS) if room in rooms]
    return layer


def test_every_room_has_its_layer() -> None:
    rooms = {path.stem if path.is_file() else path.name for path in (ROOT / "passages").iterdir()}
    rooms -= {"__init__", "__main__", "__pycache__", "py"}
    assert rooms <= set.union(*LAYERS)


def test_imports_run_one_way() -> None:
    upward = set()
    for path in _modules():
        here = path.relative_to(ROOT / "passages").with_suffix("").parts[0]
        if here in ("__init__", "__main__"):  # the face and the door
            continue
        for name in _imports(path):
            if not name.startswith("passages."):
                continue
            there = name.split(".")[1]
            if there not in set.union(*LAYERS):  # a name of the lazy face, which reaches everything
                there = "opening"
            if there == here:
                continue
            if _layer(there) >= _layer(here) and (here, there) not in BESIDE:
                upward.add((here, there))
    assert upward == set()


@pytest.mark.parametrize("library", ONE_ROOM)
def test_a_heavy_library_has_one_importing_room(library: str) -> None:
    importers = {
        path.relative_to(ROOT).as_posix()
        for path in _modules()
        if any(name.split(".")[0] == library for name in _imports(path))
    }
    assert [path for path in importers if not path.startswith(ONE_ROOM[library])] == []
    assert importers or library == "ray"


def test_no_room_is_crowded() -> None:
    rooms = Counter(path.parent for path in _modules() if not path.stem.startswith("__"))
    tables = ROOT / "passages" / "language" / "tables"
    crowded = {room: n for room, n in rooms.items() if n > MODULES and room != tables}
    assert crowded == {}


def test_no_function_is_long() -> None:
    long = {}
    for path in _modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                said = (ast.get_docstring(node, clean=False) or "").splitlines()
                lines = (node.end_lineno or 0) - node.lineno + 1 - len(said)
                if lines > LINES:
                    long[f"{path.relative_to(ROOT)}:{node.name}"] = lines
    assert long == {}


def test_a_file_goes_to_the_index_through_five_rooms() -> None:
    entered, left = set(), ["building"]
    while left:
        room = left.pop()
        entered.add(room)
        for path in (ROOT / "passages" / room).rglob("*.py"):
            names = (name.split(".") for name in _imports(path) if name.startswith("passages."))
            rooms = {parts[1] for parts in names if (ROOT / "passages" / parts[1]).is_dir()}
            left += rooms - entered - set(left)
    assert entered == {"articles", "building", "index", "language", "models"}
