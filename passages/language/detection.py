"""Which language a text is in, found offline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from functools import lru_cache
from typing import TYPE_CHECKING

import regex

from passages.language.languages import code_of

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_READ = 4_000  # characters of a text that are looked at: more change nothing
_ENOUGH = 25  # letters, below which a text is as likely a name
_SURE = 0.6  # probability of the best language

# Writing that one language of those with a table has for itself.
_SCRIPTS = {
    "ja": r"[\p{Hiragana}\p{Katakana}]",
    "ko": r"\p{Hangul}",
    "th": r"\p{Thai}",
    "el": r"\p{Greek}",
    "he": r"\p{Hebrew}",
    "zh": r"\p{Han}",
}
# Writing that several languages share, and what a few words in it are taken for.
_USUAL = {"arabic": "ar", "cyrillic": "ru", "devanagari": "hi"}
_LETTER = regex.compile(
    "|".join(f"(?P<{code}>{script})" for code, script in _SCRIPTS.items())
    + "|"
    + "|".join(rf"(?P<{script}>\p{{{script}}})" for script in _USUAL)
    + r"|(?P<other>\p{L})"
)
_NO_PROSE = regex.compile(r"```.*?```|<[^>]*>|\]\([^)]*\)|https?://\S+|[`*_#|>~=\[\]]", regex.S)


def detect(text: str) -> str | None:
    """The code of the language of a text; None for one too short or too odd to tell."""
    prose = _prose(text)
    counts = _scripts(prose)
    told = _by_script(counts)
    if told is not None:
        return told
    if counts.total() >= _ENOUGH:
        code, probability = _identifier().classify(prose)
        if probability >= _SURE:
            return code_of(code)
    script, most = counts.most_common(1)[0] if counts else ("other", 0)
    return _USUAL.get(script) if most > 0.5 * counts.total() else None


def nearest(text: str, codes: Collection[str]) -> str:
    """Which of some languages a text is in, however short; the first of them where nothing tells.

    A question has too few words to be told among all languages.
    """
    if len(codes) > 1:
        prose = _prose(text)
        counts = _scripts(prose)
        told = _by_script(counts)
        if told in codes:
            return str(told)
        if counts:
            ranked = (code_of(code) for code, _ in _identifier().rank(prose))
            return next((str(code) for code in ranked if code in codes), next(iter(codes)))
    return next(iter(codes))


def _prose(text: str) -> str:
    return " ".join(_NO_PROSE.sub(" ", text[: 2 * _READ])[:_READ].split())


def _scripts(prose: str) -> Counter[str]:
    """How many letters there are of each kind of writing."""
    return Counter(str(match.lastgroup) for match in _LETTER.finditer(prose))


def _by_script(counts: Counter[str]) -> str | None:
    """The language whose own writing this is, if it is that of one."""
    if counts["ja"] > 0.1 * counts.total():
        return "ja"  # no other language has kana; half of its letters are Chinese ones
    script, most = counts.most_common(1)[0] if counts else ("other", 0)
    return script if script in _SCRIPTS and most > 0.5 * counts.total() else None


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
