"""Rows of the files that test collections come in: JSON lines, TSV, Parquet; also with gzip."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from passages.errors import BadQuestions, MissingExtra, NoQuestions

SUFFIXES = (".jsonl", ".jsonl.gz", ".tsv", ".tsv.gz", ".parquet")


def kind_of(path: Path) -> str:
    """`.jsonl`, `.tsv` or `.parquet`; any other suffix as it is."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes[-1:] == [".gz"]:
        suffixes.pop()
    known = {".json": ".jsonl", ".csv": ".tsv"}
    return known.get(suffixes[-1], suffixes[-1]) if suffixes else ""


def open_text(path: Path) -> TextIO:
    """Open a text, compressed with gzip or not; invalid UTF-8 becomes replacement characters.

    Raises:
        NoQuestions: there is no such file, or it cannot be read.
    """
    try:
        if path.suffix.lower() == ".gz":
            return gzip.open(path, "rt", encoding="utf-8-sig", errors="replace", newline="\n")
        return path.open(encoding="utf-8-sig", errors="replace", newline="\n")
    except OSError as error:
        raise NoQuestions(f"{path} cannot be read: {error.strerror}") from error


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a file, each a dictionary; a tab-separated file has its names in line 1.

    Raises:
        BadQuestions: a line that is no row; the message names it.
        MissingExtra: the file is Parquet, and pyarrow is not installed.
    """
    kind = kind_of(path)
    if kind == ".parquet":
        return _parquet(path)
    return _tsv(path) if kind == ".tsv" else _jsonl(path)


def text_of(row: dict[str, Any], *names: str) -> str | None:
    """The first of these fields that the row has, as text; None where it has none of them."""
    found = next((row[name] for name in names if row.get(name) is not None), None)
    return None if found is None else str(found)


def needed(row: dict[str, Any], path: Path, *names: str) -> str:
    """The same for a required field.

    Raises:
        BadQuestions: it is not.
    """
    found = text_of(row, *names)
    if found is None:
        raise BadQuestions(
            f"{path}: a row without {' or '.join(map(repr, names))}: {str(row)[:80]}"
        )
    return found


def _jsonl(path: Path) -> Iterator[dict[str, Any]]:
    with open_text(path) as stream:
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as error:
                raise BadQuestions(f"{path} line {number}: no JSON ({error})") from error
            if not isinstance(row, dict):
                raise BadQuestions(f"{path} line {number}: no JSON object")
            yield row


def _tsv(path: Path) -> Iterator[dict[str, Any]]:
    with open_text(path) as stream:
        names = next(stream, "").rstrip("\r\n").split("\t")
        for number, line in enumerate(stream, start=2):
            if not line.strip():
                continue
            cells = line.rstrip("\r\n").split("\t")
            if len(cells) != len(names):
                raise BadQuestions(f"{path} line {number}: {len(cells)} columns, not {len(names)}")
            yield dict(zip(names, cells, strict=True))


def _parquet(path: Path) -> Iterator[dict[str, Any]]:
    try:
        from pyarrow import parquet
    except ImportError as error:
        raise MissingExtra(f"{path}: Parquet needs pyarrow: pip install pyarrow") from error
    for batch in parquet.ParquetFile(path).iter_batches():
        yield from batch.to_pylist()
