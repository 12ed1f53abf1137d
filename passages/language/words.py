"""Text -> the words that count, stemmed; and an editor's synonyms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from functools import lru_cache

import Stemmer
from bm25s.stopwords import STOPWORDS_EN_PLUS

Phrase = tuple[str, ...]
Synonyms = tuple[tuple[Phrase, ...], ...]
"""Groups of phrases that mean the same, each phrase a tuple of stems."""

WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+(?:['’][^\W_]+)*")
STOP = frozenset(STOPWORDS_EN_PLUS) | {"also", "could", "please", "tell", "would"}


def stems_of(text: str) -> list[str]:
    """The words of a text that count, stemmed: `"How does it work?"` -> `["work"]`."""
    words = (normal(word) for word in WORD.findall(text))
    return stems([word for word in words if word not in STOP])


@lru_cache(maxsize=1 << 16)  # most words of a corpus are a few thousand over and over
def normal(word: str) -> str:
    """A word as it is compared: case, accents and possessive s apart."""
    decomposed = unicodedata.normalize("NFKD", word.replace("’", "'").casefold())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return plain.removesuffix("'s")


def stems(words: list[str]) -> list[str]:
    """The stems of words that are `normal`, in their order."""
    # PyStemmer is the Snowball project's own stemmer: on 31,721 words of the tuning collections it
    # differs from NLTK's copy in 102, where the newer rules keep "organ" and "organization" apart,
    # and it needs no second of import. An instance is not safe between threads; a new one is cheap.
    stemmed: list[str] = Stemmer.Stemmer("english").stemWords(words)
    return stemmed


def parse_synonyms(text: str) -> Synonyms:
    r"""Read an editor's synonyms: a group a line, its words or phrases separated by commas.

    `"# for patients\nliver, hepatic\nheart attack, myocardial infarction"` gives two groups.
    """
    groups = []
    for line in text.splitlines():
        phrases = [tuple(stems_of(phrase)) for phrase in line.partition("#")[0].split(",")]
        group = tuple(dict.fromkeys(phrase for phrase in phrases if phrase))
        if len(group) > 1:
            groups.append(group)
    return tuple(groups)


def reworded(text: str, instead: Mapping[Phrase, str]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The text with other words in the place of each phrase, and what was replaced by what.

    Of two phrases that overlap the longer is taken. `("Will I get hooked?", {("hook",):
    "addicted"})` gives `"Will I get addicted?"` and `(("hooked", "addicted"),)`.
    """
    spans = [word.span() for word in WORD.finditer(text)]
    words = [(span, normal(text[slice(*span)])) for span in spans]
    words = [(span, word) for span, word in words if word not in STOP]
    stemmed = stems([word for _, word in words])
    longest = max(map(len, instead), default=0)
    parts, done, at = [], 0, 0
    replaced: dict[str, str] = {}
    while at < len(words):
        phrases = [tuple(stemmed[at : at + size]) for size in range(longest, 0, -1)]
        phrase = next((phrase for phrase in phrases if phrase in instead), None)
        if phrase:
            (start, _), (_, end) = words[at][0], words[at + len(phrase) - 1][0]
            parts += [text[done:start], instead[phrase]]
            replaced[text[start:end]] = instead[phrase]
            done = end
        at += len(phrase or ("",))
    return "".join([*parts, text[done:]]), tuple(replaced.items())


def spans_of(stems_wanted: Collection[str], text: str) -> list[tuple[int, int]]:
    """Where words with one of these stems stand in a text."""
    words = [(word.span(), normal(word[0])) for word in WORD.finditer(text)]
    of_words = stems([word for _, word in words])
    return [span for (span, _), stem in zip(words, of_words, strict=True) if stem in stems_wanted]
