"""One row per question and setting, as CSV, Parquet or JSON lines."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from passages.errors import BadSetting, MissingExtra
from passages.evaluation.figures.summary import finite
from passages.evaluation.files.writable import writable
from passages.evaluation.lines import Line

SUFFIXES = (".csv", ".parquet", ".jsonl")


def check_suffix(path: Path) -> None:
    """Refuse a file type that cannot be written, before anything is measured.

    Raises:
        BadSetting: another suffix.
        MissingExtra: Parquet without pyarrow.
    """
    if path.suffix not in SUFFIXES:
        raise BadSetting(f"{path}: the name must end with {', '.join(SUFFIXES)}")
    if path.suffix == ".parquet":
        try:
            import pyarrow.parquet  # noqa: F401
        except ImportError as error:
            raise MissingExtra(f"{path}: Parquet needs pyarrow: pip install pyarrow") from error


def write_per_question(path: Path, lines: Mapping[str, Sequence[Line]]) -> None:
    """Write every line of every setting; each measure is a column of its own.

    `probability`, `missing` and `numbers` are those of the first hit. In CSV, what is a list is
    JSON.

    Raises:
        BadSetting: another suffix, or the file cannot be written.
        MissingExtra: Parquet without pyarrow.
    """
    check_suffix(path)
    rows = [_row(setting, line) for setting, each in lines.items() for line in each]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with writable(path):
        if path.suffix == ".parquet":
            _write_parquet(path, [{name: row.get(name) for name in columns} for row in rows])
        else:
            _write_text(path, rows, columns)


def _write_text(path: Path, rows: list[dict[str, Any]], columns: list[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        if path.suffix == ".jsonl":
            stream.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            return
        table = csv.DictWriter(stream, columns)
        table.writeheader()
        table.writerows({name: _cell(value) for name, value in row.items()} for row in rows)


def _row(setting: str, line: Line) -> dict[str, Any]:
    fields = {**line.to_json(), "setting": setting}
    measures = fields.pop("measures")
    nested = {name: fields.pop(name) for name in ("ranks", "replaced", "unknown", "hits")}
    first = line.hits[0] if line.hits else {}
    of_first = {name: first.get(name) for name in ("probability", "missing", "numbers")}
    row: dict[str, Any] = finite({"setting": setting, **fields, **measures, **of_first, **nested})
    return row


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def _write_parquet(path: Path, rows: list[dict[str, Any]]) -> None:
    import pyarrow
    from pyarrow import parquet

    parquet.write_table(pyarrow.Table.from_pylist(rows), path)
