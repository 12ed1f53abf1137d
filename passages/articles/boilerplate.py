"""Text that stands in the same words in many articles: a call to action, a disclaimer, an imprint.

It answers no question about any of them, but being general it is near to many. So it is found,
listed in the report, and ranked below all other text; it is never removed.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
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


Hashes = NDArray[np.uint64]
"""A number for each text, the same if the words are; 0 for a text that is too short to count."""


@dataclass(frozen=True, slots=True)
class TextHashes:
    """Hashes of all `passages` (passages,) and of their `sentences` (sentences,)."""

    passages: Hashes
    sentences: Hashes

    @classmethod
    def of(cls, passages: Sequence[Passage]) -> TextHashes:
        """The hashes of these passages."""
        sentences = (p.words[start:end] for p in passages for start, end in p.sentences)
        return cls(_hashes(passage.words for passage in passages), _hashes(sentences, WORDS))


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of a shard.

    `sentences` (passages,) tells how many each of the `passages` has, and `homes` (passages,) the
    row of its article. Only what is repeated is read of `passages`.
    """

    passages: Sequence[Passage]
    hashes: TextHashes
    sentences: NDArray[np.int64]
    homes: NDArray[np.int64]

    @classmethod
    def of(cls, passages: Sequence[Passage], hashes: TextHashes) -> Texts:
        """The texts of these passages, which have these hashes."""
        rows = {name: row for row, name in enumerate({p.article.id: None for p in passages})}
        return cls(
            passages,
            hashes,
            np.array([len(passage.sentences) for passage in passages], np.int64),
            np.array([rows[passage.article.id] for passage in passages], np.int64),
        )

    def counted(self) -> tuple[ArticleCounts, ArticleCounts]:
        """In how many articles each passage stands, and each sentence."""
        return (
            ArticleCounts.of(self.hashes.passages, self.homes),
            ArticleCounts.of(self.hashes.sentences, np.repeat(self.homes, self.sentences)),
        )


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """Hashes, ascending, of whole `passages` and of `sentences` that stand in many articles."""

    passages: Hashes
    sentences: Hashes

    def are_passages(self, hashes: Hashes) -> NDArray[np.bool_]:
        """Which of these are of a whole passage that is repeated."""
        return np.isin(hashes, self.passages)

    def are_sentences(self, hashes: Hashes) -> NDArray[np.bool_]:
        """Which of these are of a sentence that is repeated."""
        return np.isin(hashes, self.sentences)


@dataclass(frozen=True, slots=True)
class ArticleCounts:
    """In how many articles each text stands: hashes, ascending, and their counts."""

    hashes: Hashes
    counts: NDArray[np.int64]

    @classmethod
    def of(cls, hashes: Hashes, homes: NDArray[np.int64]) -> ArticleCounts:
        """Count texts of the articles `homes` (texts,)."""
        order = np.lexsort((homes, hashes))
        ordered, of_articles = hashes[order], homes[order]
        starts = np.ones(len(order), np.bool_)  # of a hash
        starts[1:] = ordered[1:] != ordered[:-1]
        first = starts.copy()  # of a hash in an article
        first[1:] |= of_articles[1:] != of_articles[:-1]
        counts = np.bincount(np.cumsum(starts) - 1, weights=first).astype(np.int64)
        known = ordered[starts]
        return cls(known[known != 0], counts[known != 0])

    @classmethod
    def sum(cls, parts: Sequence[ArticleCounts]) -> ArticleCounts:
        """Counts of several sets of articles that have no article in common."""
        hashes, places = np.unique(
            np.concatenate([part.hashes for part in parts]), return_inverse=True
        )
        counts = np.zeros(len(hashes), np.int64)
        np.add.at(counts, places, np.concatenate([part.counts for part in parts]))
        return cls(hashes, counts)

    def at_least(self, count: float) -> Hashes:
        """The texts that stand in so many articles or more."""
        return self.hashes[self.counts >= count]


def many(articles: int) -> float:
    """In so many of `articles` a text is boilerplate."""
    return max(LEAST, SHARE * articles)


def find_boilerplate(
    shards: Sequence[Texts], articles: int
) -> tuple[Boilerplate, tuple[Problem, ...]]:
    """What stands in many of so many articles, which the shards hold together, and notes on it.

    Whole passages that stand in some more articles than one are only noted.
    """
    counted = [texts.counted() for texts in shards]
    of_passages = ArticleCounts.sum([passages for passages, _ in counted])
    of_sentences = ArticleCounts.sum([sentences for _, sentences in counted])
    enough = many(articles)
    boilerplate = Boilerplate(of_passages.at_least(enough), of_sentences.at_least(enough))
    repeated = np.setdiff1d(of_passages.at_least(2), boilerplate.passages)
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for texts in shards:
        whole = boilerplate.are_passages(texts.hashes.passages)
        flags = boilerplate.are_sentences(texts.hashes.sentences)
        for passage, start, end in _runs(texts, flags | np.repeat(whole, texts.sentences)):
            found[_BOILERPLATE, passage.words[start:end]].add(passage.article.id)
    for texts in shards:
        for row in np.flatnonzero(np.isin(texts.hashes.passages, repeated)).tolist():
            passage = texts.passages[row]
            found[_REPEATED, passage.words].add(passage.article.id)
    notes = [_note(what, text, sorted(ids)) for (what, text), ids in found.items()]
    return boilerplate, tuple(notes)


def _hashes(texts: Iterable[str], least_words: int = 1) -> Hashes:
    """Hashes of these texts, 0 for one of fewer words."""

    def one(text: str) -> int:
        words = text.casefold().split()
        if len(words) < least_words:
            return 0
        digest = hashlib.blake2b(" ".join(words).encode(), digest_size=8).digest()
        return int.from_bytes(digest, "little")

    return np.fromiter(map(one, texts), np.uint64)


def _runs(texts: Texts, flags: NDArray[np.bool_]) -> Iterator[tuple[Passage, int, int]]:
    """Neighbouring sentences that are boilerplate, as one span of their passage."""
    counts = texts.sentences
    ends = np.cumsum(counts)
    owners = np.unique(np.searchsorted(ends, np.flatnonzero(flags), side="right"))
    for passage, first, last in (
        (texts.passages[int(row)], ends[row] - counts[row], ends[row]) for row in owners
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
