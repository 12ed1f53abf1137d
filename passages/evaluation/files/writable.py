"""Files that a user named; one that cannot be written is reported in one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from passages.errors import BadSetting


@contextmanager
def writable(path: Path) -> Iterator[None]:
    """Do the writing of `path` inside; its folder is made.

    Raises:
        BadSetting: it cannot be written, or exists where it must not.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield
    except FileExistsError as error:
        raise BadSetting(f"{path} exists already: remove it or name another") from error
    except OSError as error:
        raise BadSetting(f"{path} cannot be written: {error.strerror or error}") from error
