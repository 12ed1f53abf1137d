"""What a new snapshot takes over of the last one, row by row: words, keys and hashes of texts.

So a rebuild reads the words of what is new or gone alone, however much there is beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from passages.articles.boilerplate import TextHashes
from passages.articles.chunking import Passage
from passages.index.arrays import Keys
from passages.index.snapshot import Snapshot
from passages.index.vectors.encode_once import text_keys
from passages.index.words.carrying import carry_over
from passages.index.words.lexicon import postings_of
from passages.index.words.postings import Postings

N = TypeVar("N", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Carried:
    """Rows of a snapshot for the passages of a new one: ascending, -1 for what it does not have."""

    snapshot: Snapshot
    rows: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is known of passages before a vector is: keys and hashes of their texts."""

    keys: Keys
    hashes: TextHashes


def prepare(passages: Sequence[Passage], fingerprint: str, carried: Carried | None) -> Prepared:
    """Keys, first of the passages, then of their sentences, and hashes."""
    fresh = _fresh(passages, carried)
    keys = text_keys(fingerprint, _texts(fresh))
    hashes = TextHashes.of(fresh)
    if carried is None:
        return Prepared(keys, hashes)
    last, kept = carried.snapshot, carried.rows >= 0
    counts = np.array([len(passage.sentences) for passage in passages], np.int64)
    sentences = np.repeat(kept, counts)
    rows = carried.rows[kept]
    of_sentences = last.sentence_rows(rows)
    of_last, fresh_rows = last.texts().hashes, len(fresh)
    return Prepared(
        np.concatenate(
            [
                _joined(kept, last.keys[rows], keys[:fresh_rows]),
                _joined(sentences, last.keys[len(last) + of_sentences], keys[fresh_rows:]),
            ]
        ),
        TextHashes(
            _joined(kept, of_last.passages[rows], hashes.passages),
            _joined(sentences, of_last.sentences[of_sentences], hashes.sentences),
        ),
    )


def postings_for(passages: Sequence[Passage], carried: Carried | None) -> Postings:
    """The postings of these passages."""
    fresh = _indexed(_fresh(passages, carried))
    if carried is None:
        return fresh
    last = carried.snapshot
    gone = np.setdiff1d(np.arange(len(last)), carried.rows)
    removed = _indexed(last.passage(int(row)) for row in gone)
    return carry_over(last.postings, fresh, removed, carried.rows)


def _fresh(passages: Sequence[Passage], carried: Carried | None) -> Sequence[Passage]:
    if carried is None:
        return passages
    return [passages[row] for row in np.flatnonzero(carried.rows < 0).tolist()]


def _indexed(passages: Iterable[Passage]) -> Postings:
    return postings_of(
        (passage.words, " ".join((passage.article.title, *passage.headings)), passage.article.code)
        for passage in passages
    )


def _texts(passages: Sequence[Passage]) -> Iterable[str]:
    """What is encoded, row by row; made anew each time, for together they are large."""
    for passage in passages:
        yield passage.encoder_text
    for passage in passages:
        yield from passage.sentence_texts


def _joined(kept: NDArray[np.bool_], of_last: NDArray[N], fresh: NDArray[N]) -> NDArray[N]:
    """The values of the last snapshot where a row is kept, the fresh ones elsewhere, in order."""
    joined = np.empty(len(kept), fresh.dtype)
    joined[kept], joined[~kept] = of_last, fresh
    return joined
