"""Markdown with YAML front matter -> Markdown without it, and the fields it held."""

from __future__ import annotations

import re

import yaml

from passages.readers.decoding import decode
from passages.readers.reading import Reading

_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)(?:^|\n)(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)


def read(data: bytes) -> Reading:
    """Read a Markdown file. The body is kept as it is, character for character.

    Raises:
        ValueError: not a text, or front matter that is not YAML.
    """
    text, notes = decode(data)
    match = _FRONT_MATTER.match(text)
    fields = _fields(match[1]) if match else None
    if match and fields is not None:
        text = text[match.end() :]

    def field(name: str) -> str | None:
        value = (fields or {}).get(name)
        return None if value is None else str(value).strip() or None

    return Reading(text, field("title"), field("source"), field("url"), field("date"), tuple(notes))


def _fields(front_matter: str) -> dict[str, object] | None:
    """The fields of the front matter; None if it is prose between two rules."""
    try:
        fields = yaml.safe_load(front_matter)
    except yaml.YAMLError as error:
        detail = " ".join(str(error).split())
        raise ValueError(f"front matter is not YAML ({detail}): mend it or remove it") from error
    if fields is None:
        return {}
    return fields if isinstance(fields, dict) else None
