"""The fields that a Markdown file begins with, in YAML, TOML or JSON, read leniently.

What is not quite YAML is read line by line: an article is worth more than its title.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from passages.articles.readers.decoding import one_line
from passages.articles.readers.reading import report_line

_YAML = re.compile(r"---[ \t]*\n(.*?)(?:^|\n)(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_TOML = re.compile(r"\+\+\+[ \t]*\n(.*?)(?:^|\n)\+\+\+[ \t]*(?:\n|$)", re.DOTALL)
_JSON = re.compile(r"\{[ \t]*(?:\n|\")")
_JSON_END = re.compile(r"[ \t]*(?:\n|$)")
_LONGEST = 10_000  # characters; what is longer is text between two rules
_FIELD = re.compile(r"([A-Za-z][\w-]*)[ \t]*([:=])(?:[ \t]+(.*)|)$")
_TEMPLATE = re.compile(r"\{\{|\{%|<%")
_COMMENT = re.compile(r"[ \t]#.*$")
_YES = ("true", "yes", "on", "1")
_NO = ("false", "no", "off", "0")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The fields that are text, by their names in small letters, and what was wrong with them."""

    fields: dict[str, str]
    notes: tuple[str, ...] = ()

    def first(self, *names: str) -> str | None:
        """The first of these fields that is there."""
        found = (self.fields.get(name) for name in names)
        return next((one_line(value) for value in found if value and one_line(value)), None)

    @property
    def is_draft(self) -> bool:
        """Whether its author has not published the article yet."""
        return (
            self.fields.get("draft", "").lower() in _YES
            or self.fields.get("published", "").lower() in _NO
        )


def split(text: str) -> tuple[FrontMatter, str]:
    """Divide a text into its front matter, which may be empty, and the Markdown below it."""
    nothing = FrontMatter({})
    text_from = text.lstrip("\n")
    if match := _YAML.match(text_from) or _TOML.match(text_from):
        if len(match[1]) > _LONGEST:
            return nothing, text
        fields = _yaml(match[1]) if text_from[0] == "-" else _toml(match[1])
        return (fields, text_from[match.end() :]) if fields is not None else (nothing, text)
    if _JSON.match(text_from):
        try:
            found, end = json.JSONDecoder().raw_decode(text_from[: _LONGEST + 1])
        except (ValueError, RecursionError):
            return nothing, text
        below = _JSON_END.match(text_from, end)
        if below and isinstance(found, dict):
            return FrontMatter(_texts(found)), text_from[below.end() :]
    return nothing, text


def _yaml(written: str) -> FrontMatter | None:
    """The fields; None if it is prose between two rules."""
    try:
        # Not safe_load: to it `title: No` is False, and `date: 2024-02-30` an error.
        found = yaml.BaseLoader(written).get_single_data()
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        detail = getattr(error, "problem", None) or "nested too deep"
        return _by_line(written, "YAML", None if mark is None else mark.line + 2, detail)
    if found is None:
        return FrontMatter({})
    if not isinstance(found, dict):
        return None
    return FrontMatter(_texts(found), _template_notes(written))


def _toml(written: str) -> FrontMatter | None:
    try:
        return FrontMatter(_texts(tomllib.loads(written)), _template_notes(written))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        place = re.search(r"line (\d+)", str(error))
        detail = re.sub(r" \(at .*\)$", "", str(error))
        return _by_line(written, "TOML", int(place[1]) + 1 if place else None, detail)


def _by_line(written: str, kind: str, line: int | None, detail: str) -> FrontMatter | None:
    """Every line that is `name: value`; None where the first line is not: it is prose then."""
    fields: dict[str, str] = {}
    lines = [each for each in written.split("\n") if each.strip() and each.lstrip()[0] != "#"]
    if not lines or not _FIELD.match(lines[0].strip()):
        return None
    for each in lines:
        match = _FIELD.match(each.rstrip())
        value = (match[3] or "").strip() if match else ""
        if match and value and not _TEMPLATE.search(value):
            quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
            value = value[1:-1] if quoted else _COMMENT.sub("", value).strip()
            if value[:1] not in ("[", "{", "|", ">", "&", "*"):
                fields.setdefault(match[1].lower(), value)
    place = "" if line is None else f"line {line}: "
    note = f"front matter is not {kind} ({place}{detail}): its fields were read line by line"
    return FrontMatter(fields, (report_line(note), *_template_notes(written)))


def _template_notes(written: str) -> tuple[str, ...]:
    """What a program was to fill in is no title."""
    for number, line in enumerate(written.split("\n"), start=2):
        match = _FIELD.match(line.strip())
        wanted = match and match[1].lower() in ("title", "date", "lang", "url", "permalink")
        if wanted and _TEMPLATE.search(line):
            return (f"front matter has a template in line {number}, which was left out",)
    return ()


def _texts(found: Mapping[Any, object]) -> dict[str, str]:
    """The fields that are a text, a number, a date or a truth value."""
    texts = {}
    for name, value in found.items():
        plain = not isinstance(value, dict | list) and value is not None
        if plain and not _TEMPLATE.search(str(value)):
            said = str(value).lower() if isinstance(value, bool) else str(value)
            texts[str(name).lower()] = said
    return texts
