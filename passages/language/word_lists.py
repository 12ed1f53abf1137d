"""Lists of words that a language has: what stands in one is no misspelling."""

from __future__ import annotations

import gzip
import heapq
import json
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources

from rapidfuzz import process
from rapidfuzz.distance import OSA

from passages.language.languages import fold, language


@lru_cache(maxsize=16)
def word_list(code: str) -> frozenset[str] | None:
    """The words of a language, folded; None where there is no list of them.

    pyspellchecker keeps the lists; its own search for corrections knows nothing of the articles.
    """
    file = resources.files("spellchecker") / "resources" / f"{code}.json.gz"
    if not file.is_file():
        return None
    words = json.loads(gzip.decompress(file.read_bytes()))
    return frozenset(word.lower() if word.isascii() else fold.__wrapped__(word) for word in words)


def is_word(word: str, codes: Iterable[str]) -> bool:
    """Whether any of these languages is known to have this word."""
    folded = fold(word)
    return any(folded in (word_list(code) or ()) for code in codes)


def is_near_stop_word(word: str, code: str) -> bool:
    """Whether a word is a stop word with one misspelling: `"realy"`."""
    near = process.extractOne(fold(word), _longer_stop_words(code), scorer=OSA.distance)
    return near is not None and near[1] <= 1


def is_commonplace(word: str, code: str, commonest: int) -> bool:
    """Whether a word is one of so many commonest of its language: it tells little."""
    return fold(word) in _commonest(code, commonest)


@lru_cache(maxsize=16)
def _commonest(code: str, number: int) -> frozenset[str]:
    file = resources.files("spellchecker") / "resources" / f"{code}.json.gz"
    if not file.is_file():
        return frozenset()
    counts: dict[str, int] = json.loads(gzip.decompress(file.read_bytes()))
    return frozenset(map(fold, heapq.nlargest(number, counts, key=lambda word: counts[word])))


@lru_cache(maxsize=16)
def _longer_stop_words(code: str) -> tuple[str, ...]:
    return tuple(sorted(word for word in language(code).stop if len(word) > 3))
