"""One snapshot on disk: passages, vectors and terms, written once, verified, read-only after.

Row numbers are valid inside one snapshot alone: passage `i` is row `i` of the FAISS index, of the
lexicon and of every array here; its vector is row `i` of `vectors`, and those of all sentences
follow, passage by passage. Similarities are cosines: higher is nearer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from passages.articles.boilerplate import Boilerplate, Hashes, TextHashes, Texts
from passages.articles.chunking import Passage
from passages.articles.corpus import Article
from passages.articles.markup.mapped import Mapped, Span
from passages.errors import IndexDamaged
from passages.index.arrays import Keys, RowFile, Rows, Strings, check_starts, map_array
from passages.index.collection import Collection
from passages.index.manifest import check_files, read_manifest, verify_files
from passages.index.snapshot_files import KEYS, PASSAGE, VECTORS
from passages.index.vectors.nearest import Nearest
from passages.index.vectors.tokens import TokenTable
from passages.index.words.postings import Postings
from passages.language.languages import ENGLISH, code_of
from passages.models.calibration import Calibration
from passages.models.encoder import Vectors

VERIFIED_AT_OPEN = 256_000_000
"""Bytes of a snapshot that is read through when it is opened, in some tenths of a second. A larger
one is looked at by name and size alone, and read through by `verify`: by a build before it is
published and when it is built upon, by `build_index.py --check`, by a server once it serves."""


class Snapshot:
    """An opened snapshot; immutable, safe to share between threads."""

    def __init__(self, folder: Path, *, verify: bool | None = None) -> None:
        """Open the snapshot in `folder`; arrays stay on disk until they are read.

        Args:
            folder: its folder.
            verify: whether it is read through; by default up to `VERIFIED_AT_OPEN` bytes.

        Raises:
            IndexDamaged: it is not as its manifest says; nothing is served from it then.
        """
        self.folder = folder
        self.verified = False
        with refusing(folder):
            self.manifest = read_manifest(folder)
            check_files(folder, self.manifest)
            self._open(folder)
            self.article = lru_cache(maxsize=64)(self._article)
            self._article_rows = {name: row for row, name in enumerate(self.manifest.articles)}
            size = sum(file["bytes"] for file in self.manifest.files.values())
            if size <= VERIFIED_AT_OPEN if verify is None else verify:
                self.verify()

    def _open(self, folder: Path) -> None:
        manifest = self.manifest
        count, sentences = manifest.passages, manifest.sentences
        self._texts = Strings.open(folder / "texts.bin")
        self._articles = Strings.open(folder / "articles.bin")
        self._sections = Strings.open(folder / "sections.bin")
        self._passages = map_array(folder / "passages.rows", PASSAGE, (count,))
        self._first_passages = map_array(
            folder / "articles.passages", "<i8", (len(manifest.articles) + 1,)
        )
        self._visible = Strings.open(folder / "visible.bin")
        self._first_runs = map_array(folder / "passages.runs", "<i8", (count + 1,))
        self._runs = map_array(folder / "visible.runs", "<u4", (int(self._first_runs[-1]), 2))
        self._first_sentences = map_array(folder / "passages.sentences", "<i8", (count + 1,))
        self._sentences = map_array(folder / "sentences.spans", "<u4", (sentences, 2))
        self._hashes = map_array(folder / "passages.hashes", "<u8", (count,))
        self._sentence_hashes = map_array(folder / "sentences.hashes", "<u8", (sentences,))
        self.keys: Keys = map_array(folder / KEYS, "S16", (count + sentences,))
        self.vectors = RowFile(
            folder / VECTORS, np.float16, (count + sentences, manifest.dimension)
        )
        self.postings = Postings.open(folder / "postings")
        self._collection = None if manifest.part else Collection.open(folder / "collection")
        self.tokens = (
            TokenTable(folder, count, manifest.tokens, manifest.code_bytes)
            if manifest.token_model
            else None
        )
        self._nearest = Nearest(folder / "passages.faiss", count, manifest.dimension)

    def verify(self) -> None:
        """Read all of the snapshot: every file's hash, and whatever a search might stumble over.

        The hashes only say that the files are those of the manifest, not who wrote both.

        Raises:
            IndexDamaged: something is not as the manifest says, or not as `write_files` writes.
        """
        with refusing(self.folder):
            verify_files(self.folder, self.manifest)
            self._check_contents()
            if self.tokens is not None:
                self.tokens.verify()
        self.verified = True

    def _check_contents(self) -> None:
        manifest, passages = self.manifest, self._passages
        if self._collection is not None:
            Calibration.from_json(manifest.calibration)
            self._collection.verify()
        self._check_strings()
        check_starts("passages.sentences", self._first_sentences, len(self._sentences), least=1)
        check_starts("passages.runs", self._first_runs, len(self._runs))
        if len(self._visible) != len(passages):
            raise ValueError(f"visible.bin has {len(self._visible)} texts, not {len(passages)}")
        check_starts("articles.passages", self._first_passages, len(passages))
        counts = np.diff(self._first_passages)
        if not np.array_equal(passages["article"], np.repeat(np.arange(len(counts)), counts)):
            raise ValueError("passages.rows does not go article by article")
        if len(passages) and passages["section"].max() >= len(self._sections):
            raise ValueError("passages.rows names sections that there are not")
        if len(self.postings) != len(passages):
            raise ValueError(f"postings has {len(self.postings)} passages, not {len(passages)}")
        self.postings.verify()

    def _check_strings(self) -> None:
        for strings in (self._texts, self._articles, self._sections, self._visible):
            strings.verify()
        for row, name in enumerate(self.manifest.articles):
            article = self._article(row)
            about = article.source, article.url, article.date, article.language
            fields = (article.title, *(field or "" for field in about))
            if article.id != name or not all(isinstance(field, str) for field in fields):
                raise ValueError(f"articles.bin does not have {name!r} in row {row}")
        for section in self._sections:
            anchor, prefix, *headings = json.loads(section)
            if not all(isinstance(part, str) for part in (anchor, prefix, *headings)):
                raise ValueError("sections.bin holds a section that is none")

    def __len__(self) -> int:
        return self.manifest.passages

    @property
    def name(self) -> str:
        """The name of its folder, by which the index folder's pointer knows it."""
        return self.folder.name

    @property
    def collection(self) -> Collection:
        """What is true of all its articles together.

        Raises:
            IndexDamaged: this is a shard of several, which have it beside them.
        """
        if self._collection is None:
            raise IndexDamaged(f"{self.folder} is a shard, and no index of its own")
        return self._collection

    def texts(self) -> Texts:
        """The texts of its passages, by their hashes; a passage is read when it is asked for."""
        hashes = TextHashes(np.array(self._hashes), np.array(self._sentence_hashes))
        homes = self._passages["article"].astype(np.int64)
        return Texts(_Passages(self), hashes, np.diff(self._first_sentences), homes)

    def articles(self) -> Iterator[Article]:
        """All articles, in the order of their rows."""
        return map(self.article, range(len(self.manifest.articles)))

    def passages(self) -> Iterator[Passage]:
        """All passages, in the order of their rows."""
        return map(self.passage, range(len(self)))

    @property
    def sections(self) -> int:
        """Sections that have a passage."""
        return len(self._sections)

    def article_row(self, article_id: str) -> int | None:
        """The row of the article with this id, or None."""
        return self._article_rows.get(article_id)

    def _article(self, row: int) -> Article:
        fields = json.loads(self._articles[row])
        return Article(**{**fields, "text": self._texts[row]})

    def title(self, row: int) -> str:
        """The title of the article in this row."""
        title: str = json.loads(self._articles[row])["title"]
        return title

    def languages(self, rows: Rows) -> tuple[str, ...]:
        """The code of the language of the passage in each of these rows."""
        known = self.postings.languages
        if len(known) == 1:
            return (next(iter(known)),) * len(rows)
        return tuple(self._code(int(row)) for row in self._passages["article"][rows])

    def _code(self, article_row: int) -> str:
        tag = json.loads(self._articles[article_row]).get("language")
        return code_of(tag) or ENGLISH

    def passage(self, row: int) -> Passage:
        """The passage in this row, its text a slice of the article's."""
        at = self._passages[row]
        anchor, prefix, *headings = json.loads(self._sections[int(at["section"])])
        first, after = self._first_sentences[row : row + 2]
        spans = tuple((int(a), int(b)) for a, b in self._sentences[first:after])
        article = self.article(int(at["article"]))
        start, end = int(at["start"]), int(at["end"])
        visible = Mapped(self._visible[row], self._runs_of(row))
        links = bool(at["is_links"])
        return Passage(
            article, tuple(headings), anchor, prefix, start, end, spans, visible, is_links=links
        )

    def _runs_of(self, row: int) -> tuple[Span, ...]:
        first, after = self._first_runs[row : row + 2]
        return tuple((int(a), int(b)) for a, b in self._runs[first:after])

    def passage_rows(self, article_row: int) -> range:
        """The rows of an article's passages, in the order of its text."""
        first, after = self._first_passages[article_row : article_row + 2]
        return range(int(first), int(after))

    def first_passages(self) -> Rows:
        """(articles + 1,): the row of each article's first passage, and after the last one."""
        return np.array(self._first_passages)

    def text_hashes(self, rows: Rows) -> Hashes:
        """Hashes of what a reader sees of these passages, the same if the words are, (rows,)."""
        hashes: Hashes = self._hashes[rows]
        return hashes

    def nearest(
        self, question: Vectors, n: int, within: Rows | None = None
    ) -> tuple[Rows, NDArray[np.float32]]:
        """The `n` passages with the highest cosine to `question` (dimension,), best first.

        Args:
            question: its vector.
            n: how many.
            within: limits the search to these rows, each of which is compared then.

        Returns:
            Their rows, and how near they are, in 16 bits or fewer where nothing limits the search.
        """
        if within is None:
            return self._nearest.search(question, n)
        cosines = self.passage_cosines(question, within)
        order = np.argsort(-cosines, kind="stable")[:n]
        return within[order], cosines[order]

    def passage_cosines(self, question: Vectors, rows: Rows) -> NDArray[np.float32]:
        """Cosine of `question` with each of the passages."""
        return self._cosines(question, rows)

    def sentence_vectors(
        self, row: int, boilerplate: Boilerplate
    ) -> tuple[Vectors, NDArray[np.bool_]]:
        """Vectors of a passage's sentences (sentences, dimension), and which are boilerplate."""
        rows = np.array([row])
        wanted, _ = self._sentence_rows(rows)
        vectors = self.vectors[wanted + len(self)].astype(np.float32)
        return vectors, self._flags(rows, boilerplate)

    def best_sentence_cosines(
        self, question: Vectors, rows: Rows, boilerplate: Boilerplate
    ) -> NDArray[np.float32]:
        """For each of the passages, the cosine of `question` with its nearest sentence."""
        if not len(rows):
            return np.empty(0, np.float32)
        cosines, starts = self._of_sentences(question, rows, boilerplate)
        best: NDArray[np.float32] = np.maximum.reduceat(cosines, starts)
        return best

    def is_boilerplate(self, rows: Rows, boilerplate: Boilerplate) -> NDArray[np.bool_]:
        """Whether all that a passage says stands in many articles, (rows,)."""
        if not len(rows):
            return np.empty(0, np.bool_)
        _, starts = self._sentence_rows(rows)
        return np.logical_and.reduceat(self._flags(rows, boilerplate), starts)

    def _flags(self, rows: Rows, boilerplate: Boilerplate) -> NDArray[np.bool_]:
        """Which sentences of these passages are boilerplate, by themselves or as a passage is.

        A passage that is little else than links counts as such: better found where they lead.
        """
        wanted, _ = self._sentence_rows(rows)
        counts = self._first_sentences[rows + 1] - self._first_sentences[rows]
        whole = boilerplate.are_passages(self._hashes[rows]) | self._passages["is_links"][rows]
        of_sentences = boilerplate.are_sentences(self._sentence_hashes[wanted])
        flags: NDArray[np.bool_] = of_sentences | np.repeat(whole, counts)
        return flags

    def _of_sentences(
        self, question: Vectors, rows: Rows, boilerplate: Boilerplate
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Cosines of all sentences of these passages, and where those of each passage start."""
        wanted, starts = self._sentence_rows(rows)
        cosines = self._cosines(question, wanted + len(self))
        flags = self._flags(rows, boilerplate)
        if flags.any():
            counts = np.diff([*starts, len(wanted)])
            mixed = ~np.repeat(np.logical_and.reduceat(flags, starts), counts)
            cosines[flags & mixed] = -1
        return cosines, starts

    def sentence_rows(self, rows: Rows) -> Rows:
        """The rows of the sentences of these passages, counted from the first sentence of all."""
        return self._sentence_rows(rows)[0]

    def _sentence_rows(self, rows: Rows) -> tuple[Rows, NDArray[np.int64]]:
        """Rows of all sentences of these passages, and where those of each passage start."""
        first = self._first_sentences[rows]
        counts = self._first_sentences[rows + 1] - first  # every passage has a sentence
        starts = np.cumsum(counts) - counts
        return np.arange(counts.sum()) + np.repeat(first - starts, counts), starts

    def _cosines(self, question: Vectors, rows: Rows) -> NDArray[np.float32]:
        # Not by `@`: BLAS shares it between threads, which costs more than it saves (see nearest).
        vectors = self.vectors[rows].astype(np.float32)
        cosines: NDArray[np.float32] = np.einsum("ij,j->i", vectors, question)
        return cosines


class _Passages(Sequence[Passage]):
    """The passages of a snapshot, each read when it is asked for."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def __len__(self) -> int:
        return len(self._snapshot)

    def __getitem__(self, row: int) -> Passage:  # type: ignore[override]  # no slices
        return self._snapshot.passage(row)


@contextmanager
def refusing(folder: Path) -> Iterator[None]:
    """Turn any error raised while reading an untrusted snapshot into IndexDamaged."""
    try:
        yield
    except IndexDamaged:
        raise
    except Exception as error:
        raise IndexDamaged(f"{folder} cannot be opened ({error})") from error
