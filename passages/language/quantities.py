"""Numbers with what they count, in any of their usual forms: `0.5 mg/kg`, `6 sessions`, `$500`.

`two weeks`, `2-week` and `14 days` are one length of time, `500 mg` and `0.5 g` one weight.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import regex

from passages.language.languages import ENGLISH, fold, language
from passages.language.numbers import number
from passages.language.words import stems_of

_WORDS = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve",
    "de": "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
}
_TIMES = {"k": 1e3, "thousand": 1e3, "million": 1e6, "billion": 1e9}
_TIMES |= {"tausend": 1e3, "millionen": 1e6, "milliarden": 1e9}
_ALIKE = (
    {"second": 1, "minute": 60, "hour": 3600, "sekunde": 1, "stunde": 3600},
    {"day": 1, "week": 7, "tag": 1, "woche": 7},
    {"month": 1, "year": 12, "monat": 1, "jahr": 12},
    {"pg": 1e-12, "ng": 1e-9, "µg": 1e-6, "mg": 1e-3, "g": 1, "kg": 1e3},
    {"ml": 1, "cl": 10, "dl": 100, "l": 1000},
    {"nm": 1e-9, "mm": 1e-3, "cm": 1e-2, "m": 1, "km": 1e3},
    {"wh": 1, "kwh": 1e3},
    {"w": 1, "kw": 1e3},
    {"kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12},
    {"hz": 1, "khz": 1e3, "mhz": 1e6, "ghz": 1e9},
    {"v": 1, "mv": 1e-3, "kv": 1e3},
)
"""Units that measure the same, each with its size. Minutes, days and years are kept apart: of an
age a duration says nothing."""

_MONEY = "$€£¥₹"
_DEGREES = {"F": "fahrenheit", "C": "celsius"}
_NEXT = 3  # words after a number that may be what it counts: "6 ketamine infusions"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it counts, `text[start:end]`; `low` and `high` differ in a range.

    `units` are what it may count, each with the place where it ends: its unit, or the stems of
    the words behind it where none is in the language's table (`measured` is False then). Values of
    units that measure the same are in one of them.
    """

    start: int
    end: int
    low: float
    high: float
    units: Mapping[str, int]
    measured: bool

    def counts_as(self, other: Quantity) -> bool:
        """Whether both count the same thing."""
        return not self.units.keys().isdisjoint(other.units)

    def written(self, text: str, like: Quantity) -> str:
        """How the text has it, up to the word that it counts as `like` does."""
        ends = [end for unit, end in self.units.items() if unit in like.units]
        return " ".join(text[self.start : max(ends, default=self.end)].split())

    def within(self, other: Quantity) -> bool:
        """Whether both count the same and this value lies in the other's range."""
        slack = 1e-6 * max(1e-9, abs(other.high))
        inside = other.low - slack <= self.low and self.high <= other.high + slack
        return self.counts_as(other) and inside


def quantities(text: str, code: str = ENGLISH) -> list[Quantity]:
    """The numbers of a text that count something, in their order."""
    found = []
    for match in _pattern(code).finditer(text):
        unit = _unit(match, code)
        if unit is None:
            continue
        end, units, size, measured = unit
        times = _TIMES.get(fold(match["times"] or ""), 1.0)
        values = [_value(match[name], code) for name in ("low", "high") if match[name]]
        if any(value is None for value in values):
            continue
        scaled = sorted(value * times * size for value in values if value is not None)
        start = match.start("money") if match["money"] else match.start("low")
        found.append(Quantity(start, end, scaled[0], scaled[-1], units, measured))
    return found


