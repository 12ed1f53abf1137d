"""Documents, topics and graded judgements of a test collection -> articles and judged questions.

    FOLDER/corpus/…           one Markdown file a document, named as the document is
    FOLDER/questions.jsonl    the topics that have a relevant document

A document's name is its id with what no file name may hold written as in a URL (`a/b` -> `a%2Fb`).
"""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from passages.articles.readers import writing
from passages.articles.readers.decoding import clean
from passages.errors import BadQuestions, BadSetting
from passages.evaluation.files.writable import writable
from passages.evaluation.judgements import write_lines

UNTITLED = "Untitled"
"""Title of a document without one: the same words for all of them, so that they tell none apart."""

_SAFE = " !#$&'()+,;=@[]{}~"  # beside letters, digits and `_.-`
_LONGEST = 120  # characters of a file's name; most file systems allow 255 bytes


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it was published: plain text under a title that may be empty."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Topic:
    """A question of a test collection."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Graded:
    """How relevant a document is to a topic: 0 or less is not, more is more."""

    topic: str
    document: str
    grade: int


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a collection; ids of what was left out, each with the reason as its name."""

    folder: Path
    articles: int
    questions: int
    judgements: int
    without_relevant: tuple[str, ...]
    without_text: tuple[str, ...]
    missing_documents: tuple[str, ...]


def import_collection(
    documents: Iterable[Document],
    topics: Iterable[Topic],
    judged: Iterable[Graded],
    folder: Path,
    *,
    pooled: bool = False,
) -> Imported:
    """Write a collection into the new folder `folder`: all of it, or nothing.

    Args:
        documents: read one after another, never held together.
        topics: asked in this order.
        judged: judgements of topics and documents; those not relevant are left out.
        folder: must not exist, or be empty.
        pooled: whether several searches' best documents were judged for each topic.

    Raises:
        BadQuestions: a document or topic stands there twice, or nothing is left to ask.
        BadSetting: the folder holds something already, or cannot be written.
    """
    if folder.exists() and any(folder.iterdir()):
        raise BadSetting(f"{folder} holds files already: name a new folder")
    with writable(folder):
        aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            imported = _written(documents, topics, judged, aside, folder, pooled)
            aside.chmod(0o755)
            aside.replace(folder)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return imported


def _written(
    documents: Iterable[Document],
    topics: Iterable[Topic],
    judged: Iterable[Graded],
    aside: Path,
    folder: Path,
    pooled: bool,
) -> Imported:
    names, empty = _write_articles(documents, aside / "corpus")
    relevant: dict[str, dict[str, int]] = defaultdict(dict)
    missing: dict[str, None] = {}
    for given in judged:
        if given.grade < 1:
            continue
        if given.document in names:
            relevant[given.topic][names[given.document]] = given.grade
        elif given.document not in empty:
            missing[given.document] = None
    asked = _unique(topics)
    lines = [_line(topic, relevant[topic.id], pooled) for topic in asked if relevant.get(topic.id)]
    if not lines:
        raise BadQuestions("no topic has a relevant document: are these its judgements?")
    write_lines(aside / "questions.jsonl", lines)
    return Imported(
        folder=folder,
        articles=len(names),
        questions=len(lines),
        judgements=sum(len(line["relevant"]) for line in lines),
        without_relevant=tuple(topic.id for topic in asked if not relevant.get(topic.id)),
        without_text=tuple(empty),
        missing_documents=tuple(missing),
    )


def _write_articles(documents: Iterable[Document], corpus: Path) -> tuple[dict[str, str], set[str]]:
    """Write a file a document; returns the article's id for each, and the ids without text."""
    corpus.mkdir()
    names: dict[str, str] = {}
    empty: set[str] = set()
    taken: set[str] = set()
    for document in documents:
        if document.id in names or document.id in empty:
            raise BadQuestions(f"document {document.id!r} stands there twice")
        markdown = as_markdown(document)
        if markdown is None:
            empty.add(document.id)
            continue
        name = file_name(document.id)
        if name.casefold() in taken:  # some file systems do not tell `a` from `A`
            name += f"~{_digest(document.id)}"
        taken.add(name.casefold())
        names[document.id] = name
        (corpus / f"{name}.md").write_text(markdown, encoding="utf-8", newline="\n")
    return names, empty


def as_markdown(document: Document) -> str | None:
    """A document as an article that reads as just that text; None where there is no text."""
    parts = re.split(r"\n(?:[ \t]*\n)+", clean(document.text))
    paragraphs = [written for part in parts if (written := writing.paragraph(part))]
    if not paragraphs:
        return None
    title = " ".join(document.title.split()) or UNTITLED
    return writing.document([writing.heading(1, title), *paragraphs])


def file_name(document_id: str) -> str:
    """A name for the document's file, without suffix.

    `MED-10` stays as it is, `a/b` becomes `a%2Fb`, `.x` and `_x`, which a corpus passes over,
    `%2Ex` and `%5Fx`; a name that is too long is cut and ends with a hash.
    """
    name = quote(document_id, safe=_SAFE)
    name = re.sub(r"^[._]|[ .]$", lambda sign: f"%{ord(sign[0]):02X}", name)
    return name if len(name) <= _LONGEST else f"{name[:_LONGEST]}~{_digest(document_id)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _unique(topics: Iterable[Topic]) -> list[Topic]:
    found: dict[str, Topic] = {}
    for topic in topics:
        if topic.id in found:
            raise BadQuestions(f"topic {topic.id!r} stands there twice")
        if topic.text.strip():
            found[topic.id] = topic
    return list(found.values())


def _line(topic: Topic, grades: dict[str, int], pooled: bool) -> dict[str, Any]:
    relevant = [{"article": name, "grade": grade} for name, grade in grades.items()]
    line = {"id": topic.id, "question": " ".join(topic.text.split()), "relevant": relevant}
    return {**line, "pooled": True} if pooled else line
