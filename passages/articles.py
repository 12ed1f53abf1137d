"""Files of the corpus folder -> articles in Markdown.

Finds the files, names each article, and hands the bytes to the reader of the file's kind.
What a reader does with the bytes is in `passages.readers`; nothing here looks inside a text.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from passages import readers
from passages.markdown import title_of


@dataclass(frozen=True, slots=True)
class Article:
    """One article: its id (path without suffix), title, Markdown text and, if told, its origin."""

    id: str
    title: str
    text: str
    source: str | None = None
    url: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something an editor should know about one file of the corpus.

    `severity` is "error" where the file is not served as it is now, "warning" where something had
    to be guessed, and "note" for advice.
    """

    file: str
    problem: str
    severity: str = "error"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the corpus that is to become the article `id`; `file` is relative to the corpus."""

    id: str
    file: str
    path: Path
    size: int
    mtime_ns: int


def scan(corpus: Path) -> tuple[list[SourceFile], list[Problem]]:
    """List the files of `corpus` that a reader knows, in the order of their ids.

    Hidden files and those whose name begins with `_` (an editor's notes, `_synonyms.txt`) are no
    articles. Every other file is either listed or named in a problem: none is skipped silently.

    Raises:
        FileNotFoundError: there is no such folder.
    """
    if not corpus.is_dir():
        raise FileNotFoundError(f"no corpus folder at {corpus}: name it with --corpus")
    root = corpus.resolve()
    found: dict[str, SourceFile] = {}
    problems: list[Problem] = []
    for path in sorted(_files(root)):
        file = path.relative_to(root).as_posix()
        refusal = _refusal(path, root)
        if refusal is not None:
            problems.append(Problem(file, refusal))
            continue
        article_id = file[: -len(path.suffix)]
        if article_id in found:
            other = found[article_id].file
            problems.append(Problem(file, f"same article id as {other}: rename one of them"))
            continue
        stat = path.stat()
        found[article_id] = SourceFile(article_id, file, path, stat.st_size, stat.st_mtime_ns)
    return sorted(found.values(), key=lambda source: source.id), problems


def read_article(source: SourceFile, data: bytes) -> tuple[Article, list[Problem]]:
    """Turn the bytes of a file into its article, with notes on what had to be guessed.

    Raises:
        ValueError: the bytes cannot be read as an article; the message says why and what to do.
    """
    reading = readers.read(data, source.path.suffix)
    file_name = source.path.stem.replace("-", " ").replace("_", " ")
    title = reading.title or title_of(reading.text) or file_name
    article = Article(source.id, title, reading.text, reading.source, reading.url, reading.date)
    return article, [Problem(source.file, note, "warning") for note in reading.notes]


def _files(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name[0] not in "._"]
        yield from (Path(parent, name) for name in names if name[0] not in "._")


def _refusal(path: Path, root: Path) -> str | None:
    """Why this file cannot be an article, or None."""
    if not path.resolve().is_relative_to(root):
        return "symbolic link that leads out of the corpus folder: not followed"
    if not path.is_file():
        return "not a regular file: not read"
    if path.suffix.lower() not in readers.SUFFIXES:
        known = ", ".join(sorted(readers.SUFFIXES))
        return f"no reader for {path.suffix or 'a file without suffix'}: known are {known}"
    return None
