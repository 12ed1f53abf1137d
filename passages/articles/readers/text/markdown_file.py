"""Markdown with YAML front matter -> Markdown without it, and the fields it held."""

from __future__ import annotations

import re

import yaml

from passages.articles.readers.decoding import decode, one_line
from passages.articles.readers.reading import Reading, within_bounds
from passages.errors import UnreadableFile

_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)(?:^|\n)(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_MAX_FRONT_MATTER = 10_000  # characters; what is longer is text between two rules


def read(data: bytes) -> Reading:
    """Read a Markdown file. The body is kept as it is, but for what `decode` makes equal.

    Raises:
        UnreadableFile: not a text, or front matter that is not YAML.
    """
    text, notes = decode(data)
    match = _FRONT_MATTER.match(within_bounds(text))
    fields = _fields(match[1]) if match and len(match[1]) <= _MAX_FRONT_MATTER else None
    if match and fields is not None:
        text = text[match.end() :]

    def field(name: str) -> str | None:
        value = (fields or {}).get(name)
        return one_line(value) if isinstance(value, str) else None

    return Reading(
        text,
        title=field("title"),
        source=field("source"),
        url=field("url"),
        date=field("date"),
        language=field("lang"),
        notes=tuple(notes),
    )


def _fields(front_matter: str) -> dict[str, object] | None:
    """The fields of the front matter, all text; None if it is prose between two rules."""
    try:
        # Not safe_load: to it `title: No` is False, and `date: 2024-02-30` an error.
        fields = yaml.BaseLoader(front_matter).get_single_data()
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = "" if mark is None else f"line {mark.line + 2}: "
        detail = getattr(error, "problem", None) or "nested too deep"
        raise UnreadableFile(
            f"front matter is not YAML ({place}{detail}): mend it or remove it"
        ) from error
    if fields is None:
        return {}
    return fields if isinstance(fields, dict) else None
