"""Articles and their passages -> the files of a snapshot, encoding only what was never encoded.

The one way to make a snapshot: a build, the fitting of a calibration and the headings check all
come here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from passages.articles.boilerplate import Boilerplate, Texts, find_boilerplate
from passages.articles.chunking import Passage
from passages.articles.corpus import Article, Problem
from passages.index.carried import Carried, postings_for, prepare
from passages.index.collection import Collection
from passages.index.manifest import ArticleFile, Manifest
from passages.index.snapshot import Snapshot
from passages.index.snapshot_files import Contents, new_vectors, write_files
from passages.index.vectors.encode_once import (
    Journal,
    VectorTable,
    encode_rows,
    fill_known,
    unknown,
)
from passages.index.vectors.older import OlderVectors
from passages.index.vectors.tokens import TokenJournal, known_in, write_tokens
from passages.index.words.vocabulary import collect
from passages.language.synonyms import Synonyms
from passages.models.calibration import Calibration
from passages.models.encoder import TextEncoder
from passages.models.token_encoder import TokenTextEncoder
from passages.progress import Progress, silent


@dataclass(frozen=True, slots=True)
class Origin:
    """What a snapshot remembers of what it was made from (see `Manifest`).

    A shard of several has no calibration: it stands in their collection.
    """

    corpus: str
    articles: dict[str, ArticleFile]
    chunking: dict[str, int]
    calibration: Calibration | None
    synonyms: str = ""
    refused: tuple[Problem, ...] = ()


def origin_of(manifest: Manifest) -> Origin:
    """The origin of a snapshot, for a copy of it."""
    return Origin(
        corpus=manifest.corpus,
        articles=manifest.articles,
        chunking=manifest.chunking,
        calibration=Calibration.from_json(manifest.calibration),
        synonyms=manifest.synonyms,
        refused=manifest.refused,
    )


def write_snapshot(
    folder: Path,
    articles: Sequence[Article],
    passages: Sequence[Passage],
    encoder: TextEncoder,
    origin: Origin,
    *,
    last: Sequence[Snapshot | OlderVectors] = (),
    synonyms: Synonyms = (),
    tokens: TokenTextEncoder | None = None,
    part: bool = False,
) -> Snapshot:
    """Write a snapshot into the new folder `folder` and open it.

    Args:
        folder: the folder to make.
        articles: in the order of their rows.
        passages: article by article.
        encoder: encodes what `last` does not hold.
        origin: what the snapshot says of where the articles came from.
        last: earlier snapshots, whose vectors are used again.
        synonyms: groups of words that mean the same.
        tokens: encodes the tokens of the passages; None for a snapshot without.
        part: write a shard of several, without what is true of all together.
    """
    folder.mkdir(parents=True)
    load = None if tokens is None else lambda: tokens
    writer = SnapshotWriter(
        articles, passages, encoder, folder.parent, last, synonyms, load, part=part
    )
    writer.write(folder, origin)
    return Snapshot(folder)


class SnapshotWriter:
    """A snapshot in the making: its passages, and which of their texts must still be encoded."""

    def __init__(
        self,
        articles: Sequence[Article],
        passages: Sequence[Passage],
        encoder: TextEncoder,
        index: Path,
        last: Sequence[Snapshot | OlderVectors] = (),
        synonyms: Synonyms = (),
        tokens: Callable[[], TokenTextEncoder] | None = None,
        *,
        part: bool = False,
        carried: Carried | None = None,
    ) -> None:
        """Look up what `last` and the journals of an interrupted build in `index` know.

        `tokens` loads the encoder of tokens when it is needed; `carried` are the passages whose
        words were indexed before.
        """
        self._last, self._index, self._load_tokens = last, index, tokens
        self._articles = articles
        self._passages = passages
        self._encoder = encoder
        self._synonyms = synonyms
        self._part = part
        self._carried = carried
        prepared = prepare(passages, encoder.model.fingerprint, carried)
        self.texts = Texts.of(passages, prepared.hashes)
        self._first_sentences = np.cumsum([0, *(len(p.sentences) for p in passages)])
        self._journal = Journal(index, encoder.model.fingerprint, encoder.dimension)
        self._keys = prepared.keys
        self._tables = [self._journal.read()]
        self._tables += [VectorTable(one.keys, one.vectors) for one in last]
        missing = np.zeros(len(self._keys), np.bool_)
        missing[unknown(self._keys, self._tables)] = True
        self.embedded = int(missing[: len(passages)].sum())
        """How many passages `write` will encode."""

    def __len__(self) -> int:
        return len(self._passages)

    @cached_property
    def boilerplate(self) -> tuple[Boilerplate, tuple[Problem, ...]]:
        """What stands in many of these articles, and notes on it."""
        return find_boilerplate([self.texts], len(self._articles))

    def write(self, folder: Path, origin: Origin, progress: Progress = silent) -> None:
        """Encode what no table knows, and write the snapshot into `folder`."""
        # Before the vectors are mapped: each of the two takes gigabytes at a million passages.
        postings = postings_for(self._passages, self._carried)
        collection: Collection | None = None
        repeated: tuple[Problem, ...] = ()
        if not self._part:
            boilerplate, repeated = self.boilerplate
            collection = Collection(collect([postings], self._synonyms), boilerplate)
        contents = Contents(
            articles=self._articles,
            passages=self._passages,
            keys=self._keys,
            hashes=self.texts.hashes,
            postings=postings,
            collection=collection,
        )
        vectors = self._vectors(folder, self._encoder.dimension, progress)
        manifest = self._with_tokens(folder, self._manifest(origin, repeated), progress)
        write_files(folder, contents, vectors, manifest)

    def _with_tokens(self, folder: Path, manifest: Manifest, progress: Progress) -> Manifest:
        """Write the codes of the passages' tokens; returns the manifest that tells of them."""
        if self._load_tokens is None:
            return manifest
        encoder, known = self._load_tokens(), []
        journal = TokenJournal(self._index, encoder.model.fingerprint, encoder.code_bytes)
        for last in self._last:
            if not isinstance(last, Snapshot) or last.tokens is None:
                continue
            if last.manifest.token_model == encoder.model:
                known.append(known_in(last.tokens, last.keys[: len(last)]))
        keys, done = self._keys[: len(self)], 0

        def encoded(newly: int) -> None:
            nonlocal done
            done += newly
            progress(done, len(keys))

        tokens = write_tokens(folder, self._passages, keys, encoder, known, journal, encoded)
        return replace(
            manifest, token_model=encoder.model, tokens=tokens, code_bytes=encoder.code_bytes
        )

    def _manifest(self, origin: Origin, repeated: tuple[Problem, ...]) -> Manifest:
        return Manifest(
            created=datetime.now(UTC).isoformat(),
            corpus=origin.corpus,
            model=self._encoder.model,
            dimension=self._encoder.dimension,
            chunking=origin.chunking,
            articles=origin.articles,
            passages=len(self._passages),
            sentences=int(self._first_sentences[-1]),
            synonyms=origin.synonyms,
            refused=origin.refused,
            repeated=repeated,
            calibration=origin.calibration.to_json() if origin.calibration else {},
            part=self._part,
        )

    def _vectors(self, folder: Path, dimension: int, progress: Progress) -> NDArray[np.float16]:
        """The vectors of all texts, on disk."""
        vectors = new_vectors(folder, len(self._keys), dimension)
        missing = fill_known(vectors, self._keys, self._tables)
        _, first, copies = np.unique(self._keys[missing], return_index=True, return_inverse=True)
        rows = missing[np.sort(first)]
        encode_rows(
            vectors, rows, self._keys, self._texts_of(rows), self._encoder, self._journal, progress
        )
        same = missing[first][copies]  # for each missing row, the one that was encoded
        for row, encoded in zip(missing[missing != same], same[missing != same], strict=True):
            vectors[row] = vectors[encoded]
        return vectors

    def _texts_of(self, rows: NDArray[np.int64]) -> Iterator[str]:
        """The texts of these rows, which ascend."""
        passages = len(self._passages)
        for row in rows[rows < passages]:
            yield self._passages[row].encoder_text
        sentences = rows[rows >= passages] - passages
        owners = np.searchsorted(self._first_sentences, sentences, side="right") - 1
        owned = zip(owners.tolist(), sentences.tolist(), strict=True)
        for owner, of_one in groupby(owned, key=itemgetter(0)):
            texts = self._passages[owner].sentence_texts
            yield from (texts[row - self._first_sentences[owner]] for _, row in of_one)
