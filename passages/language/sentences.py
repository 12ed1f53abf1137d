"""Text -> its sentences, in any language.

Punkt finds what a full stop ends, with the abbreviations of the language; Unicode's own sentence
ends, which need no space after them, are looked for in what it leaves.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import regex

from passages.language.languages import ENGLISH, Language, fold, language

if TYPE_CHECKING:
    from nltk.tokenize.punkt import PunktSentenceTokenizer

Span = tuple[int, int]

_CLOSE = "」』）〉》】”’)］]»«\"'“"
_CLOSES = regex.escape(_CLOSE)
_IDEOGRAPHS = r"\p{Han}\p{Hiragana}\p{Katakana}"
_NO_SPACES = rf"{_IDEOGRAPHS}\p{{Thai}}\p{{Lao}}\p{{Khmer}}\p{{Myanmar}}"
# Ends in writing without capitals; the last are Armenian, Devanagari, Burmese, Khmer, Ethiopic,
# Tibetan.
_ENDS = regex.compile(
    rf"(?:[。！？｡．؟۔։।॥။៕។፧።༎‽⁇⁈⁉]|།(?=\s|\p{{Tibetan}})|(?<=[{_NO_SPACES}])[!?]"
    rf"|(?<=[{_IDEOGRAPHS}])\.(?=[{_IDEOGRAPHS}]))+"
)
_ELLIPSIS = regex.compile(rf"(?:…|\.\.\.)[.…!?]*[{_CLOSES}]?(?=\s+\S)")
_DAY = regex.compile(r"(?:^|[\s(])(?:(\p{L}+)\.?\s+)?\d{1,3}\.$")
_MONTH, _YEAR = regex.compile(r"\d{1,2}\."), regex.compile(r"\d{4}\b")
_DAY_AND_MONTH = regex.compile(r"\b\d{1,2}\.\s?\d{1,2}\.$")
_LAST_WORD = regex.compile(r"(?:^|[^\p{L}\p{M}.\-])([\p{L}\p{M}.\-]+)\.$")
_LATIN_WORD = regex.compile(rf"(?<=[{_NO_SPACES}])([\p{{Latin}}.\-]+)\.$")
# In writing without capitals; in a language without a table.
_INITIAL = regex.compile(r"(?:^|[\s.(])[\p{Arabic}\p{Hebrew}]\.$")
_TITLE = regex.compile(r"(?:^|[\s(])\p{Lu}[bcdfghjklmnpqrstvwxz]{1,3}\.$")
_FIRST_WORD = regex.compile(r"[\p{L}\p{M}]+")
_NUMBER_ALONE = regex.compile(r"(?:\d{1,3}|\p{L}|[IVX]{1,5})[.)]")
_GOES_ON = regex.compile(r"[,;:)\]]|[—–\-]\s*\p{Ll}")
_ASKED = regex.compile(rf"[?؟!][{_CLOSES}]$")  # whoever asked is named after it
_CLOSED = regex.compile(r"»\s+(?=\S)")
_OPENED = regex.compile(r"\s+[«„“\"»”‹]$")
# Who said what is quoted before, in Japanese and Chinese.
_GOES_ON_QUOTED = regex.compile(
    r"[\p{Hiragana},、，]|\p{Han}{1,4}?[说說问問道喊叫答曰]|\s?ဟု|(?<=[?؟!].)\s+[\p{Arabic}\p{Hebrew}]"
)
_THAI_GAP = regex.compile(r"(?<=[\p{Thai}\p{Lao}])\s+(?=[\p{Thai}\p{Lao}])")
_CLAUSE = 30  # letters after which a space ends a clause, in writing where nothing else does


def split_sentences(text: str, code: str = ENGLISH) -> list[Span]:
    """The sentences of a text as spans, in order; white space between them is in none."""
    spoken = language(code)
    found = list(_punkt(code).span_tokenize(text))
    if code != ENGLISH:
        found = [part for span in found for part in _cut_before_capitals(text, span, spoken)]
        found = _joined(text, _with_quotes(text, found), spoken)
    parts = [part for start, end in found for part in _cut_at_ends(text, start, end, spoken)]
    if spoken.spaces_end:
        parts = [part for start, end in parts for part in _clauses(text, start, end)]
    return parts


def _cut_before_capitals(text: str, span: Span, spoken: Language) -> list[Span]:
    """A span cut after an ellipsis, or an abbreviation that closes, where a sentence begins."""
    start, last = span
    spans: list[Span] = []
    ends = {match.end() for match in _ELLIPSIS.finditer(text, start, last)}
    ends |= {at.end() for at in regex.finditer(r"\.(?=\s)", text, pos=start, endpos=last)}
    for end in sorted(ends):
        word = _last_word(text[max(start, end - 60) : end])
        closes = word in spoken.closing or text[end - 1] in f"…{_CLOSE}" or text[end - 2] == "."
        after = end + len(text[end:last]) - len(text[end:last].lstrip())
        if word in spoken.abbreviations - spoken.closing:
            continue
        if closes and _begins(text[after:last], spoken):
            spans.append((start, end))
            start = after
    return [*spans, (start, last)]


def _with_quotes(text: str, found: list[Span]) -> list[Span]:
    """The spans, with each quotation mark between two joined to the one it belongs to."""
    spans = found[:1]
    for after, last in found[1:]:
        start, end = spans[-1]
        opened, closed = _OPENED.search(text[start:end]), _CLOSED.match(text, after, last)
        if opened and not (opened[0][-1] == "»" and text.count("«", start, end)):
            after, end = end - 1, start + opened.start()
        elif closed:
            after, end = closed.end(), closed.start() + 1
        spans[-1:] = [(start, end), (after, last)]
    return spans


def _begins(after: str, spoken: Language) -> bool:
    """Whether a capital shows that a sentence begins: in German that of no noun."""
    first = regex.match(r"[„“\"«»¿¡(—–\-\s]*([\p{L}\p{M}]+)", after)
    if first is None or not first[1][0].isupper():
        return False
    return not spoken.nouns_are_capital or fold(first[1]) in spoken.stop


def _joined(text: str, found: list[Span], spoken: Language) -> list[Span]:
    """The spans with those joined that an ordinal, an abbreviation or a quotation cut apart."""
    capitals = any(char.isupper() for char in text)
    joined = found[:1]
    for (_, end), (after, last) in pairwise(found):
        before, rest = text[joined[-1][0] : end][-60:], text[after:last]
        if (
            _is_ordinal(before, rest, spoken)
            or _NUMBER_ALONE.fullmatch(before)
            or _is_abbreviation(before, rest, spoken)
            or after == end
            or _GOES_ON.match(rest)
            or (_ASKED.search(before) and regex.match(r"\p{Lo}", rest))
            or (capitals and rest[0].islower() and before[-1] in f".…{_CLOSE}")
        ):
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
    if first is None:
        is_date = _MONTH.match(after) or (_YEAR.match(after) and _DAY_AND_MONTH.search(before))
        return spoken.ordinals and is_date is not None
    is_month = fold(first[0]) in spoken.months
    return is_month or (spoken.ordinals and fold(day[1] or "") in spoken.before_ordinals)


def _is_abbreviation(before: str, after: str, spoken: Language) -> bool:
    word = _last_word(before)
    if word in spoken.closing and _begins(after, spoken):
        return False
    if word in spoken.abbreviations or word.rpartition("-")[2] in spoken.abbreviations:
        return True
    if spoken.abbreviated_tails and word.endswith(spoken.abbreviated_tails):
        return True
    return bool(_INITIAL.search(before) or (not spoken.abbreviations and _TITLE.search(before)))


def _last_word(before: str) -> str:
    word = _LATIN_WORD.search(before) or _LAST_WORD.search(before)
    return unicodedata.normalize("NFC", word[1].casefold()) if word else ""


def _cut_at_ends(text: str, start: int, end: int, spoken: Language) -> list[Span]:
    """A span cut after the sentence ends of Unicode that stand in it, outside of brackets."""
    spans: list[Span] = []
    first = start
    for match in _ends(spoken.ends).finditer(text, start, end):
        at = match.end()
        while at < end and text[at] in _CLOSE:
            at += 1
        inside = sum(text.count(mark, first, at) for mark in "「『（") - sum(
            text.count(mark, first, at) for mark in "」』）"
        )
        is_title = text[at - 1] in "》〉"
        quoted = at > match.end() and at < end and not is_title and _GOES_ON_QUOTED.match(text, at)
        if inside <= 0 and not quoted and not is_title and at < end:
            spans.append((first, at))
            first = at + len(text[at:end]) - len(text[at:end].lstrip())
    if first < end:
        spans.append((first, end))
    return spans


@lru_cache(maxsize=8)
def _ends(more: str) -> regex.Pattern[str]:
    """The ends of Unicode and those that the language has besides, before a space."""
    return regex.compile(rf"{_ENDS.pattern}|[{more}](?=\s)") if more else _ENDS


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
