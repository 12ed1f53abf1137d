"""The fields that a Markdown file begins with, in YAML, TOML or JSON, read leniently.

What is not quite YAML is read line by line: an article is worth more than its title.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from passages.articles.readers.decoding import one_line
from passages.articles.readers.reading import report_line

_FENCED = re.compile(
    r"(?P<mark>---|\+\+\+|;;;)(?P<kind>ya?ml|toml|json)?[ \t]*\n"
    r"(?P<inside>.*?)(?:^|\n)(?:(?P=mark)|\.\.\.)[ \t]*(?:\n|$)",
    re.DOTALL,
)
_KINDS = {"---": "YAML", "+++": "TOML", ";;;": "JSON"}
_REMARKS = re.compile(r"\s*(?:<!--.*?-->\s*)*(?=---|\+\+\+|;;;|\{)", re.DOTALL)
_JSON = re.compile(r"\{[ \t]*(?:\n|\")")
_JSON_END = re.compile(r"[ \t]*(?:\n|$)")
_JSON_BLOCK = re.compile(r"\{[ \t]*\n(.*?)\n\}[ \t]*(?:\n|$)", re.DOTALL)
_JSON_LINE = re.compile(
    r"""[ \t]*"(?P<name>[A-Za-z][\w-]*)"[ \t]*:[ \t]*"(?P<value>.*)",?[ \t]*$"""
)
_PANDOC = re.compile(r"% (?P<title>\S.*)(?:\n%(?: .*)?)?(?:\n% (?P<date>.*))?(?:\n[ \t]*\n|\n?$)")
_BARE = re.compile(r"(?:[A-Za-z][\w-]*:[ \t]+\S.*(?:\n|$)){2,}(?:[ \t]*\n|$)")
_FIELD_LINE = re.compile(r"[A-Za-z][\w-]*[ \t]*[:=](?:[ \t]|$)|[ \t]+\S|- |-$|#|[\]})]|\{\{|\{%")
_BELOW_BLANK = re.compile(r"\n[ \t]*\n+(\S.*)")
_SENTENCE = re.compile(r"\S+(?:[ \t]+\S+){3,}[.!?。！？]$", re.MULTILINE)
_STRUCTURE = re.compile(r"\[.*\]$|\{.*\}$|[|>][+-]?\d?$|[&*]\S*$")
_NAMES = """
    title date lang language url permalink draft published tags tag categories category layout
    description author authors id slug aliases alias weight summary keywords type source image
    sidebar_position sidebar_label nav_order parent cssclass cssclasses created updated modified
    lastmod status publish toc hide template name subtitle
