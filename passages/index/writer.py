"""Passages -> the files of a new snapshot, encoding only what was never encoded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from passages.articles.boilerplate import find_boilerplate
from passages.articles.chunking import CHUNKER_VERSION, PASSAGE_TOKENS, Passage, chunk
from passages.articles.corpus import Article
from passages.building.intake import Taken
from passages.index.encode_once import (
    Journal,
    Progress,
    VectorTable,
    encode_rows,
    fill_known,
    text_keys,
    unknown,
)
from passages.index.manifest import Manifest
from passages.index.postings import Lexicon
from passages.index.snapshot import Contents, Snapshot, new_vectors, write_snapshot
from passages.language.synonyms import Synonyms
from passages.models.encoder import TextEncoder

CHUNKING = {"version": CHUNKER_VERSION, "passage_tokens": PASSAGE_TOKENS}
"""What a snapshot remembers of how it was made; another value makes all passages anew."""


def cut(taken: Sequence[Taken], last: Snapshot | None, encoder: TextEncoder) -> list[Passage]:
    """The passages of all articles, those of unchanged ones from the last snapshot."""
    max_tokens = min(encoder.max_tokens, PASSAGE_TOKENS)
    passages: list[Passage] = []
    for item in taken:
        if last is not None and item.row is not None:
            passages += [last.passage(row) for row in last.passage_rows(item.row)]
        else:
            passages += chunk(item.article, encoder.count_tokens, max_tokens)
    return passages


class Draft:
    """A snapshot in the making: its passages, and which of their texts must still be encoded."""

    def __init__(
        self,
        articles: Sequence[Article],
        passages: Sequence[Passage],
        encoder: TextEncoder,
        last: Snapshot | None,
        index: Path,
        synonyms: Synonyms = (),
    ) -> None:
        """Look up what `last` and the journal of an interrupted build in `index` know."""
        self.articles = articles
        self.passages = passages
        self.encoder = encoder
        self._synonyms = synonyms
        self._boilerplate, self.repeated = find_boilerplate(passages, len(articles))
        self._first_sentences = np.cumsum([0, *(len(p.sentences) for p in passages)])
        self._journal = Journal(index, encoder.model.fingerprint, encoder.dimension)
        self._keys = text_keys(encoder.model.fingerprint, self._texts())
        self._tables = [self._journal.read()]
        if last is not None:
            self._tables.append(VectorTable(last.keys, last.vectors))
        missing = np.zeros(len(self._keys), np.bool_)
        missing[unknown(self._keys, self._tables)] = True
        self.embedded = int(missing[: len(passages)].sum())

    @property
    def sentences(self) -> int:
        """How many sentences the passages have."""
        return int(self._first_sentences[-1])

    def write(self, folder: Path, manifest: Manifest, progress: Progress) -> None:
        """Encode what no table knows, and write the snapshot into `folder`."""
        headings = (" ".join((p.article.title, *p.headings)) for p in self.passages)
        bodies = (passage.words for passage in self.passages)
        codes = (passage.article.code for passage in self.passages)
        contents = Contents(
            articles=self.articles,
            passages=self.passages,
            keys=self._keys,
            boilerplate=self._boilerplate,
            # Before the vectors are mapped: each of the two takes gigabytes at a million passages.
            lexicon=Lexicon.build(zip(bodies, headings, codes, strict=True), self._synonyms),
        )
        vectors = self._vectors(folder, manifest.dimension, progress)
        write_snapshot(folder, contents, vectors, manifest)

    def _vectors(self, folder: Path, dimension: int, progress: Progress) -> NDArray[np.float16]:
        """The vectors of all texts, on disk."""
        vectors = new_vectors(folder, len(self._keys), dimension)
        missing = fill_known(vectors, self._keys, self._tables)
        _, first, copies = np.unique(self._keys[missing], return_index=True, return_inverse=True)
        rows = missing[np.sort(first)]
        encode_rows(
            vectors, rows, self._keys, self._texts_of(rows), self.encoder, self._journal, progress
        )
        same = missing[first][copies]  # for each missing row, the one that was encoded
        for row, encoded in zip(missing[missing != same], same[missing != same], strict=True):
            vectors[row] = vectors[encoded]
        return vectors

    def _texts(self) -> Iterator[str]:
        """What is encoded, row by row; made anew each time, for together they are large."""
        for passage in self.passages:
            yield passage.encoder_text
        for passage in self.passages:
            yield from passage.sentence_texts

    def _texts_of(self, rows: NDArray[np.int64]) -> Iterator[str]:
        """The texts of these rows, which ascend."""
        passages = len(self.passages)
        for row in rows[rows < passages]:
            yield self.passages[row].encoder_text
        sentences = rows[rows >= passages] - passages
        owners = np.searchsorted(self._first_sentences, sentences, side="right") - 1
        owned = zip(owners.tolist(), sentences.tolist(), strict=True)
        for owner, of_one in groupby(owned, key=itemgetter(0)):
            texts = self.passages[owner].sentence_texts
            yield from (texts[row - self._first_sentences[owner]] for _, row in of_one)
