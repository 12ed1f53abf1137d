"""What is known of each language: one table a language in `tables/`, data and not code.

A language without a table has words without stems, and the sentence ends of Unicode.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import regex

ENGLISH = "en"

_TABLES = Path(__file__).parent / "tables"
_SYMBOLS = "symbols"
_OF_LINES = ("parts", "labels")  # asked for of all languages at once, by `in_every_table`

# Codes that mean a language which has another code here.
_SAME = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "yue": "zh", "cmn": "zh", "wuu": "zh"}
_ISO_639_2 = {
    "eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es", "ita": "it",
    "por": "pt", "nld": "nl", "dut": "nl", "swe": "sv", "dan": "da", "nor": "no", "fin": "fi",
    "pol": "pl", "ces": "cs", "cze": "cs", "rus": "ru", "ukr": "uk", "ell": "el", "gre": "el",
    "tur": "tr", "ara": "ar", "heb": "he", "fas": "fa", "per": "fa", "hin": "hi", "tha": "th",
    "vie": "vi", "zho": "zh", "chi": "zh", "jpn": "ja", "kor": "ko", "cat": "ca", "hun": "hu",
    "ron": "ro", "rum": "ro", "ind": "id", "bul": "bg", "hrv": "hr", "srp": "sr", "slk": "sk",
    "slo": "sk", "slv": "sl", "lit": "lt", "lav": "lv", "est": "et", "ben": "bn", "urd": "ur",
    "tam": "ta", "hye": "hy", "arm": "hy", "lao": "lo", "khm": "km", "mya": "my", "bur": "my",
    "eus": "eu", "baq": "eu",
}  # fmt: skip

_STOP_LISTS = {
    "en": "EN_PLUS", "de": "GERMAN", "fr": "FRENCH", "es": "SPANISH", "it": "ITALIAN",
    "pt": "PORTUGUESE", "nl": "DUTCH", "sv": "SWEDISH", "da": "DANISH", "no": "NORWEGIAN",
    "ru": "RUSSIAN", "tr": "TURKISH",
}  # fmt: skip
APOSTROPHES = "'’‘ʼ＇´׳"
"""Each way to write one, the plain one first."""

_APOSTROPHE = regex.compile(f"[{APOSTROPHES[1:]}]")
_INVISIBLE = regex.compile(r"\p{Default_Ignorable_Code_Point}")
# Letters of one sound in two or more codes, and those that have an accent in them for Unicode not
# to take off. People type the plain one: "lozko", "duong", "oeuf".
_ALIKE = str.maketrans(
    {"ı": "i", "ł": "l", "đ": "d", "ð": "d", "ø": "o", "ħ": "h", "œ": "oe", "æ": "ae", "þ": "th",
     "ـ": "", "ى": "ي", "ی": "ي", "ک": "ك", "ہ": "ه", "ھ": "ه", "ە": "ه", "٫": ".", "٬": ",",
     "ँ": "ं", "·": "", '"': "", "״": "", "”": ""}
)  # fmt: skip
# Devanagari writes a nasal before a consonant of its kind with a letter or with a dot.
_NASAL = regex.compile(r"[ङञणनम]्(?=[क-म])")


@dataclass(frozen=True, slots=True)
class Language:
    """A language as texts in it are read; `code` is its two letters in ISO 639-1.

    Attributes:
        stemmer: the Snowball algorithm of its words, empty where there is none.
        grams: the length of the letter groups that a word is also found by, 0 for none.
        compounds: whether words are joined without a space, as in German.
        right_to_left: whether it is written from right to left.
        nouns_are_capital: whether a capital begins every noun, as in German, not a sentence alone.
        spaces: whether spaces stand between words.
        spaces_end: whether a space ends a clause and nothing else ends a sentence, as in Thai.
        ends: what else ends a sentence: the question mark of Greek is a semicolon.
        apostrophes_join: whether an apostrophe is part of its word, as in English.
        apostrophes_end: whether an ending follows an apostrophe, as in Turkish.
        spaced_thousands: whether "12 500" is one number.
        ordinals: whether "14." is the 14th.
        stop: words that say nothing of what a text is about, folded.
        prefixes: what is written before a word and is none of it, folded, the longest first.
        endings: what is written behind a word and is none of it, folded, the longest first.
        letters: what is written for other letters, before a stem is taken.
        abbreviations: words whose full stop ends no sentence, without it.
        abbreviated_tails: ends of joined words that are abbreviations: "Hauptstr.".
        closing: of the abbreviations those that end a sentence where a capital follows.
        months: what may follow the number of a day, folded.
        before_ordinals: words after which "14." is the 14th, folded.
        units: the one form of a unit for every other form of it.
    """

    code: str
    name: str = ""
    stemmer: str = ""
    grams: int = 0
    compounds: bool = False
    right_to_left: bool = False
    nouns_are_capital: bool = False
    spaces: bool = True
    spaces_end: bool = False
    ends: str = ""
    apostrophes_join: bool = False
    apostrophes_end: bool = False
    spaced_thousands: bool = False
    ordinals: bool = False
    stop: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    letters: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    abbreviations: frozenset[str] = frozenset()
    closing: frozenset[str] = frozenset()
    abbreviated_tails: tuple[str, ...] = ()
    months: frozenset[str] = frozenset()
    before_ordinals: frozenset[str] = frozenset()
    units: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def direction(self) -> str:
        """`"rtl"` or `"ltr"`, as HTML says it."""
        return "rtl" if self.right_to_left else "ltr"


def code_of(tag: str | None) -> str | None:
    """The code of a language tag: `"de-AT"`, `"deu"` -> `"de"`; None for what is no tag."""
    first = (tag or "").strip().replace("_", "-").casefold().split("-")[0]
    first = _ISO_639_2.get(first, first)
    first = _SAME.get(first, first)
    return first if first.isascii() and first.isalpha() and len(first) in (2, 3) else None


def tables() -> tuple[str, ...]:
    """The codes of all languages that have a table."""
    return tuple(sorted(path.stem for path in _TABLES.glob("*.toml") if path.stem != _SYMBOLS))


def in_every_table(key: str) -> frozenset[str]:
    """The words that all tables together list under a key; `_` in one stands for a space."""
    paths = [_TABLES / f"{code}.toml" for code in tables()]
    listed = (tomllib.loads(path.read_text(encoding="utf-8")).get(key, "") for path in paths)
    return frozenset(word.replace("_", " ") for words in listed for word in words.split())


@lru_cache(maxsize=256)
def language(code: str) -> Language:
    """The language of a code; one without a table is read by what all languages share."""
    path = _TABLES / f"{code}.toml"
    symbols = tomllib.loads((_TABLES / f"{_SYMBOLS}.toml").read_text(encoding="utf-8"))
    known = code_of(code) == code and path.is_file()
    table: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8")) if known else {}
    signs = [fold(sign) for sign in symbols.pop("signs").split()]
    units = dict(zip(signs, signs, strict=True)) | _forms(symbols) | _forms(table.pop("units", {}))
    for key in _OF_LINES:
        table.pop(key, None)
    listed = ("abbreviations", "closing", "months", "before_ordinals", "prefixes", "endings")
    tails = tuple(table.pop("abbreviated_tails", "").split())
    words = {name: table.pop(name, "").casefold().split() for name in listed}
    stop = _stop_words(code, table.pop("stop", ""), table.pop("more_stop", ""))
    letters = {ord(pair[0]): pair[1] for pair in table.pop("letters", "").split()}
    rtl = table.pop("right_to_left", code in ("ps", "yi", "ug", "sd", "dv", "ckb"))
    return Language(
        code=code,
        stop=stop,
        units=MappingProxyType(units),
        right_to_left=rtl,
        prefixes=_longest_first(words["prefixes"]),
        endings=_longest_first(words["endings"]),
        letters=MappingProxyType(letters),
        abbreviations=frozenset(words["abbreviations"] + words["closing"]),
        closing=frozenset(words["closing"]),
        abbreviated_tails=tails,
        months=frozenset(map(fold, words["months"])),
        before_ordinals=frozenset(map(fold, words["before_ordinals"])),
        **table,
    )


@lru_cache(maxsize=1 << 16)  # most words of a corpus are a few thousand over and over
def fold(text: str) -> str:
    """A text as it is compared: case, accents and invisible characters apart.

    `"CAFÉ"` -> `"cafe"`, `"łóżko"` -> `"lozko"`; the vowel signs of Hindi and Thai and the voicing
    marks of Japanese stay.
    """
    if text.isascii():
        return text.casefold().replace('"', "")
    decomposed = unicodedata.normalize("NFKD", shown(text))
    plain = "".join(letter for letter in decomposed if not _is_accent(letter))
    return unicodedata.normalize("NFC", _NASAL.sub("ं", plain.translate(_ALIKE)))


def shown(word: str) -> str:
    """A word as it is shown in place of another: lower case, with accents."""
    return _INVISIBLE.sub("", _APOSTROPHE.sub("'", word)).casefold()


def _is_accent(letter: str) -> bool:
    """Whether a combining mark is left out: accents, Hebrew and Arabic points, the nukta."""
    place = unicodedata.combining(letter)
    return place >= 200 or 10 <= place <= 35 or place == 7


def _forms(units: Mapping[str, list[str]]) -> dict[str, str]:
    """Every form of every unit, folded, and the unit that it is a form of."""
    return {fold(form): fold(unit) for unit, listed in units.items() for form in (unit, *listed)}


def _longest_first(words: list[str]) -> tuple[str, ...]:
    return tuple(sorted(map(fold, words), key=lambda word: (-len(word), word)))


def _stop_words(code: str, source: str, more: str) -> frozenset[str]:
    """The stop words of a language: of the Snowball project where bm25s has them, else of ISO."""
    if not source:
        return frozenset(map(fold, more.split()))
    # The page paints its search box before it needs these, and they bring NumPy along.
    import stopwordsiso
    from bm25s import stopwords as snowball

    listed = f"STOPWORDS_{_STOP_LISTS.get(code)}"
    words = set(getattr(snowball, listed) if source == "bm25s" else stopwordsiso.stopwords(code))
    return frozenset(map(fold, words | set(more.split())))
