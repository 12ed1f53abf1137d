"""One snapshot on disk: passages, vectors and terms, written once, verified, read-only after.

The only importer of faiss. Row numbers are valid inside one snapshot alone: passage `i` is row `i`
of the FAISS index, of the lexicon and of every array here. Similarities are cosines: higher is
nearer.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from passages.articles import Article
from passages.chunking import Passage
from passages.encoding import Vectors
from passages.manifest import (
    IndexDamaged,
    Manifest,
    describe_files,
    read_manifest,
    verify_files,
)
from passages.strings import Strings, write_strings

Rows = NDArray[np.int64]
Keys = NDArray[np.bytes_]

_PASSAGE = np.dtype([("article", "<u4"), ("section", "<u4"), ("start", "<u8"), ("end", "<u8")])


@dataclass(frozen=True, slots=True)
class Contents:
    """All that a snapshot holds, in row order; `passages` stand article by article.

    `passage_vectors` is float32 (passages, dimension), each of length 1; the keys, 16 bytes each,
    say of which texts the vectors of passages and sentences are.
    """

    articles: Sequence[Article]
    passages: Sequence[Passage]
    passage_vectors: Vectors
    passage_keys: Keys
    sentence_keys: Keys


def new_sentence_vectors(folder: Path, sentences: int, dimension: int) -> NDArray[np.float16]:
    """The array of a new snapshot's sentence vectors, on disk from the start: it is the largest."""
    path = folder / "sentence_vectors.npy"
    shape = (sentences, dimension)
    if not sentences:
        np.save(path, np.empty(shape, np.float16))
        return np.empty(shape, np.float16)
    with path.open("wb") as stream:
        # A full disk must be an error now, not a crash when a mapped page is written.
        os.posix_fallocate(stream.fileno(), 0, sentences * dimension * 2 + 128)
    array: NDArray[np.float16] = np.lib.format.open_memmap(
        path, mode="w+", dtype=np.float16, shape=shape
    )
    return array


def write_snapshot(folder: Path, contents: Contents, manifest: Manifest) -> None:
    """Write a snapshot into `folder`, where `new_sentence_vectors` stand; the manifest last."""
    _write_texts(folder, contents.articles, contents.passages)
    vectors = faiss.IndexFlatIP(manifest.dimension)
    vectors.add(contents.passage_vectors)
    faiss.write_index(vectors, str(folder / "passages.faiss"))
    np.save(folder / "passage_keys.npy", contents.passage_keys)
    np.save(folder / "sentence_keys.npy", contents.sentence_keys)
    replace(manifest, files=describe_files(folder)).write(folder)


def _write_texts(folder: Path, articles: Sequence[Article], passages: Sequence[Passage]) -> None:
    places = {article.id: place for place, article in enumerate(articles)}
    rows = np.zeros(len(passages), _PASSAGE)
    sections: dict[tuple[str, str], int] = {}
    headings: list[str] = []
    for row, passage in enumerate(passages):
        key = passage.article.id, passage.anchor
        if key not in sections:
            sections[key] = len(headings)
            headings.append(json.dumps([passage.anchor, passage.prefix, *passage.headings]))
        rows[row] = places[passage.article.id], sections[key], passage.start, passage.end
    counts = [len(passage.sentences) for passage in passages]
    about = [{**asdict(article), "text": None} for article in articles]
    write_strings(folder / "texts.bin", [article.text for article in articles])
    write_strings(folder / "articles.bin", [json.dumps(fields) for fields in about])
    write_strings(folder / "sections.bin", headings)
    np.save(folder / "passages.npy", rows)
    spans = [span for passage in passages for span in passage.sentences]
    np.save(folder / "sentences.npy", np.array(spans, "<u4").reshape(-1, 2))
    np.save(folder / "first_sentences.npy", np.cumsum([0, *counts], dtype="<i8"))


