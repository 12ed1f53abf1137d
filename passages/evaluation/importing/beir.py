"""A folder as BEIR and MTEB publish it -> documents, topics, judgements.

    corpus.jsonl       {"_id", "title"?, "text"}          or corpus/*.parquet
    queries.jsonl      {"_id", "text"}                    or queries/*.parquet
    qrels/test.tsv     query-id, corpus-id, score         or .jsonl, .parquet; data/, default/

Every file may be packed with gzip.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from passages.errors import BadQuestions
from passages.evaluation.importing.collection import Document, Graded, Topic
from passages.evaluation.importing.tables import SUFFIXES, needed, read_rows, text_of

QRELS = ("qrels", "data", "default")
DEFAULT_SPLIT = "test"


@dataclass(frozen=True, slots=True)
class BeirFolder:
    """The files of a collection; `qrels` are those of one split."""

    corpus: tuple[Path, ...]
    queries: tuple[Path, ...]
    qrels: tuple[Path, ...]

    def documents(self) -> Iterator[Document]:
        """The documents, one after another."""
        for path in self.corpus:
            for row in read_rows(path):
                name, text = needed(row, path, "_id", "id"), needed(row, path, "text")
                yield Document(name, text_of(row, "title") or "", text)

    def topics(self) -> Iterator[Topic]:
        """The questions, those of other splits among them."""
        for path in self.queries:
            for row in read_rows(path):
                yield Topic(needed(row, path, "_id", "id"), needed(row, path, "text", "query"))

    def judged(self) -> Iterator[Graded]:
        """The judgements of the split."""
        for path in self.qrels:
            for row in read_rows(path):
                topic = needed(row, path, "query-id", "query_id", "qid")
                document = needed(row, path, "corpus-id", "corpus_id", "docid")
                yield Graded(topic, document, _grade(needed(row, path, "score"), path))


def open_beir(folder: Path, split: str | None = None) -> BeirFolder:
    """Find the files of a collection.

    Args:
        folder: the collection.
        split: whose judgements; by default `test`, or the only one there is.

    Raises:
        BadQuestions: a file is missing, or there is no such split; the message names those there.
    """
    splits: dict[str, list[Path]] = {}
    for path in (path for name in QRELS for path in _files(folder / name)):
        splits.setdefault(_split(path), []).append(path)
    if not splits:
        raise BadQuestions(f"{folder} has no judgements: expected qrels/{DEFAULT_SPLIT}.tsv")
    chosen = split or (next(iter(splits)) if len(splits) == 1 else DEFAULT_SPLIT)
    if chosen not in splits:
        raise BadQuestions(f"{folder} has no split {chosen!r}: there are {', '.join(splits)}")
    corpus, queries = (_table(folder, name, chosen) for name in ("corpus", "queries"))
    return BeirFolder(corpus, queries, tuple(splits[chosen]))


def _table(folder: Path, name: str, split: str) -> tuple[Path, ...]:
    single = [path for suffix in SUFFIXES if (path := folder / f"{name}{suffix}").is_file()]
    files = single[:1] or _files(folder / name)
    of_split = [path for path in files if _split(path) == split]
    if not files:
        raise BadQuestions(f"{folder} has no {name}: expected {name}.jsonl")
    return tuple(of_split or files)


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.rglob("*") if path.name.endswith(SUFFIXES))


def _split(path: Path) -> str:
    """`test-00000-of-00001.parquet` -> `test`."""
    return path.name.partition(".")[0].partition("-")[0]


def _grade(score: str, path: Path) -> int:
    try:
        value = float(score)
    except ValueError:
        value = 0.5
    if not value.is_integer():
        raise BadQuestions(f"{path}: score {score!r} is no whole number")
    return int(value)
