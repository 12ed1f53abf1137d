"""TREC's files -> documents, topics, judgements.

Topics: `<top>` with `<num>` and `<title>`, `<topic number="…">`, JSON lines, or `id TAB text`.
Judgements: `topic 0 document grade`. Documents: `<DOC>` with `<DOCNO>`, JSON lines, or
`id TAB text`; a file or a folder of files. Every file may be packed with gzip.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

from passages.errors import BadQuestions, NoQuestions
from passages.evaluation.importing.collection import Document, Graded, Topic
from passages.evaluation.importing.tables import kind_of, needed, open_text, read_rows, text_of

FIELDS = ("title", "query", "question", "text", "desc", "description", "summary")
"""Of a topic, the first of these is asked where none is named."""

_TOPIC = re.compile(r"<(top|topic)\b([^>]*)>(.*?)</\1>", re.DOTALL | re.IGNORECASE)
_NUMBER = re.compile(r"\b(?:number|num|id|qid)\s*=\s*[\"']([^\"']+)[\"']", re.IGNORECASE)
_FIELD = re.compile(r"<(\w+)[^>]*>(.*?)(?=</\1>|<\w+[^>]*>|\Z)", re.DOTALL | re.IGNORECASE)
_LABEL = re.compile(r"^\s*(?:Number|Topic|Title|Description|Narrative)\s*:\s*", re.IGNORECASE)
_DOC = re.compile(r"<DOC>(.*?)</DOC>", re.DOTALL | re.IGNORECASE)
_DOCNO = re.compile(r"<DOCNO>\s*(.*?)\s*</DOCNO>", re.DOTALL | re.IGNORECASE)
_TITLE = re.compile(r"<(TITLE|HEADLINE|HL|TTL)>(.*?)</\1>", re.DOTALL | re.IGNORECASE)
_TEXT = re.compile(r"<(TEXT|BODY|CONTENTS?)>(.*?)</\1>", re.DOTALL | re.IGNORECASE)
_IDS = ("_id", "id", "docno", "docid", "doc_id", "qid", "query_id", "topic_id", "number")
_BODIES = ("text", "contents", "body", "abstract")


def read_topics(path: Path, field: str | None = None) -> list[Topic]:
    """Read topics, `field` of each.

    Raises:
        BadQuestions: no topics, or one without that field.
    """
    wanted = (field,) if field else FIELDS
    if kind_of(path) == ".jsonl":
        rows = read_rows(path)
        return [Topic(needed(row, path, *_IDS), needed(row, path, *wanted)) for row in rows]
    with open_text(path) as stream:
        text = stream.read()
    marked = list(_TOPIC.finditer(text))
    if not marked:
        return [Topic(*pair) for pair in _pairs(path)]
    return [_topic(path, match, wanted) for match in marked]


def read_judged(path: Path) -> Iterator[Graded]:
    """Read judgements, `topic 0 document grade` a line.

    Raises:
        BadQuestions: a line that is none; the message names it.
    """
    with open_text(path) as stream:
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            try:
                topic, _, document, grade = line.split()
                yield Graded(topic, document, int(grade))
            except ValueError as error:
                raise BadQuestions(
                    f"{path} line {number}: expected `topic 0 document grade`, not {line[:60]!r}"
                ) from error


def read_documents(path: Path) -> Iterator[Document]:
    """The documents of a file, or of all files of a folder.

    Raises:
        NoQuestions: no such file or folder.
        BadQuestions: a file without documents.
    """
    if not path.exists():
        raise NoQuestions(f"no documents at {path}")
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    for file in (file for file in files if file.is_file() and file.name[0] != "."):
        yield from _documents(file)


def _topic(path: Path, match: re.Match[str], wanted: tuple[str, ...]) -> Topic:
    fields = {name.lower(): _plain(value) for name, value in _FIELD.findall(match[3])}
    number = _NUMBER.search(match[2])
    name = number[1] if number else fields.get("num") or fields.get("number")
    fields.setdefault("text", "" if fields else _plain(match[3]))
    text = next((fields[field] for field in wanted if fields.get(field)), None)
    if not name or text is None:
        lacking = f"field {' or '.join(wanted)}" if name else "number"
        raise BadQuestions(f"{path}: topic {name or match[0][:60]!r} has no {lacking}")
    return Topic(name, text)


def _documents(path: Path) -> Iterator[Document]:
    if kind_of(path) in (".jsonl", ".parquet"):
        for row in read_rows(path):
            text = needed(row, path, *_BODIES)
            yield Document(needed(row, path, *_IDS), text_of(row, "title") or "", text)
        return
    with open_text(path) as stream:
        marked = list(_DOC.finditer(stream.read()))
    if not marked:
        yield from (Document(name, "", text) for name, text in _pairs(path))
    for match in marked:
        name = _DOCNO.search(match[1])
        if name is None:
            raise BadQuestions(f"{path}: a document without <DOCNO>: {match[1][:60]!r}")
        title = _TITLE.search(match[1])
        bodies = [body for _, body in _TEXT.findall(match[1])] or [_DOCNO.sub("", match[1])]
        body = "\n\n".join(_without_tags(body) for body in bodies)
        yield Document(name[1], _plain(title[2]) if title else "", body)


def _pairs(path: Path) -> Iterator[tuple[str, str]]:
    with open_text(path) as stream:
        for number, line in enumerate(stream, start=1):
            name, tab, text = line.rstrip("\r\n").partition("\t")
            if line.strip() and not tab:
                raise BadQuestions(f"{path} line {number}: neither marked up nor `id TAB text`")
            if tab:
                yield name, text


def _plain(text: str) -> str:
    return " ".join(_LABEL.sub("", _without_tags(text)).split())


def _without_tags(text: str) -> str:
    return html.unescape(re.sub(r"</?\w[^<>]*>", " ", text)).strip()