class Snapshot:
    """An opened snapshot; immutable, safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        """Verify and open the snapshot in `folder`; arrays stay on disk until they are read.

        Raises:
            IndexDamaged: anything is not as the manifest says; nothing is served from it then.
        """
        self.folder = folder
        self.manifest = read_manifest(folder)
        verify_files(folder, self.manifest)
        try:
            self._open(folder)
        except (OSError, ValueError, RuntimeError, EOFError) as error:
            raise IndexDamaged(f"{folder} cannot be opened ({error})") from error
        self.article = lru_cache(maxsize=64)(self._article)
        self._article_rows = {name: row for row, name in enumerate(self.manifest.articles)}

    def _open(self, folder: Path) -> None:
        self._texts = Strings(folder / "texts.bin")
        self._articles = Strings(folder / "articles.bin")
        self._sections = Strings(folder / "sections.bin")
        self._passages = _load(folder / "passages.npy")
        self._sentences = _load(folder / "sentences.npy")
        self._first_sentences = _load(folder / "first_sentences.npy")
        self.sentence_vectors = _load(folder / "sentence_vectors.npy")
        self.passage_keys: Keys = _load(folder / "passage_keys.npy")
        self.sentence_keys: Keys = _load(folder / "sentence_keys.npy")
        self._faiss = _read_faiss(folder / "passages.faiss")
        self._check_counts()
        vectors = faiss.rev_swig_ptr(self._faiss.get_xb(), len(self) * self.manifest.dimension)
        self.passage_vectors: Vectors = vectors.reshape(len(self), self.manifest.dimension)

    def _check_counts(self) -> None:
        manifest = self.manifest
        if type(self._faiss) is not faiss.IndexFlatIP:
            raise ValueError(f"passages.faiss is a {type(self._faiss).__name__}, not IndexFlatIP")
        articles, passages, sentences = (
            len(manifest.articles),
            manifest.passages,
            manifest.sentences,
        )
        shapes = {
            "texts.bin": ((len(self._texts),), (articles,)),
            "articles.bin": ((len(self._articles),), (articles,)),
            "passages.npy": (self._passages.shape, (passages,)),
            "passages.faiss": ((self._faiss.ntotal, self._faiss.d), (passages, manifest.dimension)),
            "passage_keys.npy": (self.passage_keys.shape, (passages,)),
            "sentences.npy": (self._sentences.shape, (sentences, 2)),
            "first_sentences.npy": (self._first_sentences.shape, (passages + 1,)),
            "sentence_vectors.npy": (
                self.sentence_vectors.shape,
                (sentences, manifest.dimension),
            ),
            "sentence_keys.npy": (self.sentence_keys.shape, (sentences,)),
        }
        for file, (found, expected) in shapes.items():
            if found != expected:
                raise ValueError(f"{file} has shape {found}, the manifest says {expected}")

    def __len__(self) -> int:
        return self.manifest.passages

    def article_row(self, article_id: str) -> int | None:
        """The row of the article with this id, or None."""
        return self._article_rows.get(article_id)

    def _article(self, row: int) -> Article:
        fields = json.loads(self._articles[row])
        return Article(**{**fields, "text": self._texts[row]})

    def passage(self, row: int) -> Passage:
        """The passage in this row, its text a slice of the article's."""
        at = self._passages[row]
        anchor, prefix, *headings = json.loads(self._sections[int(at["section"])])
        first, after = self._first_sentences[row : row + 2]
        spans = tuple((int(a), int(b)) for a, b in self._sentences[first:after])
        article = self.article(int(at["article"]))
        start, end = int(at["start"]), int(at["end"])
        return Passage(article, tuple(headings), anchor, prefix, start, end, spans)

    def passage_rows(self, article_row: int) -> range:
        """The rows of an article's passages, in the order of its text."""
        first, after = np.searchsorted(self._passages["article"], [article_row, article_row + 1])
        return range(int(first), int(after))

    def nearest(self, question: Vectors, n: int, within: Rows | None = None) -> Rows:
        """Rows of the `n` passages with the highest cosine to `question` (dimension,), best first.

        `within` limits the search to these rows.
        """
        limit = None
        if within is not None:
            selector = faiss.IDSelectorBatch(within)
            limit = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        found: Rows = self._faiss.search(question[np.newaxis], n, params=limit)[1][0]
        return found[found >= 0]

    def passage_cosines(self, question: Vectors, rows: Rows) -> NDArray[np.float32]:
        """Cosine of `question` with each of the passages."""
        cosines: NDArray[np.float32] = self.passage_vectors[rows] @ question
        return cosines

    def sentence_cosines(self, question: Vectors, rows: Rows) -> list[NDArray[np.float32]]:
        """For each of the passages, the cosines of `question` with its sentences."""
        spans = [range(*self._first_sentences[row : row + 2]) for row in rows]
        wanted = np.concatenate(
            [np.asarray(span, np.int64) for span in spans] or [np.empty(0, int)]
        )
        cosines = self.sentence_vectors[wanted].astype(np.float32) @ question
        return np.split(cosines, np.cumsum([len(span) for span in spans])[:-1])


def _load(path: Path) -> Any:
    """An array file, memory-mapped unless it is empty; objects (pickle) are refused."""
    try:
        return np.load(path, mmap_mode="r", allow_pickle=False)
    except ValueError:  # an empty array cannot be mapped; a damaged file fails again
        return np.load(path, allow_pickle=False)


def _read_faiss(path: Path) -> Any:
    return faiss.read_index(str(path))
