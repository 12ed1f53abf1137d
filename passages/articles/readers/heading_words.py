"""Words that tell a heading, or that a line is none, in every language that has a table.

A line is looked at before its language is known, so all languages' words are taken together.
"""

from __future__ import annotations

from functools import lru_cache

import regex

from passages.language.languages import in_every_table

Pattern = regex.Pattern[str]

# Digits of any script with dots between them, Roman and Chinese numerals.
_DIGITS = r"\d{1,3}(?:\.\d{1,3}){0,4}"
_NUMERAL = r"[IVXL]{1,7}|[一二三四五六七八九十百〇零]{1,5}"
_END = r"\s*$|\s*[.):：]|\s[-–—]"
# The letter of an appendix, which may be a word of its own where nothing parts it from the next.
_LETTER = rf"[\p{{Lu}}\p{{Hebrew}}]['׳]?(?={_END})"
_BETWEEN = r"(?:\s*[.)]?\s*$|\s*(?:[.):：]|\s[-–—])\s*|\s+)"


@lru_cache(maxsize=1)
def numbered_part() -> Pattern:
    """Matches "Kapitel 3: " or "第三章 " on top of a line; `digits` are its number's, if it has."""
    forms = in_every_table("parts")
    before = _any_of([regex.escape(form) for form in forms if "#" not in form])
    spaced = rf"(?i:{before})\s+(?:(?P<digits>{_DIGITS})|{_NUMERAL}|{_LETTER})(?!\w){_BETWEEN}"
    placed = _any_of([_placed(form) for form in forms if "#" in form])
    number = f"(?:{_DIGITS}|{_NUMERAL}|{_LETTER})"
    return regex.compile(f"{spaced}|(?i:{placed})".replace("#", f"(?-i:{number})"))


@lru_cache(maxsize=1)
def label() -> Pattern:
    """Matches "Abbildung 3: " on top of a line, and "来源：" where no space follows."""
    words = _any_of([regex.escape(word) for word in in_every_table("labels")])
    return regex.compile(rf"(?i:{words})(?!\p{{L}})\.?\s?[\w.]{{0,5}}\s?(?::\s|：)")


def _placed(form: str) -> str:
    """Spaces may stand around the number; what begins with it has one behind its dot."""
    start, _, end = form.partition("#")
    if not start:
        dot, word = (r"\.", end[1:]) if end.startswith(".") else ("", end)
        return rf"#{dot}\s+{regex.escape(word)}(?!\w){_BETWEEN}"
    if not end:
        return rf"{regex.escape(start)}\s*#(?!\w){_BETWEEN}"
    return rf"{regex.escape(start)}\s*#\s*{regex.escape(end)}{_BETWEEN}?"


def _any_of(forms: list[str]) -> str:
    return "|".join(sorted(set(forms), key=lambda form: (-len(form), form)))
