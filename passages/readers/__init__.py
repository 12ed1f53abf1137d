"""Bytes of one file -> Markdown: one module a kind of file, all with the same `read(data)`."""

from __future__ import annotations

from collections.abc import Callable

from passages.readers import markdown, plain_text
from passages.readers.reading import Reading

SUFFIXES: dict[str, Callable[[bytes], Reading]] = {
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".txt": plain_text.read,
}


def read(data: bytes, suffix: str) -> Reading:
    """Read the bytes of a file with this suffix.

    Raises:
        ValueError: not readable as what the suffix says; the message says why and what to do.
    """
    return SUFFIXES[suffix.lower()](data)
