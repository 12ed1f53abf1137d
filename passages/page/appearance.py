"""What makes the page the operator's own: one TOML file of names, words, colours and questions.

It is `_page.toml` in the folder of articles, or the file that `PASSAGES_PAGE` names;
docs/operating.md has a whole one.
"""

from __future__ import annotations

import base64
import difflib
import logging
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from passages.articles.left_out import PAGE
from passages.errors import BadSetting
from passages.page.settings import settings

LARGEST_LOGO = 200_000
"""Bytes: the logo is sent with every page."""

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_PICTURES = {
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
}
_READABLE = 4.5  # the least contrast of text by WCAG 2.2, level AA
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Colours:
    """Colours as `#rrggbb`: of links and buttons, of the page, and of what is marked."""

    accent: str
    page: str
    mark: str


LIGHT = Colours(accent="#0f6b63", page="#fcfbf9", mark="#ffeaa6")
DARK = Colours(accent="#7fd0c5", page="#15181b", mark="#4d4217")
_TEXT = {"light": ("#22262b", "#22262b"), "dark": ("#e6e7e9", "#fff3cd")}  # plain, and marked


@dataclass(frozen=True, slots=True)
class Appearance:
    """The page's own words and colours; what is empty is the project's.

    `notice` stands beside the search box. `logo` is the address of a picture, with its bytes in it.
    An article older than `old_after_years` says so. `questions` are those of the first visit, by
    topic.
    """

    title: str = "Passages"
    heading: str = ""
    welcome: str = ""
    notice: str = ""
    logo: str = ""
    old_after_years: float | None = None
    light: Colours = LIGHT
    dark: Colours = DARK
    questions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def appearance(corpus: Path | None) -> Appearance:
    """The operator's appearance for a corpus; the last good one while the file has a mistake.

    Args:
        corpus: the folder of articles, None where it is not known yet.
    """
    path = file_of(corpus)
    if path is None:
        return Appearance()
    try:
        found = _read(path, path.stat().st_mtime_ns)
    except OSError:
        found = None
    return _last_good.setdefault(path, Appearance()) if found is None else found


_last_good: dict[Path, Appearance] = {}


def file_of(corpus: Path | None) -> Path | None:
    """The file that an operator has written for these articles."""
    own = corpus / PAGE if corpus else None
    return settings().page or (own if own and own.is_file() else None)


def read_appearance(path: Path) -> Appearance:
    """Read the file.

    Raises:
        BadSetting: it cannot be read, or a key has no such value; the file and key are named.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadSetting(f"{path}: the page's settings cannot be read ({error})") from error
    _known(path, "", given, [each.name for each in fields(Appearance)])
    words: dict[str, Any] = {
        name: _text(path, name, given[name])
        for name in ("title", "heading", "welcome", "notice")
        if name in given
    }
    if "logo" in given:
        words["logo"] = _picture(path, _text(path, "logo", given["logo"]))
    if "old_after_years" in given:
        words["old_after_years"] = _years(path, given["old_after_years"])
    if "questions" in given:
        words["questions"] = _questions(path, given["questions"])
    return Appearance(
        **words,
        light=_colours(path, "light", given.get("light", {}), LIGHT),
        dark=_colours(path, "dark", given.get("dark", {}), DARK),
    )


@lru_cache(maxsize=8)
def _read(path: Path, written: int) -> Appearance | None:
    """The appearance, or None where the file has a mistake, which is logged once."""
    try:
        found = read_appearance(path)
    except BadSetting as error:
        logger.warning("the page keeps its appearance: %s", error)
        return None
    _last_good[path] = found
    return found


def _known(path: Path, table: str, given: Any, names: list[str]) -> None:
    if not isinstance(given, dict):
        raise BadSetting(f"{path}: `{table.rstrip('.')}` must be a table")
    for name in given:
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            meant = f"did you mean `{table}{near[0]}`?" if near else f"known: {', '.join(names)}"
            raise BadSetting(f"{path}: there is no key `{table}{name}`; {meant}")


def _text(path: Path, key: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise BadSetting(f"{path}: `{key}` must be text in quotation marks")
    return value.strip()


def _years(path: Path, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 200:
        raise BadSetting(f"{path}: `old_after_years` must be a number of years, such as 3 or 0.5")
    return float(value)


def _questions(path: Path, value: Any) -> dict[str, tuple[str, ...]]:
    wrong = BadSetting(f"{path}: `questions` must name topics, each with a list of questions")
    if not isinstance(value, dict):
        raise wrong
    for topic, listed in value.items():
        if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
            raise BadSetting(f"{path}: `questions.{topic}` must be a list of questions")
    return {
        topic: tuple(" ".join(each.split()) for each in listed) for topic, listed in value.items()
    }


def _picture(path: Path, name: str) -> str:
    file = path.parent / name
    kind = _PICTURES.get(file.suffix.lower())
    if kind is None:
        raise BadSetting(f"{path}: `logo` must be one of {', '.join(_PICTURES)}; it is {name}")
    try:
        data = file.read_bytes()
    except OSError as error:
        raise BadSetting(f"{path}: `logo` names {file}, which cannot be read ({error})") from error
    if len(data) > LARGEST_LOGO:
        raise BadSetting(f"{path}: `logo` has more than {LARGEST_LOGO // 1000} kB: {name}")
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def _colours(path: Path, scheme: str, given: Any, own: Colours) -> Colours:
    names = [each.name for each in fields(Colours)]
    _known(path, f"{scheme}.", given, names)
    for name, value in given.items():
        if not isinstance(value, str) or not _COLOUR.fullmatch(value):
            raise BadSetting(f"{path}: `{scheme}.{name}` must be a colour such as #0f6b63")
    found = Colours(**{name: given.get(name, getattr(own, name)) for name in names})
    plain, marked = _TEXT[scheme]
    for name, ink, ground in (
        ("accent", found.accent, found.page),
        ("page", plain, found.page),
        ("mark", marked, found.mark),
    ):
        if name in given and _contrast(ink, ground) < _READABLE:
            raise BadSetting(
                f"{path}: `{scheme}.{name}` is hard to read: {ink} on {ground} has a contrast of "
                f"{_contrast(ink, ground):.1f}, and {_READABLE} is the least"
            )
    return found


def _contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21, as WCAG defines it."""
    dark, light = sorted(map(_luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
