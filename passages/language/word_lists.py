"""Lists of words that a language has: what stands in one is no misspelling."""

from __future__ import annotations

import gzip
import heapq
import json
import sys
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources

from rapidfuzz import process
from rapidfuzz.distance import OSA

from passages.language.languages import ENGLISH, fold, language
from passages.language.words import stem_of

_BEGINNING, _ENDING = 3, 5  # letters that forms of a word share at least; of an ending at most
_WORDS_ENOUGH = 40_000
_LONG = 8  # letters of a word that may have two slips
_TIMES_COMMONER = 10  # how much commoner another word is that was rather meant


def word_list(code: str) -> Mapping[str, int] | None:
    """The words of a language, folded, and how common each is; None where there is no list of them.

    A list of few words knows too few endings: with the one of Russian one right word in eighty was
    taken for a misspelling. pyspellchecker keeps the lists; its own search for corrections knows
    nothing of the articles.
    """
    words = _counts(code)
    return words if len(words) >= _WORDS_ENOUGH else None


@lru_cache(maxsize=16)
def _counts(code: str) -> Mapping[str, int]:
    file = resources.files("spellchecker") / "resources" / f"{code}.json.gz"
    if not file.is_file():
        return {}
    words: dict[str, int] = {}
    for word, count in json.loads(gzip.decompress(file.read_bytes())).items():
        folded = word.lower() if word.isascii() else fold.__wrapped__(word)
        words[folded] = words.get(folded, 0) + count
    return words


def is_word(word: str, codes: Iterable[str]) -> bool:
    """Whether any of these languages is known to have this word, or English, which all borrow of.

    Where words have many endings, a list has few of them: there a stem that is known will do.
    """
    folded = fold(word)
    if any(folded in _counts(code) for code in {*codes, ENGLISH}):
        return True
    return any(code != ENGLISH and _is_inflected(folded, code) for code in codes)


@lru_cache(maxsize=4096)
def is_misspelt(word: str, code: str) -> bool:
    """Whether a word that the language does not have is a slip away from one that it has."""
    folded = fold(word)
    counts = _counts(code)
    if not folded or folded in counts:
        return False
    edits = 1 if len(folded) < _LONG else 2
    return any(
        abs(len(known) - len(folded)) <= edits
        and OSA.distance(folded, known, score_cutoff=edits) <= edits
        for known in counts
        if known[:1] == folded[0]
    )


def is_rather_another(word: str, meant: str, code: str) -> bool:
    """Whether a misspelt word is nearer to another word of its language than to the one `meant`.

    Of words that are as near it is the one that is much commoner: `"realy"` is no `"realm"`.
    """
    words, listed = _counts(code), _in_order(code)
    folded, other, stem = fold(word), fold(meant), stem_of(meant, code)
    common = words.get(other, 0)
    edits = OSA.distance(folded, other)
    if code == ENGLISH:  # elsewhere stems are so short that each is near to many
        edits = min(edits, OSA.distance(stem_of(word, code), stem))
    alike = listed[bisect_left(listed, folded[0]) : bisect_left(listed, chr(ord(folded[0]) + 1))]
    near = process.extract(folded, alike, scorer=OSA.distance, score_cutoff=edits, limit=20)
    return any(
        stem_of(found, code) != stem
        and (distance < edits or (common and words[found] > _TIMES_COMMONER * common))
        for found, distance, _ in near
    )


def _is_inflected(word: str, code: str) -> bool:
    """Whether the list has another form of this word: one that begins alike, with the same stem."""
    words, stem = _in_order(code), stem_of(word, code)
    start = word[: max(_BEGINNING, len(word) - _ENDING)]
    first, last = bisect_left(words, start), bisect_left(words, start + chr(sys.maxunicode))
    return any(stem_of(words[place], code) == stem for place in range(first, last))


@lru_cache(maxsize=16)
def _in_order(code: str) -> tuple[str, ...]:
    return tuple(sorted(_counts(code)))


def is_near_stop_word(word: str, code: str) -> bool:
    """Whether a word is a stop word with one misspelling: `"realy"`."""
    near = process.extractOne(fold(word), _longer_stop_words(code), scorer=OSA.distance)
    return near is not None and near[1] <= 1


def is_commonplace(word: str, code: str, commonest: int) -> bool:
    """Whether a word is one of so many commonest of its language: it tells little."""
    return fold(word) in _commonest(code, commonest)


@lru_cache(maxsize=16)
def _commonest(code: str, number: int) -> frozenset[str]:
    counts = _counts(code)
    return frozenset(heapq.nlargest(number, counts, key=lambda word: counts[word]))


@lru_cache(maxsize=16)
def _longer_stop_words(code: str) -> tuple[str, ...]:
    return tuple(sorted(word for word in language(code).stop if len(word) > 3))
