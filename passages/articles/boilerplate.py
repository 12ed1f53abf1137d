"""Text that stands in the same words in many articles: a call to action, a disclaimer, an imprint.

It answers no question about any of them, but being general it is near to many. So it is found,
listed in the report, and ranked below all other text; it is never removed.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from passages.articles.chunking import Passage
from passages.articles.corpus import Problem

LEAST = 3
"""In fewer articles it may be chance, or a quotation."""
SHARE = 0.2
"""Of all articles. Below it, text that is repeated may well be content: of the 370 health articles
of MedQuAD, an eighth explain in the same words how often a symptom occurs."""
WORDS = 5
"""A sentence of fewer, such as an item of a list, may say the same thing in its own right. A whole
passage that is repeated is boilerplate however short."""


def find_boilerplate(
    passages: Sequence[Passage], articles: int
) -> tuple[NDArray[np.bool_], list[Problem]]:
    """Which sentences are boilerplate, (sentences,), in the order of the passages; and notes on it.

    Whole passages that stand in some more articles than one are only noted.
    """
    counts = np.array([len(passage.sentences) for passage in passages], np.int64)
    rows = {name: row for row, name in enumerate({p.article.id: None for p in passages})}
    homes = np.array([rows[passage.article.id] for passage in passages], np.int64)
    enough = max(LEAST, SHARE * articles)
    of_passages = _articles_with(_hashes(passage.words for passage in passages), homes)
    sentences = (p.words[start:end] for p in passages for start, end in p.sentences)
    of_sentences = _articles_with(_hashes(sentences, WORDS), np.repeat(homes, counts))
    flags = (of_sentences >= enough) | np.repeat(of_passages >= enough, counts)
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for passage, start, end in _runs(passages, counts, flags):
        found[_BOILERPLATE, passage.words[start:end]].add(passage.article.id)
    for row in np.flatnonzero((of_passages > 1) & (of_passages < enough)).tolist():
        found[_REPEATED, passages[row].words].add(passages[row].article.id)
    # Little else than links: found where its links lead, and better there.
    flags |= np.repeat(np.array([passage.is_links for passage in passages], np.bool_), counts)
    return flags, [_note(what, text, sorted(ids)) for (what, text), ids in found.items()]


def _hashes(texts: Iterable[str], least_words: int = 1) -> NDArray[np.uint64]:
    """A number for each text, the same if the words are; 0 for one of fewer words."""

    def one(text: str) -> int:
        words = text.casefold().split()
        if len(words) < least_words:
            return 0
        digest = hashlib.blake2b(" ".join(words).encode(), digest_size=8).digest()
        return int.from_bytes(digest, "little")

    return np.fromiter(map(one, texts), np.uint64)


def _articles_with(hashes: NDArray[np.uint64], homes: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each text, in how many articles its hash stands; 0 for the hash 0."""
    order = np.lexsort((homes, hashes))
    sorted_hashes, sorted_homes = hashes[order], homes[order]
    starts = np.ones(len(order), np.bool_)  # of a hash
    starts[1:] = sorted_hashes[1:] != sorted_hashes[:-1]
    first = starts.copy()  # of a hash in an article
    first[1:] |= sorted_homes[1:] != sorted_homes[:-1]
    group = np.cumsum(starts) - 1
    counts = np.empty(len(order), np.int64)
    counts[order] = np.bincount(group, weights=first).astype(np.int64)[group]
    counts[hashes == 0] = 0
    return counts


def _runs(
    passages: Sequence[Passage], counts: NDArray[np.int64], flags: NDArray[np.bool_]
) -> Iterator[tuple[Passage, int, int]]:
    """Neighbouring sentences that are boilerplate, as one span of their passage."""
    ends = np.cumsum(counts)
    owners = np.unique(np.searchsorted(ends, np.flatnonzero(flags), side="right"))
    for passage, first, last in (
        (passages[row], ends[row] - counts[row], ends[row]) for row in owners
    ):
        marked = zip(passage.sentences, flags[first:last], strict=True)
        for is_boilerplate, run in groupby(marked, key=lambda sentence: bool(sentence[1])):
            if is_boilerplate:
                spans = [span for span, _ in run]
                yield passage, spans[0][0], spans[-1][1]


_BOILERPLATE = "the same words in {} articles, ranked below all other text: {!r}"
_REPEATED = "the same passage in {} articles: {!r}"


def _note(what: str, text: str, ids: list[str]) -> Problem:
    named = ", ".join(ids[:3]) + (", …" if ids[3:] else "")
    words = " ".join(text.split())
    shown = words if len(words) <= 80 else words[:80] + "…"
    return Problem(named, what.format(len(ids), shown), "note")
