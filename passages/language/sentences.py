"""Text -> its sentences, in any language.

Punkt finds what a full stop ends, with the abbreviations of the language; Unicode's own sentence
ends, which need no space after them, are looked for in what it leaves.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import regex

from passages.language.languages import ENGLISH, Language, fold, language

if TYPE_CHECKING:
    from nltk.tokenize.punkt import PunktSentenceTokenizer

Span = tuple[int, int]

_CLOSE = "」』）〉》】”’)］]»\"'"
# Ends in writing without capitals; the last are Armenian, Devanagari, Burmese, Khmer, Ethiopic.
_ENDS = regex.compile(r"(?:[。！？｡．؟۔։।॥။។፧።‽⁇⁈⁉]|(?<=[\p{Han}\p{Hiragana}\p{Katakana}])[!?])+")
_DAY = regex.compile(r"(?:^|[\s(])(\p{L}+\.?\s+)?\d{1,2}\.$")
_LAST_WORD = regex.compile(r"(?:^|[\s(\[„“\"'«])([\p{L}\p{M}.\-’']+)\.$")
_FIRST_WORD = regex.compile(r"[\p{L}\p{M}]+")
_THAI_GAP = regex.compile(r"(?<=[\p{Thai}\p{Lao}])\s+(?=[\p{Thai}\p{Lao}])")
_CLAUSE = 30  # letters after which a space ends a clause, in writing where nothing else does


def split_sentences(text: str, code: str = ENGLISH) -> list[Span]:
    """The sentences of a text as spans, in order; white space between them is in none."""
    spoken = language(code)
    found = list(_punkt(code).span_tokenize(text))
    if code != ENGLISH:
        found = _joined(text, found, spoken)
    parts = [part for start, end in found for part in _cut_at_ends(text, start, end)]
    if spoken.spaces_end:
        parts = [part for start, end in parts for part in _clauses(text, start, end)]
    return parts


def _joined(text: str, found: list[Span], spoken: Language) -> list[Span]:
    """The spans with those joined that an ordinal or an abbreviation cut apart."""
    joined = found[:1]
    for (_, end), (after, last) in pairwise(found):
        before = text[max(0, end - 60) : end]
        if _is_ordinal(before, text[after:last], spoken) or _is_abbreviation(before, spoken):
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((after, last))
    return joined


def _is_ordinal(before: str, after: str, spoken: Language) -> bool:
    """Whether the number that ends `before` is the day of a month or the like: `am 14.|Mai`."""
    day = _DAY.search(before)
    if day is None:
        return False
    first = _FIRST_WORD.match(after)
    if first is None or not spoken.ordinals:
        return first is not None and fold(first[0]) in spoken.months
    return fold(first[0]) in spoken.months or fold((day[1] or "").strip()) in spoken.before_ordinals


def _is_abbreviation(before: str, spoken: Language) -> bool:
    word = _LAST_WORD.search(before)
    return word is not None and word[1].casefold() in spoken.abbreviations


def _cut_at_ends(text: str, start: int, end: int) -> list[Span]:
    """A span cut after the sentence ends of Unicode that stand in it, outside of brackets."""
    spans: list[Span] = []
    first = start
    for match in _ENDS.finditer(text, start, end):
        at = match.end()
        while at < end and text[at] in _CLOSE:
            at += 1
        inside = sum(text.count(mark, first, at) for mark in "「『（") - sum(
            text.count(mark, first, at) for mark in "」』）"
        )
        quoted = at > match.end() and at < end and regex.match(r"[\p{Hiragana},、，]", text[at])
        if inside <= 0 and not quoted and at < end:
            spans.append((first, at))
            first = at + len(text[at:end]) - len(text[at:end].lstrip())
    if first < end:
        spans.append((first, end))
    return spans


def _clauses(text: str, start: int, end: int) -> list[Span]:
    """A span cut at the spaces of Thai and Lao, no clause shorter than some letters."""
    spans: list[Span] = []
    first = start
    for gap in _THAI_GAP.finditer(text, start, end):
        if gap.start() - first >= _CLAUSE and end - gap.end() >= _CLAUSE // 2:
            spans.append((first, gap.start()))
            first = gap.end()
    return [*spans, (first, end)]


@lru_cache(maxsize=64)
def _punkt(code: str) -> PunktSentenceTokenizer:
    # NLTK takes a second or two to import, and no question needs it.
    from nltk import redos
    from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

    # Its patterns give up after five seconds, by the clock: a long paragraph on a busy machine
    # would stop the build. They take as long as the text is long, and articles have a bound.
    redos.DEFAULT_TIMEOUT = None
    # Punkt's trained parameters are a download; with its abbreviations from the language's table
    # the untrained tokenizer is right on the cases of the tests.
    parameters = PunktParameters()
    parameters.abbrev_types.update(language(code).abbreviations)
    return PunktSentenceTokenizer(parameters)