"""
_KNOWN = frozenset(_NAMES.split())
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
    remarks = _REMARKS.match(text[:_LONGEST])
    start = remarks.end() if remarks else 0
    match = _FENCED.match(text, start)
    if match and len(match["inside"]) <= _LONGEST:
        read = {"YAML": _yaml, "TOML": _toml, "JSON": _fenced_json}
        fields = read[_kind(match)](match["inside"])
        if fields is not None:
            return fields, text[match.end() :]
    if text.startswith("---\n", start):
        return _unclosed(text, start)
    if _JSON.match(text, start):
        return _json(text, start)
    return _bare(text)


def _bare(text: str) -> tuple[FrontMatter, str]:
    """Fields without a fence, as MultiMarkdown and Pandoc write them at the very beginning."""
    if match := _PANDOC.match(text):
        told = {name: value for name, value in match.groupdict().items() if value}
        return FrontMatter(told), text[match.end() :]
    if match := _BARE.match(text):
        fields = _fields(match[0].split("\n"))
        if "title" in fields and _KNOWN.issuperset(fields):
            return FrontMatter(fields), text[match.end() :]
    return FrontMatter({}), text


def _kind(match: re.Match[str]) -> str:
    told = (match["kind"] or "").upper().replace("YML", "YAML")
    return told or _KINDS[match["mark"]]


def _unclosed(text: str, start: int) -> tuple[FrontMatter, str]:
    """The lines of fields that nothing ends but an empty line or prose, if one field is known."""
    end = text.index("\n", start) + 1
    first = end
    while end < min(len(text), start + _LONGEST):
        line_end = text.find("\n", end) + 1 or len(text)
        if not _FIELD_LINE.match(text, end, line_end) or text.startswith("# ", end):
            break
        end = line_end
    fields = _fields(text[first:end].split("\n"))
    if _KNOWN.isdisjoint(fields):
        return FrontMatter({}), text
    line = text.count("\n", 0, end)
    note = f"front matter is never closed (line {line}): put --- below it"
    return FrontMatter(fields, (note,)), text[end:]


def _json(text: str, start: int) -> tuple[FrontMatter, str]:
    """Front matter in braces; what is not quite JSON is read line by line."""
    try:
        found, end = json.JSONDecoder().raw_decode(text[start : start + _LONGEST + 1])
    except (ValueError, RecursionError) as error:
        block = _JSON_BLOCK.match(text, start, start + _LONGEST)
        fields = _json_fields(block[1]) if block else {}
        if block is None or _KNOWN.isdisjoint(fields):
            return FrontMatter({}), text
        return FrontMatter(fields, (_not_json(error, 0),)), text[block.end() :]
    below = _JSON_END.match(text, start + end)
    if below and isinstance(found, dict):
        return FrontMatter(_texts(found)), text[below.end() :]
    return FrontMatter({}), text


def _fenced_json(written: str) -> FrontMatter | None:
    braced = written if written.lstrip().startswith("{") else f"{{{written}}}"
    try:
        found = json.loads(braced)
    except (ValueError, RecursionError) as error:
        fields = _json_fields(written)
        return None if _KNOWN.isdisjoint(fields) else FrontMatter(fields, (_not_json(error, 1),))
    return FrontMatter(_texts(found)) if isinstance(found, dict) else None


def _json_fields(written: str) -> dict[str, str]:
    found = (_JSON_LINE.match(line) for line in written.split("\n"))
    return {each["name"].lower(): each["value"] for each in found if each}


def _not_json(error: Exception, above: int) -> str:
    place = f"line {error.lineno + above}: " if isinstance(error, json.JSONDecodeError) else ""
    detail = getattr(error, "msg", "nested too deep")
    return report_line(
        f"front matter is not JSON ({place}{detail}): its fields were read line by line"
    )


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
    if not isinstance(found, dict) or _is_prose(written, {str(name) for name in found}):
        return None
    return FrontMatter(_texts(found), _template_notes(written))


def _is_prose(written: str, names: Collection[str]) -> bool:
    """Whether it is prose with a colon between two rules: no name of it is a usual one."""
    if not _KNOWN.isdisjoint(name.lower() for name in names):
        return False
    return written.startswith("\n") or _SENTENCE.search(written) is not None


def _toml(written: str) -> FrontMatter | None:
    try:
        return FrontMatter(_texts(tomllib.loads(written)), _template_notes(written))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        place = re.search(r"line (\d+)", str(error))
        detail = re.sub(r" \(at .*\)$", "", str(error))
        return _by_line(written, "TOML", int(place[1]) + 1 if place else None, detail)


def _by_line(written: str, kind: str, line: int | None, detail: str) -> FrontMatter | None:
    """Every line that is `name: value`; None where it is prose, or turns into prose."""
    first = next(filter(_is_told, written.split("\n")), "")
    if not _FIELD.match(first.strip()):
        return None
    if any(not _FIELD_LINE.match(line) for line in _BELOW_BLANK.findall(written)):
        return None
    fields = _fields(written.split("\n"))
    if _is_prose(written, fields):
        return None
    place = "" if line is None else f"line {line}: "
    note = f"front matter is not {kind} ({place}{detail}): its fields were read line by line"
    return FrontMatter(fields, (report_line(note), *_template_notes(written)))


def _is_told(line: str) -> bool:
    return bool(line.strip()) and line.lstrip()[0] != "#"


def _fields(lines: Iterable[str]) -> dict[str, str]:
    """The lines that are `name: value`, each by its name."""
    fields: dict[str, str] = {}
    for each in filter(_is_told, lines):
        match = _FIELD.match(each.rstrip())
        value = (match[3] or "").strip() if match else ""
        if match and value and not _TEMPLATE.search(value):
            quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
            value = value[1:-1] if quoted else _COMMENT.sub("", value).strip()
            if not _STRUCTURE.match(value):
                fields.setdefault(match[1].lower(), value)
    return fields


def _template_notes(written: str) -> tuple[str, ...]:
    """Notes on placeholders that a program should have filled in."""
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
