"""Archives that documents are packed in: their members by name, within bounds.

A member made to fill the memory is harmless where nobody asks for it, and bounded where one does.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from passages.errors import UnreadableFile

MAX_MEMBERS = 5_000  # files in the archive, most of them pictures


class Packed:
    """Reads members by name and keeps count of what they hold."""

    def __init__(self, archive: zipfile.ZipFile, max_bytes: int, advice: str) -> None:
        members = archive.infolist()
        if len(members) > MAX_MEMBERS:
            raise UnreadableFile(f"{len(members):,} files in it: at most {MAX_MEMBERS:,}")
        self._archive, self._max_bytes, self._advice = archive, max_bytes, advice
        self._members = {member.filename: member for member in members}
        self._bytes = 0

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def read(self, name: str) -> bytes | None:
        """The bytes of a member; None if there is none of this name.

        Raises:
            UnreadableFile: a password, an unknown way of packing, or too many bytes in all.
        """
        member = self._members.get(name)
        if member is None:
            return None
        if member.flag_bits & 1:
            raise UnreadableFile("protected by a password: save it without one")
        if member.header_offset < 0:  # the list of members was cut; zipfile would not say so
            raise zipfile.BadZipFile("begins before the archive")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise UnreadableFile(f"packed in a way that few programs know: {self._advice}")
        self._bytes += member.file_size
        if self._bytes > self._max_bytes:
            raise UnreadableFile(f"more than {self._max_bytes // 1_000_000} MB of text: divide it")
        with self._archive.open(member) as stream:
            return stream.read(member.file_size)  # `read()` would unpack what the size belies


@contextmanager
def unpacked(data: bytes, kind: str, advice: str, max_bytes: int) -> Iterator[Packed]:
    """Open an archive.

    Args:
        data: the file.
        kind: what it ought to be, for messages: "Word document".
        advice: what to do if it is damaged.
        max_bytes: of all members that are read.

    Raises:
        UnreadableFile: no archive, or a damaged one; also where a member shows that, later on.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield Packed(archive, max_bytes, advice)
    except zipfile.BadZipFile as error:
        raise UnreadableFile(f"no {kind}, or a damaged one: {advice}") from error
    except (OSError, EOFError, NotImplementedError, zlib.error) as error:
        raise UnreadableFile(f"a damaged {kind} ({type(error).__name__})") from error