def _unit(match: regex.Match[str], code: str) -> tuple[int, Mapping[str, int], float, bool] | None:
    """Where the unit ends, what is counted, its size, and whether it is a unit of the table."""
    if match["money"]:
        end = match.end("times") if match["times"] else match.end("number")
        return end, {_known(match["money"], code) or match["money"]: end}, 1.0, True
    words = [part.span() for part in _parts(match)]
    if not words:
        return None
    text = match.string
    first = _known(text[slice(*words[0])], code)
    if first is None:
        return _counted(text, words, code)
    parts, end = [first], words[0][1]
    for word, before in zip(words[1:], words, strict=False):
        between = fold(text[before[1] : word[0]]).strip()
        known = _known(text[slice(*word)], code)
        if between not in ("/", "per", "pro") or known is None:
            break
        parts.append(known)
        end = word[1]
    if len(parts) > 1:  # of mg/kg/h, mg/kg is said too
        names = ("/".join(parts[:size]) for size in range(2, len(parts) + 1))
        return end, dict.fromkeys(names, end), 1.0, True
    name, size = _base(first)
    return end, {name: end}, size, True


def _counted(
    text: str, words: list[tuple[int, int]], code: str
) -> tuple[int, Mapping[str, int], float, bool] | None:
    """What a number counts that no table knows: `6 ketamine infusions`."""
    stems: dict[str, int] = {}
    for start, end in words[:_NEXT]:
        stem = stems_of(text[start:end], code)
        if not stem or fold(text[start:end]) in ("per", "pro"):
            break
        stems[stem[0]] = end
    if not stems:
        return None
    return next(iter(stems.values())), stems, 1.0, False


def _parts(match: regex.Match[str]) -> Iterator[regex.Match[str]]:
    if match["unit"]:
        yield from _UNIT_WORD.finditer(match.string, *match.span("unit"))


_UNIT_WORD = regex.compile(r"°\s?[CFcf]|[%‰％°℃℉]|(?<!\p{L})(?!(?:per|pro)\b)[\p{L}µμ]+")


@lru_cache(maxsize=16)
def _pattern(code: str) -> regex.Pattern[str]:
    words = "|".join(_WORDS.get(code, "").split()) or r"(?!)"
    digits = r"\d+(?:[.,'’\u00a0\u2009\u202f]\d+)*[¼-¾]?|\.\d+|[¼-¾]"
    value = rf"(?:{digits}|\b(?:{words})\b)"
    times = "|".join(sorted(_TIMES, key=len, reverse=True))
    word = r"(?:°\s?[CF]|[%‰％℃℉°]|[\p{L}µμ]+)"
    return regex.compile(
        rf"(?<![\p{{L}}\d.,])(?P<money>[{_MONEY}])?\s?(?P<number>(?P<low>{value})"
        rf"(?:\s?(?:-|–|—|to|bis|and|und)\s?[{_MONEY}]?(?P<high>{value}))?)"
        rf"(?:\s?(?P<times>{times})\b)?"
        # Not taken in: among them the next number may begin.
        rf"(?=[ \u00a0\u202f\-‐‑]{{0,2}}"
        rf"(?P<unit>{word}(?:(?:\s?/\s?| per | pro |[ \-]){word}){{0,2}}))?",
        regex.IGNORECASE,
    )


def _value(text: str, code: str) -> float | None:
    words = _WORDS.get(code, "").split()
    if fold(text) in map(fold, words):
        return float([fold(word) for word in words].index(fold(text)))
    forms = number(text)
    try:
        return float(forms[0]) if len(forms) == 1 else None
    except ValueError:  # a version
        return None


@lru_cache(maxsize=4096)
def _known(word: str, code: str) -> str | None:
    """The one name of a unit that the language's table has, or that is measured in others."""
    if word in _DEGREES:
        return _DEGREES[word]
    units = language(code).units
    folded = " ".join(fold(word).split())
    if folded in units:
        return units[folded]
    stems = stems_of(word, code)
    names: Iterable[str] = {*units.values(), *(name for kind in _ALIKE for name in kind)}
    return next((name for name in sorted(names) if stems and stems == stems_of(name, code)), None)


def _base(name: str) -> tuple[str, float]:
    """The unit that values are compared in, and how much of it this one is."""
    for kind in _ALIKE:
        if name in kind:
            return next(iter(kind)), kind[name]
    return name, 1.0
