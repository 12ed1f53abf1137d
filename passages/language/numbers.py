"""Numbers and codes in all their usual forms -> one form each.

`1,000`, `1.000` and `1 000` are the number 1000; `0,5` and `.50` are 0.5; `v1.2.3` is 1.2.3;
`COVID-19` and `covid19` are two words, `B-12` and `b12` are one.
"""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import regex

_GROUPED = regex.compile(r"[1-9]\d{0,2}(?:([.,'\u00a0\u2009\u202f ])\d{3})(?:\1\d{3})*")
_LAKHS = regex.compile(r"[1-9]\d?(?:,\d\d)+,\d{3}")
_DECIMAL = regex.compile(r"(.*\d)?([.,])(\d+)")
_MARKS = str.maketrans("٫٬．，’", ".,.,'")
_PIECE = regex.compile(
    r"(?P<number>(?:^\.)?\d+(?:[.,٫٬．，'’\u00a0\u2009\u202f ]\d+)*[¼-¾⅐-⅞]?|[¼-¾⅐-⅞])"
    r"|[^\d\-‐‑¼-¾⅐-⅞]+"
)
_FRACTIONS = "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
_SHORT = 2  # letters of a code that stay with their number: B12, CO2, mp3

Piece = tuple[int, int, str]
"""Where a word begins and ends in its run, and its one form."""


def number(text: str) -> list[str]:
    """The one form of a number as it is written; several where it is a list.

    `"1,234.50"` -> `["1234.5"]`, `"1.2.3"` -> `["1.2.3"]`, `"1,2,3"` -> `["1", "2", "3"]`.
    """
    plain = "".join(str(unicodedata.digit(char, char)) for char in text).translate(_MARKS)
    if plain[-1] in _FRACTIONS:
        return [_with_fraction(plain)]
    if _GROUPED.fullmatch(plain) or _LAKHS.fullmatch(plain):
        return [_digits(plain)]
    if plain.count(".") > 1 and "," not in plain:
        return [plain]  # a version or a date
    decimal = _DECIMAL.fullmatch(plain)
    if decimal is None:
        return [_digits(plain)]
    whole, mark, fraction = decimal[1] or "0", decimal[2], decimal[3]
    if _GROUPED.fullmatch(whole) or _LAKHS.fullmatch(whole):
        if mark in whole:  # 1,000,25 is no number
            return [_digits(part) for part in plain.split(mark)]
        whole = _digits(whole)
    if not whole.isdigit():
        return [_digits(part) for part in regex.split(r"[.,]", plain)]
    fraction = fraction.rstrip("0")
    return [f"{whole}.{fraction}" if fraction else whole]


def pieces(run: str, units: frozenset[str]) -> list[Piece]:
    """The words of a run of letters and digits that has a digit; letters are left as they are.

    `"COVID-19"` -> `COVID`, `19`; `"B-12"` -> `b12`; `"40mg"` -> `40`, `mg` where `mg` is a unit.
    """
    found = [(match.start(), match.end(), match["number"]) for match in _PIECE.finditer(run)]
    if len(found) > 1 and found[0][:2] == (0, 1) and run[0] in "vV" and "." in (found[1][2] or ""):
        found = found[1:]
    if _is_code(run, found, units):
        start, end = found[0][0], found[-1][1]
        return [(start, end, regex.sub(r"[\-‐‑]", "", run[start:end]).casefold())]
    words: list[Piece] = []
    segments: list[list[tuple[int, int, str | None]]] = []
    for piece in found:
        if segments and segments[-1][-1][1] == piece[0]:
            segments[-1].append(piece)
        else:
            segments.append([piece])
    for segment in segments:
        start, end = segment[0][0], segment[-1][1]
        if len(segment) > 1 and len(segments) > 1 and _is_code(run[start:end], segment, units):
            words.append((start, end, run[start:end].casefold()))
        else:
            words += [word for piece in segment for word in _word(run, piece)]
    return words


def _is_code(run: str, found: list[tuple[int, int, str | None]], units: frozenset[str]) -> bool:
    """Whether letters and digits are one name, as in B12, H1N1, 2nd; not a number with its unit."""
    letters = [run[start:end] for start, end, digits in found if not digits]
    numbers = [digits for _, _, digits in found if digits]
    if not letters or not all(digits.isdigit() for digits in numbers):
        return False
    joined = all(left[1] == right[0] for left, right in pairwise(found))
    if len(found) > 2:
        return joined
    if found[0][2] is not None and letters[0].casefold() in units:
        return False
    return len(found) == 2 and len(letters[0]) <= _SHORT


def _word(run: str, piece: tuple[int, int, str | None]) -> list[Piece]:
    start, end, digits = piece
    if digits is None:
        return [(start, end, run[start:end])]
    return [(start, end, form) for form in number(digits)]


def _with_fraction(text: str) -> str:
    """`"1½"` -> `"1.5"`."""
    value = float(_digits(text[:-1]) or 0) + unicodedata.numeric(text[-1])
    return f"{value:.4f}".rstrip("0").rstrip(".")


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())
