"""Bytes of one file -> Markdown: one module a kind of file, all with the same `read(data)`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from passages.articles.readers.epub import book
from passages.articles.readers.html import web_page
from passages.articles.readers.notebook import notebook
from passages.articles.readers.pdf import pdf
from passages.articles.readers.reading import (
    Reading,
    language_tag,
    report_line,
    within_bounds,
)
from passages.articles.readers.text import markdown_file as markdown
from passages.articles.readers.text import plain_text, table_file
from passages.articles.readers.word import word
from passages.errors import UnreadableFile

READERS_VERSION = 4
"""Increment it when a file of any kind becomes other Markdown, or another title, than before:
`python -m tests.versions` does."""

MAX_HEADINGS = 10_000
"""More headings are a list or a dictionary; each costs a section, and a line in the page."""

SUFFIXES: dict[str, Callable[[bytes], Reading]] = {
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".mdown": markdown.read,
    ".mdx": markdown.read,
    ".mkd": markdown.read,
    ".qmd": markdown.read,
    ".rmd": markdown.read,
    ".txt": plain_text.read,
    ".csv": table_file.read,
    ".tsv": table_file.read,
    ".html": web_page.read,
    ".htm": web_page.read,
    ".xhtml": web_page.read,
    ".docx": word.read,
    ".docm": word.read,
    ".pdf": pdf.read,
    ".epub": book.read,
    ".ipynb": notebook.read,
}

MAX_URL = 2_000

# What may be a heading; counted before anything is parsed.
_HEADING = re.compile(
    r"^ {0,3}(?:#{1,6}(?:[ \t]|$)|##+\w|(?:=+|-+)[ \t]*$)|<(?:h[1-6]|summary)\b",
    re.MULTILINE | re.IGNORECASE,
)


def read(data: bytes, suffix: str) -> Reading:
    """Read the bytes of a file with this suffix.

    Raises:
        UnreadableFile: not readable as what the suffix says, or no article by its size; the message
            says why and what to do.
    """
    try:
        reading = SUFFIXES[suffix.lower()](data)
    except UnreadableFile as error:  # it may quote the file, at any length
        raise UnreadableFile(report_line(str(error))) from error
    if not reading.text.strip():
        raise UnreadableFile("holds no text")
    headings = sum(1 for _ in _HEADING.finditer(within_bounds(reading.text)))
    if headings > MAX_HEADINGS:
        raise UnreadableFile(f"{headings:,} headings: an article has at most {MAX_HEADINGS:,}")
    title, source, date = (
        text and report_line(text) for text in (reading.title, reading.source, reading.date)
    )
    url = reading.url if len(reading.url or "") <= MAX_URL else None  # a part of it leads nowhere
    notes, advice = (tuple(map(report_line, each)) for each in (reading.notes, reading.advice))
    reading = replace(reading, title=title, source=source, url=url, date=date)
    return replace(reading, notes=notes, advice=advice, language=language_tag(reading.language))
