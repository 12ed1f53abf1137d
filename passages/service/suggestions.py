"""What may be asked: headings of the articles, and questions that an editor approved.

Never what another reader typed.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from passages.errors import BadSetting
from passages.search.searcher import Index


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question or a heading; a heading says where it stands."""

    text: str
    kind: str
    article: str | None = None
    title: str | None = None
    anchor: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The fields as JSON values."""
        return asdict(self)


class Suggestions:
    """Looks up suggestions; the headings of a snapshot are gathered once. Shared by threads."""

    def __init__(self, approved: Path | None) -> None:
        """Read the approved questions: one a line, `#` starts a remark.

        Raises:
            BadSetting: the file cannot be read.
        """
        self._approved = [(Suggestion(text, "question"), _read(text)) for text in _lines(approved)]
        self._lock = threading.Lock()
        self._snapshot = ""
        self._headings: list[tuple[Suggestion, list[str]]] = []

    def find(self, index: Index, typed: str, n: int) -> list[Suggestion]:
        """The first `n` that hold every word of `typed`, its last one perhaps unfinished."""
        wanted = _read(typed)
        if not wanted:
            return [suggestion for suggestion, _ in self._approved[:n]]
        found = (
            suggestion
            for suggestion, words in (*self._approved, *self._of(index))
            if all(word in words for word in wanted[:-1])
            and any(word.startswith(wanted[-1]) for word in words)
        )
        return [suggestion for suggestion, _ in zip(found, range(n), strict=False)]

    def _of(self, index: Index) -> list[tuple[Suggestion, list[str]]]:
        with self._lock:
            if self._snapshot != index.about.name:
                self._headings = [(each, _read(each.text)) for each in _headings(index)]
                self._snapshot = index.about.name
            return self._headings


def _headings(index: Index) -> Iterator[Suggestion]:
    for article, title in index.articles():
        seen = set()
        for passage in index.passages_of(article):
            text = passage.headings[-1] if passage.headings else title
            if (text, passage.anchor) not in seen:
                seen.add((text, passage.anchor))
                yield Suggestion(text, "heading", article, title, passage.anchor)


def _read(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _lines(file: Path | None) -> list[str]:
    if file is None:
        return []
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(f"{file}: the approved questions cannot be read: {error}") from error
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
