"""An editor's synonyms: groups of words and phrases that mean the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from passages.language.languages import ENGLISH
from passages.language.words import stems_of, words_of

Phrase = tuple[str, ...]
Synonyms = tuple[tuple[Phrase, ...], ...]
"""Groups of phrases that mean the same, each phrase a tuple of terms."""


def parse_synonyms(text: str, codes: Iterable[str] = (ENGLISH,)) -> Synonyms:
    r"""Read an editor's synonyms: a group a line, its words or phrases separated by commas.

    `"# for patients\nliver, hepatic\nheart attack, myocardial infarction"` gives two groups, and
    that for each of the languages that the articles are in.
    """
    lines = [line.partition("#")[0].split(",") for line in text.splitlines()]
    groups = []
    for code in codes:
        for line in lines:
            phrases = [tuple(stems_of(phrase, code)) for phrase in line]
            group = tuple(dict.fromkeys(phrase for phrase in phrases if phrase))
            if len(group) > 1:
                groups.append(group)
    return tuple(groups)


def reworded(
    text: str, instead: Mapping[Phrase, str], code: str = ENGLISH
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The text with other words in the place of each phrase, and what was replaced by what.

    Of two phrases that overlap the longer is taken. `("Will I get hooked?", {("hook",):
    "addicted"})` gives `"Will I get addicted?"` and `(("hooked", "addicted"),)`.
    """
    words = words_of(text, code)
    longest = max(map(len, instead), default=0)
    parts, done, at = [], 0, 0
    replaced: dict[str, str] = {}
    while at < len(words):
        terms = [word.term for word in words[at : at + longest]]
        phrases = [tuple(terms[:size]) for size in range(len(terms), 0, -1)]
        phrase = next((phrase for phrase in phrases if phrase in instead), None)
        if phrase:
            start, end = words[at].start, words[at + len(phrase) - 1].end
            parts += [text[done:start], instead[phrase]]
            replaced[text[start:end]] = instead[phrase]
            done = end
        at += len(phrase or ("",))
    return "".join([*parts, text[done:]]), tuple(replaced.items())
