"""Markdown with front matter -> Markdown without it, and the fields it held."""

from __future__ import annotations

import re

from passages.articles.readers.decoding import decode
from passages.articles.readers.reading import Reading, within_bounds
from passages.articles.readers.text import front_matter

# Pictures inside the file: nobody reads them, and they may be longer than all else.
_PICTURE = re.compile(
    rb"data:[\w/+.;=-]{1,100};base64,\s*[A-Za-z0-9+/=%]+"
    rb"(?:(?:\r?\n[ \t]*[A-Za-z0-9+/=]{60,})*\r?\n[ \t]*[A-Za-z0-9+/=]+(?=[)>\"']))?"
)


def read(data: bytes) -> Reading:
    """Read a Markdown file. The body is kept as it is, but for what `decode` makes equal.

    Raises:
        UnreadableFile: not a text.
    """
    text, notes = decode(_PICTURE.sub(b"data:,", data))
    about, text = front_matter.split(within_bounds(text))
    return Reading(
        text,
        title=about.first("title"),
        source=about.first("source"),
        url=about.first("url", "permalink"),
        date=about.first("date"),
        language=about.first("lang", "language"),
        notes=(*notes, *about.notes),
        draft=about.is_draft,
    )
