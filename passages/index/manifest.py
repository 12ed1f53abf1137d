"""What a snapshot says of itself: how it was made, from what, and the hash of each of its files."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from passages.articles.corpus import Problem
from passages.errors import IndexDamaged
from passages.models.supply import Model

FORMAT = 4
"""Increment it when a snapshot written before can no longer be read."""

FILE = "manifest.json"

SNAPSHOT_NAME = re.compile(r"\d{8}T\d{6}\.\d{6}Z-[0-9a-f]{8}")
"""The name of a snapshot's folder: when it was published, and the start of its manifest's hash."""


@dataclass(frozen=True, slots=True)
class ArticleFile:
    """The file an article was read from, and what an editor should know about it.

    `kept` says why this is the article's last good text where its file cannot be read now; the
    hash is then that of the text's file, not of the one that lies there.
    """

    file: str
    sha256: str
    size: int
    mtime_ns: int
    problems: tuple[Problem, ...] = ()
    kept: str | None = None


@dataclass(frozen=True, slots=True)
class ShardEntry:
    """A shard as its collection names it: its snapshot, the hash of its manifest, and counts."""

    name: str
    sha256: str
    articles: int
    sections: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """The contents of `manifest.json`; `articles` is in the order of the article rows.

    That of a collection of several shards names them in `shards`, and they name their `articles`.
    `part` says that this is such a shard, and that what is global stands in its collection.

    `synonyms` is the SHA-256 of the editor's synonyms, empty without.
    `refused` are the files that are no articles, `repeated` the texts that stand in several.
    `token_model` made the codes of the passages' tokens, `tokens` of `code_bytes` each; None where
    the index has none.
    """

    created: str
    corpus: str
    model: Model
    dimension: int
    chunking: dict[str, int]
    articles: dict[str, ArticleFile]
    passages: int
    sentences: int
    synonyms: str = ""
    refused: tuple[Problem, ...] = ()
    repeated: tuple[Problem, ...] = ()
    calibration: dict[str, Any] = field(default_factory=dict)
    token_model: Model | None = None
    tokens: int = 0
    code_bytes: int = 0
    part: bool = False
    shards: tuple[ShardEntry, ...] = ()
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All that an editor should know of the build."""
        of_articles = (problem for file in self.articles.values() for problem in file.problems)
        return (*self.refused, *of_articles, *self.repeated)

    def write(self, folder: Path) -> None:
        """Write the manifest into a snapshot's folder."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1)
        (folder / FILE).write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Read a snapshot's manifest.

    Raises:
        IndexDamaged: missing, not readable, or of another format version.
    """
    path = folder / FILE
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        found = fields["format"]
        if found != FORMAT:
            raise IndexDamaged(f"{path} has format {found!r}, this program reads {FORMAT}")
        fields["model"] = Model(**fields["model"])
        if not all(str.isprintable(value) for value in fields["model"].to_json().values()):
            raise TypeError("its model has no name")
        if fields.get("token_model") is not None:
            fields["token_model"] = Model(**fields["token_model"])
        fields["articles"] = {k: _article_file(v) for k, v in fields["articles"].items()}
        fields["refused"] = _problems(fields["refused"])
        fields["repeated"] = _problems(fields["repeated"])
        fields["shards"] = tuple(_shard_entry(entry) for entry in fields.get("shards", ()))
        return Manifest(**fields)
    except (OSError, UnicodeDecodeError) as error:
        raise IndexDamaged(f"{path} cannot be read ({error})") from error
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamaged(f"{path} is no manifest ({error})") from error


def _shard_entry(fields: dict[str, Any]) -> ShardEntry:
    entry = ShardEntry(**fields)
    if not SNAPSHOT_NAME.fullmatch(entry.name):
        raise TypeError(f"{entry.name!r} is no snapshot")
    return entry


def _article_file(fields: dict[str, Any]) -> ArticleFile:
    return ArticleFile(**{**fields, "problems": _problems(fields["problems"])})


def _problems(listed: list[dict[str, str]]) -> tuple[Problem, ...]:
    return tuple(Problem(**fields) for fields in listed)


def describe_files(folder: Path) -> dict[str, dict[str, Any]]:
    """Size and SHA-256 of every file of a snapshot but the manifest, by relative name."""
    return {
        path.relative_to(folder).as_posix(): {"bytes": path.stat().st_size, "sha256": sha256(path)}
        for path in _files(folder)
    }


def check_files(folder: Path, manifest: Manifest) -> None:
    """Compare names and sizes of the files of a snapshot with its manifest.

    Raises:
        IndexDamaged: a file is missing, too many or cut; the message says which and how.
    """
    present = {path.relative_to(folder).as_posix(): path for path in _files(folder)}
    for name, expected in manifest.files.items():
        path = present.pop(name, None)
        if path is None:
            raise IndexDamaged(f"{folder / name} is missing")
        size = path.stat().st_size
        if size != expected["bytes"]:
            raise IndexDamaged(f"{path} has {size} bytes, the manifest says {expected['bytes']}")
    if present:
        raise IndexDamaged(f"{folder / min(present)} is not named in the manifest")


def verify_files(folder: Path, manifest: Manifest) -> None:
    """Compare every byte of a snapshot with its manifest.

    Raises:
        IndexDamaged: a file is missing, too many, cut or altered; the message says which and how.
    """
    check_files(folder, manifest)
    for name, expected in manifest.files.items():
        found = sha256(folder / name)
        if found != expected["sha256"]:
            raise IndexDamaged(
                f"{folder / name} has SHA-256 {found}, the manifest says {expected['sha256']}"
            )


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != FILE)
