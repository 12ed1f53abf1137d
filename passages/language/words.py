"""Text -> the words that count, each with the term it is found by.

A term of an English text is its stem; of another language it begins with the code of the language,
`de:hund`, so that each language has its own words and frequencies in one vocabulary. Where words
are long or joined, the groups of letters in them are terms too, `de:#hund`: so "Krankenhaus" finds
"Krankenhausaufenthalt". Writing without spaces is cut into groups that overlap.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import regex
import Stemmer

from passages.language.languages import (
    APOSTROPHES,
    ENGLISH,
    Language,
    fold,
    language,
    shown,
)
from passages.language.numbers import pieces

_INVISIBLE = r"\p{Default_Ignorable_Code_Point}"
_SPACELESS = r"\p{Han}\p{Hiragana}\p{Katakana}ー々〆ｰ\uff9e\uff9f"  # two of these make a word
_LONGER = r"[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}--\p{Nd}]"  # and three of these
_RADICALS = r"\u2e80-\u2fd5"  # what some PDF files have in the place of Chinese letters
_LETTERS = rf"\p{{L}}\p{{N}}\p{{M}}{_RADICALS}{_INVISIBLE}"
_ANY_SPACELESS = regex.compile(rf"(?V1)[{_SPACELESS}{_LONGER}]")
_BY_WRITING = regex.compile(
    rf"(?V1)(?P<two>[{_SPACELESS}][{_SPACELESS}\p{{M}}{_INVISIBLE}]*)"
    rf"|(?P<three>[{_LONGER}][{_LONGER}\p{{M}}{_INVISIBLE}]*)|(?P<other>[^{_SPACELESS}{_LONGER}]+)"
)
_WHOLE, _APART = regex.compile(r"(?s).+"), regex.compile(f"[^{APOSTROPHES}]+")
_ANY_DIGIT = regex.compile(r"\p{N}")
_GAP = regex.compile(r"[ \u00a0\u2009\u202f\-‐‑]?")
_GRAM = "#"
_WIDE_SIGNS = "％＄￥￡℃℉㎎㎏㎍㎝㎜㎞㎖"  # folded, they are the usual ones
_LEFT = 3  # letters of a word without its prefix, and one more than those without an ending
_LONG_UNIT = 4  # letters of a unit's form that is one without a number before it


WORDS_VERSION = 1
"""To be incremented where a text has other words or sentences than before: indexes are made anew.
"""


class Word(NamedTuple):
    """A word of a text, `text[start:end]`.

    `form` is the word as it is shown where it stands for another, `term` what it is found by, and
    `parts` the terms of the letter groups in it.
    """

    start: int
    end: int
    form: str
    term: str
    parts: tuple[str, ...] = ()


def words_of(text: str, code: str = ENGLISH) -> list[Word]:
    """The words of a text that count, in their order; stop words are left out."""
    found: list[Word] = []
    number_end = -1
    for run in _runs(code).finditer(text):
        start, end = run.span()
        after_number = number_end >= 0 and _GAP.fullmatch(text, number_end, start) is not None
        words, ends_in_number = _words_of_run(run[0], code, after_number)
        number_end = end if ends_in_number else -1
        found += [Word(start + w.start, start + w.end, w.form, w.term, w.parts) for w in words]
    return found


def stems_of(text: str, code: str = ENGLISH) -> list[str]:
    """The terms of the words of a text: `"How does it work?"` -> `["work"]`."""
    return [word.term for word in words_of(text, code)]


def spans_of(terms: Collection[str], text: str, code: str = ENGLISH) -> list[tuple[int, int]]:
    """Where words with one of these terms stand in a text.

    Where the language joins words, a word that holds one of five letters or more counts too.
    """
    wanted = frozenset(terms)
    inside: tuple[str, ...] = ()
    if language(code).compounds:
        stems = (term.partition(":")[2] for term in wanted if language_of(term) == code)
        inside = tuple(stem for stem in stems if len(stem) >= 5 and stem.isalpha())
    spans: list[tuple[int, int]] = []
    for word in words_of(text, code):
        if word.term in wanted or any(stem in word.term for stem in inside):
            if spans and word.start < spans[-1][1]:  # two groups of letters of one run
                spans[-1] = (spans[-1][0], word.end)
            else:
                spans.append((word.start, word.end))
    return spans


@lru_cache(maxsize=1 << 12)
def stem_of(word: str, code: str) -> str:
    """The stem of a word, whether it is a stop word or not."""
    return _stem(shown(word), language(code))


def term(stem: str, code: str) -> str:
    """The term of a stem in a language."""
    return stem if code == ENGLISH else f"{code}:{stem}"


def language_of(term: str) -> str:
    """The code of the language that a term belongs to."""
    code, mark, _ = term.partition(":")
    return code if mark else ENGLISH


def is_gram(term: str) -> bool:
    """Whether a term is a group of letters in a word."""
    return f":{_GRAM}" in term


@lru_cache(maxsize=64)
def _runs(code: str) -> regex.Pattern[str]:
    """What is looked at as one: a word, a number with what follows it, a unit of several words."""
    spoken = language(code)
    forms = {*spoken.units, *(sign for sign in _WIDE_SIGNS if fold(sign) in spoken.units)}
    phrases = sorted((form for form in forms if not form.isalpha()), key=lambda f: (-len(f), f))
    units = "|".join(
        (r"(?<![\p{L}\p{M}])" if form[0].isalpha() else "")
        + regex.escape(form, special_only=True, literal_spaces=True).replace(" ", r"\s+")
        + (r"(?![\p{L}\p{M}])" if form[-1].isalpha() else "")
        for form in phrases
    )
    first = {char for form in phrases for char in (form[0], form[0].upper()) if len(char) == 1}
    signs = regex.escape("".join(sorted(first)))
    word, apostrophe = rf"[{_LETTERS}]", f"[{APOSTROPHES}]"
    spaced = "" if spoken.spaced_thousands else "(?=000)"
    return regex.compile(
        rf"(?=[{signs}])(?i:{units})|(?<![{_LETTERS}.])\.\d+"
        rf"|[\p{{L}}\p{{N}}{_RADICALS}]{word}*(?:(?:"
        rf"(?<=\d)[.,٫٬．，](?=\d)|(?<=\d)['’\u00a0\u2009\u202f](?=\d{{3}}(?!\d))"
        rf"|(?<=(?<!\d)\d{{1,3}}|[ ]\d{{3}})[ ]{spaced}(?=\d{{3}}(?!\d))"
        rf"|(?<=\d)[\-‐‑](?=\p{{L}})|(?<=\p{{L}})[\-‐‑](?=\d)|(?<=[{_LETTERS}]){apostrophe}(?=\p{{L}})"
        rf"|(?<=[lL])·(?=[lL])|(?<=\p{{Hebrew}})[\"״”](?=\p{{Hebrew}})"
        rf"){word}+)*"
    )


@lru_cache(maxsize=1 << 16)  # most words of a corpus are a few thousand over and over
def _words_of_run(run: str, code: str, after_number: bool) -> tuple[tuple[Word, ...], bool]:
    """The words of a run, with places in it, and whether it ends in a number."""
    spoken = language(code)
    if _ANY_SPACELESS.search(run):
        return _mixed(run, code)
    unit = spoken.units.get(fold(run)) if after_number or len(run) >= _LONG_UNIT else None
    if not run.isalnum() and unit is None:
        unit = spoken.units.get(fold(" ".join(run.split())))
    if unit is not None:
        return (Word(0, len(run), unit, term(_stem(shown(unit), spoken), code)),), False
    if not _ANY_DIGIT.search(run):
        return tuple(_plain_words(run, 0, spoken)), False
    words: list[Word] = []
    was_number = False
    for start, end, piece in pieces(run, frozenset(spoken.units)):
        unit = spoken.units.get(fold(piece)) if was_number else None
        was_number = piece[0].isdigit()
        if unit is not None:
            words.append(Word(start, end, unit, term(_stem(shown(unit), spoken), code)))
        elif _ANY_DIGIT.search(piece):
            form = fold(piece)
            words.append(Word(start, end, form, term(form, code)))
        else:
            words += _plain_words(piece, start, spoken)
    return tuple(words), was_number and run[-1].isdigit()


def _mixed(run: str, code: str) -> tuple[tuple[Word, ...], bool]:
    """The words of a run that is written without spaces, or holds such writing."""
    words: list[Word] = []
    ends_in_number = False
    for part in _BY_WRITING.finditer(run):
        start = part.start()
        if part["other"] is None:
            unit = language(code).units.get(part[0])
            found = [Word(0, len(part[0]), unit, term(unit, code))] if unit else None
            words += found or _overlapping(part, language(code))
            ends_in_number = False
        else:
            of_part, ends_in_number = _words_of_run(part[0], code, False)
            words += [w._replace(start=start + w.start, end=start + w.end) for w in of_part]
    return tuple(words), ends_in_number


def _plain_words(run: str, offset: int, spoken: Language) -> Iterator[Word]:
    """The words of a run of letters that begins at `offset`."""
    whole = spoken.apostrophes_join or spoken.apostrophes_end
    for match in _WHOLE.finditer(run) if whole else _APART.finditer(run):
        if not whole and match.end() - match.start() == 1 and match.end() < len(run):
            continue  # the l of "l'eau"
        word = _word(match[0], spoken)
        if word is not None:
            start = offset + match.start()
            yield word._replace(start=start, end=start + len(match[0]))


def _overlapping(match: regex.Match[str], spoken: Language) -> Iterator[Word]:
    """Groups of two or three letters of writing without spaces; shorter ones are their parts."""
    size = 2 if match["two"] else 3
    letters = regex.finditer(r"\X" if size == 2 else r"(?s).", match[0])
    spans = [letter.span() for letter in letters if fold(letter[0])]
    last = max(0, len(spans) - size)
    for at in range(last + 1):
        group = spans[at : at + size]
        start, end = group[0][0], group[-1][1]
        form = fold(match[0][start:end])
        smaller = [group[: size - 1]] if len(group) == size else []
        smaller += [group[1:]] if smaller and at == last else []
        parts = tuple(term(fold(match[0][g[0][0] : g[-1][1]]), spoken.code) for g in smaller)
        begin = match.start()
        yield Word(begin + start, begin + end, form, term(form, spoken.code), parts)


def _word(word: str, spoken: Language) -> Word | None:
    """One word of letters, at 0; None for a stop word."""
    named = _APART.match(word) if spoken.apostrophes_end else None
    small = shown(named[0] if named else word)
    folded = fold(small)
    plain = folded.removesuffix("'s") if spoken.apostrophes_join else folded
    if not plain or plain in spoken.stop or folded in spoken.stop:
        return None
    stem = _stem(small if spoken.code != ENGLISH else plain, spoken)
    parts = tuple(term(_GRAM + gram, spoken.code) for gram in _grams(plain, spoken.grams))
    form = plain if spoken.code == ENGLISH else small
    return Word(0, len(word), form, term(stem, spoken.code), parts)


def _stem(small: str, spoken: Language) -> str:
    """The stem of a word, folded; English words are folded first, as their stems always were."""
    word = unicodedata.normalize("NFKC", small).translate(spoken.letters)
    before = next((prefix for prefix in spoken.prefixes if word.startswith(prefix)), "")
    if len(word) - len(before) >= _LEFT:
        word = word[len(before) :]
    if not spoken.stemmer:
        return _without_endings(fold(word), spoken.endings)
    # PyStemmer is the Snowball project's own stemmer: on 31,721 words of the tuning collections it
    # differs from NLTK's copy in 102, where the newer rules keep "organ" and "organization" apart,
    # and it needs no second of import. An instance is not safe between threads; a new one is cheap.
    return fold(Stemmer.Stemmer(spoken.stemmer).stemWord(word))


def _without_endings(word: str, endings: Sequence[str]) -> str:
    """A word without its particles, of which several may follow one another."""
    while found := next((end for end in endings if word.endswith(end)), ""):
        if len(word) - len(found) < _LEFT - 1:
            break
        word = word[: -len(found)]
    return word


def _grams(word: str, size: int) -> list[str]:
    """The groups of `size` letters of a word, its ends marked: `_hun`, `hund`, `und_`."""
    if not size:
        return []
    marked = f"_{word}_"
    return [marked[at : at + size] for at in range(max(1, len(marked) - size + 1))]
