"""An index folder in object storage, or on any filesystem that `pyarrow.fs` knows, by its URI.

It holds the files of an index folder by the same names, and nothing is served from there: what
serves is fetched first (see `mirror`). A snapshot is uploaded before the pointer moves, and that
moves only if nobody moved it meanwhile.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from typing import Any

from passages.errors import (
    BuildRunning,
    IndexDamaged,
    NoIndex,
    PassagesError,
    StoreUnavailable,
)
from passages.extras import needs
from passages.index import manifest
from passages.index.folder import POINTER, Pointer, build_command, parse_pointer
from passages.index.storage.pointers import Changed, Pointers, pointers_at

_BLOCK = 1 << 20
_AT_ONCE = 8


class ObjectStore:
    """The index at a URI. Safe to share between threads."""

    def __init__(self, uri: str) -> None:
        """Connect to it.

        Raises:
            MissingExtra: the libraries for it are not installed.
            StoreUnavailable: the URI cannot be read.
        """
        with needs("store", f"an index at {uri}"):
            from pyarrow import fs
        self.uri = uri
        self._selector = fs.FileSelector
        with self._reaching():
            self._files, self._root = fs.FileSystem.from_uri(uri)
        self._pointers: Pointers = pointers_at(uri, self._files, f"{self._root}/{POINTER}")

    def mark(self) -> str | None:
        """Changes with what serves there; None where nothing was published yet.

        Raises:
            StoreUnavailable: the store cannot be reached, or refuses.
        """
        with self._reaching():
            found = self._pointers.read()
        return found[1] if found else None

    def read(self) -> Pointer:
        """What serves there.

        Raises:
            NoIndex: nothing was published there yet.
            IndexDamaged: the pointer cannot be read as one.
            StoreUnavailable: the store cannot be reached, or refuses.
        """
        with self._reaching():
            found = self._pointers.read()
        if found is None:
            raise NoIndex(f"no index in {self.uri}: {build_command(self.uri)}")
        return parse_pointer(found[0], f"{self.uri}/{POINTER}", self.uri)

    def move(self, pointer: Pointer, mark: str | None) -> None:
        """Let `pointer` serve, if the mark is still this one.

        Raises:
            BuildRunning: another build has published meanwhile; nothing is changed.
            StoreUnavailable: the store cannot be reached, or refuses.
        """
        try:
            with self._reaching():
                self._pointers.move(json.dumps(asdict(pointer)) + "\n", mark)
        except Changed as error:
            raise BuildRunning(
                f"another build has published to {self.uri} meanwhile: build again"
            ) from error

    def fetch(self, name: str, sha256: str, folder: Path) -> manifest.Manifest:
        """Fetch a snapshot into the new folder `folder`, every byte compared with its manifest.

        Raises:
            IndexDamaged: a file is missing, cut or another.
            StoreUnavailable: the store cannot be reached, or refuses.
        """
        folder.mkdir(parents=True)
        self._fetch(f"{name}/{manifest.FILE}", folder / manifest.FILE, sha256)
        about = manifest.read_manifest(folder)

        def fetch(item: tuple[str, dict[str, Any]]) -> None:
            file, expected = item
            if not _is_inside(file):
                raise IndexDamaged(f"{self.uri}/{name} names a file {file!r}")
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            self._fetch(f"{name}/{file}", path, expected["sha256"])

        _at_once(fetch, about.files.items())
        return about

    def upload(self, folder: Path) -> None:
        """Upload the snapshot in `folder` under its name; of what is there already what differs.

        The manifest comes last, so what has one is whole.

        Raises:
            StoreUnavailable: the store cannot be reached, or refuses.
        """
        about = manifest.read_manifest(folder)
        if self._files.type_name != "s3":  # which has none
            with self._reaching():
                for parent in {
                    str(PurePosixPath(folder.name, file).parent) for file in about.files
                }:
                    self._files.create_dir(f"{self._root}/{parent}", recursive=True)

        def upload(item: tuple[str, dict[str, Any]]) -> None:
            file, expected = item
            if self._sha256(f"{folder.name}/{file}") != expected["sha256"]:
                self._upload(folder / file, f"{folder.name}/{file}")

        _at_once(upload, about.files.items())
        digest = manifest.sha256(folder / manifest.FILE)
        upload((manifest.FILE, {"sha256": digest}))

    def remove_before(self, pointer: Pointer) -> None:
        """Remove what is older than `pointer` and not named by it, nor by what it names.

        What is younger another build may be uploading.
        """
        kept = {pointer.snapshot, pointer.previous}
        try:
            for name in filter(None, tuple(kept)):
                about = json.loads(self._bytes(f"{name}/{manifest.FILE}"))
                kept |= {shard["name"] for shard in about.get("shards", ())}
            with self._reaching():
                listed = self._files.get_file_info(self._selector(self._root))
                for name in (info.base_name for info in listed):
                    is_old = manifest.SNAPSHOT_NAME.fullmatch(name) and name < pointer.snapshot
                    if is_old and name not in kept:
                        self._files.delete_dir(f"{self._root}/{name}")
        except (IndexDamaged, StoreUnavailable, ValueError, KeyError, TypeError):
            return  # the next build tries again

    def _fetch(self, name: str, path: Path, sha256: str) -> None:
        found = hashlib.sha256()
        with path.open("wb") as stream:
            for block in self._blocks(name):
                found.update(block)
                stream.write(block)
        if found.hexdigest() != sha256:
            raise IndexDamaged(
                f"{self.uri}/{name} has SHA-256 {found.hexdigest()}, {sha256} was expected: "
                f"{build_command(self.uri)}"
            )

    def _upload(self, path: Path, name: str) -> None:
        opening = self._files.open_output_stream
        with path.open("rb") as source, self._reaching(), opening(f"{self._root}/{name}") as stream:
            while block := source.read(_BLOCK):
                stream.write(block)

    def _sha256(self, name: str) -> str | None:
        found = hashlib.sha256()
        try:
            for block in self._blocks(name):
                found.update(block)
        except IndexDamaged:
            return None
        return found.hexdigest()

    def _bytes(self, name: str) -> bytes:
        return b"".join(self._blocks(name))

    def _blocks(self, name: str) -> Iterator[bytes]:
        try:
            with self._reaching(), self._files.open_input_stream(f"{self._root}/{name}") as stream:
                while block := stream.read(_BLOCK):
                    yield block
        except FileNotFoundError as error:
            raise IndexDamaged(
                f"{self.uri}/{name} is missing: {build_command(self.uri)}"
            ) from error

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        """Turn what goes wrong on the way into StoreUnavailable; what is missing stays so."""
        try:
            yield
        except FileNotFoundError:
            raise
        except (OSError, ValueError) as error:  # pyarrow raises ValueError for a bad URI
            what = " ".join(str(error).split())
            raise StoreUnavailable(
                f"{self.uri} cannot be reached ({what}): check the address, the connection and "
                f"your rights"
            ) from error


def stamp_of(connect: Callable[[], ObjectStore]) -> str | None:
    """Changes with what serves in object storage; a sentence where it cannot be reached."""
    try:
        return connect().mark()
    except PassagesError as error:
        return str(error)


def _is_inside(file: str) -> bool:
    path = PurePosixPath(file)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in file


def _at_once(job: Callable[[Any], None], items: Any) -> None:
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for _ in pool.map(job, items):
            pass
