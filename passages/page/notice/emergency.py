"""Phrases of an emergency, found in a message however it is spelt; no model is needed for it.

A phrase is words in their order. `a/b` is one of two words, `...` up to three others, `##` a number
from ten on, `$` the end of a sentence and `{name}` one of a group of words. Short forms are written
out on both sides (`can't`, `cant`, `cannot` -> `can not`; `wanna` -> `want to`), accents do not
count, and an unknown word may be a misspelt one of the phrase.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import regex
from rapidfuzz.distance import OSA

from passages.language.languages import fold
from passages.language.word_lists import is_word

Slot = frozenset[str]
Phrase = tuple[Slot, ...]

GAP, END, MANY = "...", "$", "##"
_GAP_WORDS = 3
_LEAST_MANY = 10
_MANY_WORDS = frozenset(
    map(
        fold,
        [
            "ten",
            "eleven",
            "twelve",
            "fifteen",
            "twenty",
            "thirty",
            "forty",
            "fifty",
            "sixty",
            "hundred",
            "dozen",
            "dozens",
            "zehn",
            "zwölf",
            "fünfzehn",
            "zwanzig",
            "dreißig",
            "vierzig",
            "fünfzig",
            "sechzig",
            "hundert",
            "dutzend",
        ],
    )
)
_FEWEST_LETTERS = 4  # of a word that may be misspelt
_LANGUAGES = ("en", "de")

_TOKEN = regex.compile(r"[\p{L}\p{N}'’‘ʼ`´]+|[.!?;:\n]+")
_APOSTROPHES = regex.compile(r"['’‘ʼ`´]")
_WRITTEN_OUT = {
    "wanna": "want to", "gonna": "going to", "gotta": "got to", "im": "i am", "ive": "i have",
    "ill": "i will", "cant": "can not", "cannot": "can not", "dont": "do not", "wont": "will not",
    "isnt": "is not", "arent": "are not", "doesnt": "does not", "didnt": "did not", "wasnt":
    "was not", "wouldnt": "would not", "couldnt": "could not", "havent": "have not", "hes": "he is",
    "shes": "she is", "theyre": "they are", "theres": "there is", "whats": "what is",
    "thats": "that is", "u": "you", "ur": "your",
}  # fmt: skip
_JOINED = {("my", "self"): "myself", ("any", "more"): "anymore", ("no", "one"): "nobody"}


def tokens(text: str) -> list[str]:
    """The words of a message, short forms written out; `$` where a sentence ends."""
    found: list[str] = []
    for run in _TOKEN.findall(text):
        if regex.match(r"[.!?;:\n]", run):
            found.append(END)
            continue
        word = _APOSTROPHES.sub("", fold(run))
        for part in _WRITTEN_OUT.get(word, word).split():
            joined = _JOINED.get((found[-1], part)) if found else None
            found[-1:] = [joined] if joined else [*found[-1:], part]
    return [*found, END]


def parse_phrase(text: str, groups: Mapping[str, Sequence[str]]) -> Phrase:
    """A phrase as it stands in the notice's file.

    Raises:
        KeyError: no such group.
    """
    slots: list[Slot] = []
    for part in text.split():
        if part in (GAP, END, MANY):
            slots.append(frozenset({part}))
        elif "/" in part or "{" in part:
            slots.append(frozenset(_any_of(part.split("/"), groups)))
        else:
            slots += [frozenset({each}) for each in _plain(part)]
    return tuple(slots)


def _any_of(parts: Sequence[str], groups: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for part in parts:
        for word in groups[part[1:-1]] if part.startswith("{") else (part,):
            yield from _plain(word)


def stands_in(phrase: Phrase, message: Sequence[str]) -> range | None:
    """Where a phrase stands in the tokens of a message, None if nowhere."""
    for start, word in enumerate(message):
        if GAP not in phrase[0] and not _is_one_of(phrase[0], word):
            continue
        end = _end(phrase, message, start)
        if end is not None:
            return range(start, end)
    return None


def _end(phrase: Phrase, message: Sequence[str], at: int) -> int | None:
    if not phrase:
        return at
    slot, *rest = phrase
    if GAP in slot:
        for skipped in range(_GAP_WORDS + 1):
            if END in message[at : at + skipped]:
                return None
            end = _end(tuple(rest), message, at + skipped)
            if end is not None:
                return end
        return None
    if at >= len(message) or not _is_one_of(slot, message[at]):
        return None
    return _end(tuple(rest), message, at + 1)


@lru_cache(maxsize=1 << 15)
def _is_one_of(slot: Slot, word: str) -> bool:
    """Whether a word of a message is one of a phrase's, or a misspelling of one."""
    if word in slot or (MANY in slot and _is_many(word)):
        return True
    if word == END or _is_known(word):
        return False
    return any(_is_misspelt(wanted, word) for wanted in slot if len(wanted) >= _FEWEST_LETTERS)


def _is_many(word: str) -> bool:
    return word in _MANY_WORDS or (word.isdecimal() and int(word) >= _LEAST_MANY)


@lru_cache(maxsize=1 << 12)
def _is_known(word: str) -> bool:
    return is_word(word, _LANGUAGES)


def _is_misspelt(wanted: str, word: str) -> bool:
    edits = 1 if len(wanted) < 8 else 2
    return wanted[0] == word[0] and OSA.distance(wanted, word, score_cutoff=edits) <= edits


def _plain(word: str) -> list[str]:
    return [token for token in tokens(word) if token != END]
