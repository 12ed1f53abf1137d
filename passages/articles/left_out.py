"""What in a corpus folder is no article, and how the report says so.

A folder that other programs keep (a Jekyll site, an Obsidian vault, a repository) holds pictures,
settings and drafts beside its articles. They are counted and named: one line per folder and reason.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath

SYNONYMS = "_synonyms.txt"
NOTICE = "_notice.md"
PAGE = "_page.toml"
"""The editor's synonyms, the notice and the looks of the page: no articles, but used."""

# A leading underscore says "not for readers", except for Jekyll's posts and Hugo's section pages.
_ARTICLE_FOLDERS = frozenset(["_posts", "_pages", "_docs", "_articles"])
_ARTICLE_STEM = "_index"
_PACKAGES = frozenset(["node_modules", "bower_components"])
_MARKS = ("~$", ".", "_")  # Word puts `~$tea.docx` beside a document that is open
_MAX_NAMED = 5  # files or folders named on one line
_MAX_LINES = 5  # for one reason; where more folders have it, they share a line

_DOCUMENT_SUFFIXES = """
    .doc .dot .odt .fodt .ott .rtf .pages .wps .wpd .gdoc .one .xps .djvu .rst .rest .adoc .asciidoc
    .org .tex .textile .wiki .mediawiki .creole .ppt .pptx .odp .key .xls .xlsx .ods .numbers .mobi
    .azw .azw3 .fb2 .mht .mhtml .webarchive .eml .msg
"""
_DOCUMENTS = frozenset(_DOCUMENT_SUFFIXES.split())


def is_document(suffix: str) -> bool:
    """Whether people write articles in such files, so that one without a reader is missed."""
    return suffix in _DOCUMENTS


def why_folder(folder: Path) -> str | None:
    """Why a folder is not entered, as a line for the report; None if it is."""
    mark = _mark(folder.name)
    if folder.name in _PACKAGES:
        return "folder left out: it holds packages of programs"
    if mark is None or folder.name in _ARTICLE_FOLDERS:
        return None
    if mark != "_":
        return f"folder left out: its name begins with {mark}"
    count = sum(len(names) for _, _, names in os.walk(folder))
    return f"{_files(count)} left out, the folder's name begins with _"


class LeftOutFiles:
    """Gathers the files that are no articles, and says which they were."""

    def __init__(self) -> None:
        self._groups: dict[str, dict[PurePosixPath, list[PurePosixPath]]] = {}

    def takes(self, file: PurePosixPath, suffixes: Collection[str]) -> bool:
        """Whether a file is no article by its name; it is noted here then.

        Args:
            file: relative to the corpus.
            suffixes: those that a reader knows, in lower case.
        """
        if str(file) in (SYNONYMS, NOTICE, PAGE):
            return True
        mark, suffix = _mark(file.name), file.suffix.lower()
        if mark is not None and file.name.split(".")[0] != _ARTICLE_STEM:
            reason = mark
        elif suffix in suffixes or is_document(suffix):
            return False
        else:
            reason = ""
        self._groups.setdefault(reason, defaultdict(list))[file.parent].append(file)
        return True

    def notes(self) -> Iterator[tuple[str, str]]:
        """Lines for the report: the file or folder, and what was left out of it and why."""
        for reason, folders in self._groups.items():
            if len(folders) <= _MAX_LINES:
                for folder, files in folders.items():
                    yield _line(folder, files, reason)
            else:
                files = [file for each in folders.values() for file in each]
                _, line = _line(PurePosixPath(), files, reason)
                yield ".", f"{line}; in {_named(folders)}"


def _mark(name: str) -> str | None:
    return next((mark for mark in _MARKS if name.startswith(mark)), None)


def _line(folder: PurePosixPath, files: list[PurePosixPath], reason: str) -> tuple[str, str]:
    suffixes = dict.fromkeys(file.suffix.lower() or "files without suffix" for file in files)
    if len(files) == 1:
        why = f"its name begins with {reason}" if reason else f"no reader for {_named(suffixes)}"
        return str(files[0]), f"left out: {why}"
    count = f"{_files(len(files))} left out"
    if reason:
        return str(folder), f"{count}, their names begin with {reason}: {_named(files)}"
    return str(folder), f"{count}, no reader for {_named(suffixes)}"


def _files(count: int) -> str:
    return f"{count:,} file{'s' * (count != 1)}"


def _named(names: Collection[object]) -> str:
    shown = list(map(str, names))
    return ", ".join(shown[:_MAX_NAMED]) + (", …" if len(shown) > _MAX_NAMED else "")
