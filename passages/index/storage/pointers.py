"""The one file of a stored index that changes, moved only if nobody else has moved it meanwhile.

S3 compares for us: a put that names the ETag it read (`If-Match`) is refused where there is
another. A filesystem of this machine is locked for the moment. Others have neither.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

from filelock import FileLock

from passages.errors import BadSetting
from passages.extras import needs

_SECONDS = 10
_REFUSED = ("PreconditionFailed", "ConditionalRequestConflict", "412", "409")
_MISSING = ("NoSuchKey", "404")


class Changed(Exception):
    """Somebody else has moved the pointer."""


class Pointers(Protocol):
    """The pointer file of a stored index."""

    def read(self) -> tuple[str, str] | None:
        """Its text and a mark that changes with it, or None where there is none.

        Raises:
            OSError: the store cannot be reached, or refuses.
        """

    def move(self, text: str, mark: str | None) -> None:
        """Replace the text, if the mark is still this one; None where there was no file.

        Raises:
            Changed: it is another.
            OSError: the store cannot be reached, or refuses.
        """


def pointers_at(uri: str, files: Any, path: str) -> Pointers:
    """The pointer file at this path of a filesystem of pyarrow."""
    if uri.startswith("s3:"):
        return _OfS3(uri, path)
    if uri.startswith("file:"):
        return _OfFolder(Path(path))
    return _OfOthers(uri, files, path)


class _OfS3:
    def __init__(self, uri: str, path: str) -> None:
        with needs("store", f"an index at {uri}"):
            import boto3
            from botocore.config import Config
        asked = {name: values[-1] for name, values in parse_qs(urlsplit(uri).query).items()}
        endpoint = asked.get("endpoint_override")
        self._bucket, _, self._key = path.partition("/")
        self._client = boto3.client(
            "s3",
            region_name=asked.get("region"),
            endpoint_url=f"{asked.get('scheme', 'https')}://{endpoint}" if endpoint else None,
            config=Config(connect_timeout=_SECONDS, read_timeout=_SECONDS),
        )

    def read(self) -> tuple[str, str] | None:
        with _as_os_error(self._client) as missing:
            found = self._client.get_object(Bucket=self._bucket, Key=self._key)
            return found["Body"].read().decode("utf-8", "replace"), str(found["ETag"])
        assert missing  # noqa: S101  # nothing else is let through
        return None

    def move(self, text: str, mark: str | None) -> None:
        condition = {"IfMatch": mark} if mark else {"IfNoneMatch": "*"}
        with _as_os_error(self._client) as missing:
            self._client.put_object(
                Bucket=self._bucket, Key=self._key, Body=text.encode(), **condition
            )
        if missing:
            raise Changed


@contextmanager
def _as_os_error(client: Any) -> Iterator[list[str]]:
    """Turn what boto3 raises into OSError; the list is filled where the object is missing."""
    from botocore.exceptions import BotoCoreError

    missing: list[str] = []
    try:
        yield missing
    except client.exceptions.ClientError as error:
        code = str(error.response.get("Error", {}).get("Code"))
        if code in _REFUSED:
            raise Changed from error
        if code not in _MISSING:
            raise OSError(str(error)) from error
        missing.append(code)
    except BotoCoreError as error:
        raise OSError(str(error)) from error


class _OfFolder:
    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> tuple[str, str] | None:
        try:
            text = self._path.read_text("utf-8", "replace")
        except FileNotFoundError:
            return None
        return text, text

    def move(self, text: str, mark: str | None) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(self._path.with_name(".pointer.lock")):
            before = self.read()
            if (before[1] if before else None) != mark:
                raise Changed
            aside = self._path.with_name(".CURRENT.new")
            with aside.open("w", encoding="utf-8") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            aside.replace(self._path)


class _OfOthers:
    def __init__(self, uri: str, files: Any, path: str) -> None:
        self._uri, self._files, self._path = uri, files, path

    def read(self) -> tuple[str, str] | None:
        try:
            with self._files.open_input_stream(self._path) as stream:
                text = stream.read().decode("utf-8", "replace")
        except FileNotFoundError:
            return None
        return text, text

    def move(self, text: str, mark: str | None) -> None:
        raise BadSetting(
            f"{self._uri} can be read, but not built into: two builds at once could not be told "
            f"apart there. Build into a folder, and copy it with CURRENT last"
        )
