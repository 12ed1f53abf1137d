"""Dates in the reader's language, and how old they are."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from passages.page.wording import tr

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[T ].*)?")
_DAYS_OF_YEAR = 365.25

Parts = tuple[int, int, int]
"""Year, month and day, 0 for what is not told."""


def parts_of(written: str | None) -> Parts | None:
    """`2024-03-01T10:00` -> `(2024, 3, 1)`, `2024-03` -> `(2024, 3, 0)`; None: it is no date."""
    match = _DATE.fullmatch((written or "").strip())
    if match is None:
        return None
    year, month, day = (int(part or 0) for part in match.groups())
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return None
    return year, month, day


def in_words(parts: Parts) -> str:
    """`(2024, 3, 1)` -> `1 March 2024`, `(2024, 3, 0)` -> `March 2024`."""
    year, month, day = parts
    if not month:
        return str(year)
    if not day:
        return tr("{month} {year}").format(month=_month(month), year=year)
    return tr("{day} {month} {year}").format(day=day, month=_month(month), year=year)


def when(moment: str) -> str:
    """`2026-11-23T18:09:20+00:00` -> `23 November 2026, 18:09 UTC`."""
    utc = datetime.fromisoformat(moment).astimezone(UTC)
    return f"{in_words((utc.year, utc.month, utc.day))}, {utc:%H:%M} UTC"


def years_since(parts: Parts, today: date | None = None) -> float:
    """How many years ago that was at least."""
    year, month, day = parts
    latest = date(year, month or 12, day or 28)
    return ((today or datetime.now(UTC).date()) - latest).days / _DAYS_OF_YEAR


def _month(number: int) -> str:
    # Not strftime: it speaks the language of the machine, not the reader's.
    return (
        tr("January"), tr("February"), tr("March"), tr("April"), tr("May"), tr("June"), tr("July"),
        tr("August"), tr("September"), tr("October"), tr("November"), tr("December"),
    )[number - 1]  # fmt: skip
