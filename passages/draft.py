"""Passages -> the files of a new snapshot, encoding only what was never encoded."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from passages.articles import Article
from passages.chunking import CHUNKER_VERSION, PASSAGE_TOKENS, Passage, chunk
from passages.encoding import TextEncoder
from passages.index import Contents, Snapshot, new_sentence_vectors, write_snapshot
from passages.intake import Taken
from passages.lexical import Lexicon, Synonyms
from passages.manifest import Manifest
from passages.vectors import (
    Journal,
    Progress,
    VectorTable,
    copy_vectors,
    encode_missing,
    text_keys,
    unknown,
)

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
        self.journal = Journal(index, encoder.model.fingerprint, encoder.dimension)
        passage_texts = [passage.encoder_text for passage in passages]
        sentence_texts = [text for passage in passages for text in passage.sentence_texts]
        self._passage_keys = text_keys(encoder.model.fingerprint, passage_texts)
        self._sentence_keys = text_keys(encoder.model.fingerprint, sentence_texts)
        known = self.journal.read()
        self._passage_tables, self._sentence_tables = [known], [known]
        if last is not None:
            self._passage_tables.append(VectorTable(last.passage_keys, last.passage_vectors))
            self._sentence_tables.append(VectorTable(last.sentence_keys, last.sentence_vectors))
        new_passages = unknown(self._passage_keys, self._passage_tables)
        new_sentences = unknown(self._sentence_keys, self._sentence_tables)
        self.embedded = len(new_passages)
        self._texts = {self._passage_keys[i]: passage_texts[i] for i in new_passages}
        self._texts |= {self._sentence_keys[i]: sentence_texts[i] for i in new_sentences}

    @property
    def sentences(self) -> int:
        """How many sentences the passages have."""
        return len(self._sentence_keys)

    def write(self, folder: Path, manifest: Manifest, progress: Progress) -> None:
        """Encode what no table knows, and write the snapshot into `folder`."""
        encoded = encode_missing(self._texts, self.encoder, self.journal, progress)
        vectors = np.empty((manifest.passages, manifest.dimension), np.float32)
        copy_vectors(vectors, self._passage_keys, [*self._passage_tables, encoded])
        sentences = new_sentence_vectors(folder, manifest.sentences, manifest.dimension)
        copy_vectors(sentences, self._sentence_keys, [*self._sentence_tables, encoded])
        bodies = [passage.text for passage in self.passages]
        headings = [" ".join((p.article.title, *p.headings)) for p in self.passages]
        contents = Contents(
            articles=self.articles,
            passages=self.passages,
            passage_vectors=vectors,
            passage_keys=self._passage_keys,
            sentence_keys=self._sentence_keys,
            lexicon=Lexicon.build(bodies, headings, self._synonyms),
        )
        write_snapshot(folder, contents, manifest)
