"""One snapshot on disk: passages, vectors and terms, written once, verified, read-only after.

The only importer of faiss. Row numbers are valid inside one snapshot alone: passage `i` is row `i`
of the FAISS index, of the lexicon and of every array here. Similarities are cosines: higher is
nearer.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from passages.arrays import (
    Strings,
    check_starts,
    map_array,
    new_array,
    write_array,
    write_strings,
)
from passages.articles import Article
from passages.chunking import Passage
from passages.confidence import Calibration
from passages.encoding import Vectors
from passages.lexical import Lexicon
from passages.manifest import (
    IndexDamaged,
    Manifest,
    describe_files,
    read_manifest,
    verify_files,
)

Rows = NDArray[np.int64]
Keys = NDArray[np.bytes_]

_KEY = "S16"
_SENTENCE_VECTORS = "sentences.f16"
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
    lexicon: Lexicon


def new_sentence_vectors(folder: Path, sentences: int, dimension: int) -> NDArray[np.float16]:
    """The array of a new snapshot's sentence vectors, on disk from the start: it is the largest."""
    return new_array(folder / _SENTENCE_VECTORS, np.float16, (sentences, dimension))


def write_snapshot(folder: Path, contents: Contents, manifest: Manifest) -> None:
    """Write a snapshot into `folder`, where `new_sentence_vectors` stand; the manifest last."""
    _write_texts(folder, contents.articles, contents.passages)
    vectors = faiss.IndexFlatIP(manifest.dimension)
    vectors.add(contents.passage_vectors)
    faiss.write_index(vectors, str(folder / "passages.faiss"))
    write_array(folder / "passages.keys", contents.passage_keys)
    write_array(folder / "sentences.keys", contents.sentence_keys)
    contents.lexicon.save(folder / "lexicon")
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
    write_array(folder / "passages.rows", rows)
    spans = [span for passage in passages for span in passage.sentences]
    write_array(folder / "sentences.spans", np.array(spans, "<u4"))
    write_array(folder / "passages.sentences", np.cumsum([0, *counts], dtype="<i8"))


class Snapshot:
    """An opened snapshot; immutable, safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        """Verify and open the snapshot in `folder`; arrays stay on disk until they are read.

        Raises:
            IndexDamaged: anything is not as the manifest says; nothing is served from it then.
        """
        self.folder = folder
        try:
            self.manifest = read_manifest(folder)
            verify_files(folder, self.manifest)
            self._open(folder)
        except IndexDamaged:
            raise
        except Exception as error:  # whatever a stranger's files bring about, they are refused
            raise IndexDamaged(f"{folder} cannot be opened ({error})") from error
        self.article = lru_cache(maxsize=64)(self._article)
        self._article_rows = {name: row for row, name in enumerate(self.manifest.articles)}

    def _open(self, folder: Path) -> None:
        manifest = self.manifest
        articles, passages, sentences = (
            len(manifest.articles),
            manifest.passages,
            manifest.sentences,
        )
        self._texts = Strings(folder / "texts.bin", articles)
        self._articles = Strings(folder / "articles.bin", articles)
        self._passages = map_array(folder / "passages.rows", _PASSAGE, (passages,))
        sections = int(self._passages["section"].max()) + 1 if passages else 0
        self._sections = Strings(folder / "sections.bin", sections)
        self._first_sentences = map_array(folder / "passages.sentences", "<i8", (passages + 1,))
        self._sentences = map_array(folder / "sentences.spans", "<u4", (sentences, 2))
        self.sentence_vectors: NDArray[np.float16] = map_array(
            folder / _SENTENCE_VECTORS, np.float16, (sentences, manifest.dimension)
        )
        self.passage_keys: Keys = map_array(folder / "passages.keys", _KEY, (passages,))
        self.sentence_keys: Keys = map_array(folder / "sentences.keys", _KEY, (sentences,))
        self.lexicon = Lexicon.open(folder / "lexicon")
        if len(self.lexicon) != passages:
            raise ValueError(f"the lexicon has {len(self.lexicon)} passages, not {passages}")
        self._faiss = _read_faiss(folder / "passages.faiss", passages, manifest.dimension)
        vectors = faiss.rev_swig_ptr(self._faiss.get_xb(), passages * manifest.dimension)
        self.passage_vectors: Vectors = vectors.reshape(passages, manifest.dimension)
        self._check_contents()

    def _check_contents(self) -> None:
        """Look once at whatever a search might stumble over.

        The hashes only say that the files are those of the manifest, not who wrote both.

        Raises:
            ValueError: something is not as `write_snapshot` writes it (or another exception).
        """
        Calibration.from_json(self.manifest.calibration)
        check_starts("passages.sentences", self._first_sentences, least=1)
        if self._first_sentences[-1] != self.manifest.sentences:
            raise ValueError("passages.sentences does not end at the last sentence")
        for row, name in enumerate(self.manifest.articles):
            article = self._article(row)
            about = article.title, article.source or "", article.url or "", article.date or ""
            if article.id != name or not all(isinstance(field, str) for field in about):
                raise ValueError(f"articles.bin does not have {name!r} in row {row}")
        for section in self._sections:
            anchor, prefix, *headings = json.loads(section)
            if not all(isinstance(part, str) for part in (anchor, prefix, *headings)):
                raise ValueError("sections.bin holds a section that is none")
        of_articles = self._passages["article"].astype(np.int64)
        if len(self) and ((np.diff(of_articles) < 0).any() or of_articles[-1] >= len(self._texts)):
            raise ValueError("passages.rows does not go article by article")

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

    def sentence_cosines(self, question: Vectors, row: int) -> NDArray[np.float32]:
        """Cosine of `question` with each sentence of the passage."""
        first, after = self._first_sentences[row : row + 2]
        cosines: NDArray[np.float32] = self.sentence_vectors[first:after] @ question
        return cosines

    def best_sentence_cosines(self, question: Vectors, rows: Rows) -> NDArray[np.float32]:
        """For each of the passages, the cosine of `question` with its nearest sentence."""
        if not len(rows):
            return np.empty(0, np.float32)
        first = self._first_sentences[rows]
        counts = self._first_sentences[rows + 1] - first  # every passage has a sentence
        places = np.cumsum(counts) - counts
        wanted = np.arange(counts.sum()) + np.repeat(first - places, counts)
        cosines = self.sentence_vectors[wanted].astype(np.float32) @ question
        best: NDArray[np.float32] = np.maximum.reduceat(cosines, places)
        return best


def _read_faiss(path: Path, passages: int, dimension: int) -> Any:
    index: Any = faiss.read_index(str(path))
    found = type(index).__name__, index.ntotal, index.d
    if found != ("IndexFlatIP", passages, dimension):
        raise ValueError(f"{path.name} is {found}, expected an IndexFlatIP of {passages} vectors")
    return index
