"""Writes the files of a snapshot; `passages.index.snapshot` reads them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from passages.articles.boilerplate import TextHashes
from passages.articles.chunking import Passage
from passages.articles.corpus import Article
from passages.index.arrays import Keys, new_array, write_array, write_strings
from passages.index.collection import Collection
from passages.index.manifest import Manifest, describe_files
from passages.index.vectors.nearest import write_nearest
from passages.index.words.postings import Postings

VECTORS = "vectors.f16"
"""The file of all vectors: those of the passages, then those of the sentences."""

KEYS = "vectors.keys"
"""The file with the hash of encoder and text for each vector."""

PASSAGE = np.dtype(
    [
        ("article", "<u4"),
        ("section", "<u4"),
        ("start", "<u8"),
        ("end", "<u8"),
        ("is_links", "?"),
    ]
)
"""A passage: the rows of its article and section, its place in the article's text, and whether it
is little else than links."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a snapshot holds beside vectors, in row order; `passages` stand article by article.

    `keys` (passages + sentences,), 16 bytes each, say of which text each vector is; `hashes` tell
    what stands in the same words elsewhere too, `collection` what of that is boilerplate; a shard
    of several has none.
    """

    articles: Sequence[Article]
    passages: Sequence[Passage]
    keys: Keys
    hashes: TextHashes
    postings: Postings
    collection: Collection | None


def new_vectors(folder: Path, count: int, dimension: int) -> NDArray[np.float16]:
    """The array of a new snapshot's vectors, on disk from the start: it is the largest."""
    return new_array(folder / VECTORS, np.float16, (count, dimension))


def write_files(
    folder: Path, contents: Contents, vectors: NDArray[np.float16], manifest: Manifest
) -> None:
    """Write the files into `folder`, where `vectors` are those of `new_vectors`, filled.

    The manifest comes last.
    """
    _write_texts(folder, contents.articles, contents.passages)
    write_nearest(folder / "passages.faiss", vectors[: manifest.passages])
    write_array(folder / KEYS, contents.keys)
    write_array(folder / "passages.hashes", contents.hashes.passages.astype("<u8"))
    write_array(folder / "sentences.hashes", contents.hashes.sentences.astype("<u8"))
    contents.postings.save(folder / "postings")
    if contents.collection is not None:
        contents.collection.save(folder / "collection")
    replace(manifest, files=describe_files(folder)).write(folder)


def _write_texts(folder: Path, articles: Sequence[Article], passages: Sequence[Passage]) -> None:
    places = {article.id: place for place, article in enumerate(articles)}
    rows = np.zeros(len(passages), PASSAGE)
    sections: dict[tuple[str, str], int] = {}
    headings: list[str] = []
    for row, passage in enumerate(passages):
        key = passage.article.id, passage.anchor
        if key not in sections:
            sections[key] = len(headings)
            headings.append(json.dumps([passage.anchor, passage.prefix, *passage.headings]))
        article = places[passage.article.id]
        rows[row] = article, sections[key], passage.start, passage.end, passage.is_links
    about = (json.dumps({**asdict(article), "text": None}) for article in articles)
    write_strings(folder / "texts.bin", (article.text for article in articles))
    write_strings(folder / "articles.bin", about)
    write_strings(folder / "sections.bin", headings)
    write_array(folder / "passages.rows", rows)
    write_strings(folder / "visible.bin", (passage.words for passage in passages))
    runs = [len(passage.visible.runs) for passage in passages]
    write_array(folder / "passages.runs", _starts(np.array(runs, np.int64)))
    mapped = np.empty((sum(runs), 2), "<u4")
    for row, run in enumerate(run for passage in passages for run in passage.visible.runs):
        mapped[row] = run
    write_array(folder / "visible.runs", mapped)
    of_articles = np.bincount(rows["article"], minlength=len(articles))
    write_array(folder / "articles.passages", _starts(of_articles))
    counts = np.array([len(passage.sentences) for passage in passages], np.int64)
    write_array(folder / "passages.sentences", _starts(counts))
    spans = np.empty((int(counts.sum()), 2), "<u4")
    for row, span in enumerate(span for passage in passages for span in passage.sentences):
        spans[row] = span
    write_array(folder / "sentences.spans", spans)


def _starts(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(counts)]).astype("<i8")
