"""How dialects of Markdown write call-outs, tabs and directives, and where a label stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from passages.articles.markup.mapped import Span

FENCE = re.compile(
    r"^[ \t>]*(?:[-*+][ \t]+|\d{1,9}[.)][ \t]+)*(?P<fence>`{3,}|~{3,})(?P<info>.*)", re.MULTILINE
)
"""A line that opens a fence of code or of a directive, or closes one."""

_NAMES = (
    "note warning tip hint important caution danger attention error seealso admonition dropdown "
    "card grid grid-item grid-item-card tab-set tab-item tabs tab details margin sidebar "
    "epigraph topic versionadded versionchanged deprecated figure image toctree contents div "
    "aside exercise solution pull-quote only todo glossary rubric tableofcontents list-table "
    "info success question abstract example quote "
)
PROSE = frozenset(_NAMES.split())
"""The directives in fences whose text is prose, not code."""

FILES = frozenset(("toctree", "contents", "tableofcontents"))
"""Those whose text are names of files."""

TARGET = frozenset(("figure", "image", "div", "list-table", "only"))
"""Those whose name is followed by no label."""

DIRECTIVE = re.compile(r"[ \t]*\{([\w:+-]+)\}[ \t]*")
_CODE_TAG = re.compile(
    r"<(?P<closes>/)?pre\b[^<>]*>"
    r"|\{(?:\{[<%]|%-?)\s*(?:highlight\b|(?P<ends>(?:/\s*|end)highlight\b))[^{}]*\}+",
    re.IGNORECASE,
)
_ITEM = re.compile(r"[ \t>]*(?:[-*+:]|\d{1,9}[.)])[ \t]")
_REST = re.compile(r"\.\.[ ]+(?P<name>[\w-]+)::(?:[ \t]+(?P<label>.*))?$")
_ADMONITION = re.compile(
    r"(?:!!!|\?\?\?\+?)(?:[ ]?[\w-]+(?: +[\w-]+)*|(?=[ \t]+\"))"
    r"(?:[ \t]+\"(?P<label>.*)\")?[ \t]*$"
)
_TAB = re.compile(r"===[!+]?[ \t]+\"(?P<label>.*)\"[ \t]*$")
_TAB_LINE = re.compile(r"@tab(?::[\w-]+)?(?:[ \t]+(?P<label>.*))?$")
_COLONS = re.compile(r":{3,}[ \t]*(?P<info>.*?)[ \t]*(?P<end>:{3,}[ \t]*)?$")
_SLASHES = re.compile(r"/{3,}(?:[ \t]*[\w-]+)?(?:[ \t]*\|[ \t]*(?P<label>.*))?$")
_LEAF = re.compile(r"::[\w-]+(?:\[(?P<label>.*?)\])?(?:\{.*\})?[ \t]*$")
_INFO = re.compile(
    r"(?:\{(?P<braces>[^}]*)\}|(?P<name>[\w.:-]+))?"
    r"[ \t]*(?:\[(?P<bracket>[^\]]*)\])?[ \t]*(?:\{(?P<attributes>[^}]*)\})?"
    r"[ \t]*(?P<rest>.*?)[ \t]*(?:\{[^{}]*\})?$"
)
_TITLE = re.compile(r"""(?:title|label|alt-text)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ONLY_ATTRIBUTES = re.compile(r"""(?:[\w-]+=(?:"[^"]*"|'[^']*'|\S+)[ \t]*)+""")


def indented(line: str) -> re.Match[str] | None:
    """A call-out or tab whose text is indented below it, with its `label`."""
    return _ADMONITION.match(line) or _TAB.match(line)


def label_of(line: str) -> tuple[Span, bool] | None:
    """Where in a line that is a directive its label stands, and whether options may follow.

    None where it is no directive; without a label the span is empty.
    """
    for pattern in (_LEAF, _TAB_LINE):
        if match := pattern.match(line):
            return _group(match, "label"), False
    if match := _SLASHES.match(line):
        return _group(match, "label"), True
    if (match := _REST.match(line)) and match["name"].lower() in PROSE:
        span = _group(match, "label")
        return ((span[0],) * 2 if match["name"].lower() in TARGET else span), True
    if match := _COLONS.match(line):
        return _colons_label(match), True
    return None


@dataclass(frozen=True, slots=True)
class OpenCode:
    """What would open a block of code, what closes it, and how far its lines are indented."""

    opening: str
    closing: str = ""
    indent: int = 0


def open_code(text: str, place: int) -> OpenCode | None:
    """The block of code in the midst of which `place` of a text stands; None if in none."""
    opening: re.Match[str] | None = None
    fenced: list[Span] = []
    for fence in FENCE.finditer(text):
        if fence.start() >= place:
            break
        if opening is None:
            if not (fence["fence"][0] == "`" and "`" in fence["info"]) and not is_prose(fence):
                opening = fence
        elif not fence["info"].strip() and fence["fence"].startswith(opening["fence"]):
            fenced.append((opening.start(), fence.end()))
            opening = None
    if opening is not None:
        indent = len(opening[0]) - len(opening[0].lstrip(" \t"))
        return OpenCode(f"{opening['fence']}{opening['info']}\n", indent=indent)
    return _in_tags(text, place, fenced) or _in_indented(text, place)


def _in_tags(text: str, place: int, fenced: Sequence[Span]) -> OpenCode | None:
    """Whether `place` stands between tags that hold code, outside the fences before it."""
    last = None
    for tag in _CODE_TAG.finditer(text, 0, place):
        if not any(start <= tag.start() < end for start, end in fenced):
            last = tag
    closing = _CODE_TAG.search(text, place)
    if last is None or closing is None or _closes(last) or not _closes(closing):
        return None
    return OpenCode(f"{last[0]}\n", f"\n{closing[0]}")


def _closes(tag: re.Match[str]) -> bool:
    return bool(tag["closes"] or tag["ends"])


def _in_indented(text: str, place: int) -> OpenCode | None:
    """Whether the line of `place` goes on with indented code, not with an item of a list."""
    start = text.rfind("\n", 0, place) + 1
    if not text[start:place].expandtabs(4).startswith("    "):
        return None
    for line in reversed(text[max(0, start - 20_000) : start].split("\n")[:-1]):
        if line.strip() and not line.expandtabs(4).startswith("    "):
            marked = _ITEM.match(line) or indented(line.strip()) or line.lstrip()[:2] == "[^"
            return None if marked else OpenCode("    " if text[start:place].strip() else "")
    return None


def is_prose(fence: re.Match[str]) -> bool:
    """Whether a fence is that of a directive whose text is prose."""
    directive = DIRECTIVE.match(fence["info"])
    return directive is not None and directive[1].lower() in PROSE


def _colons_label(match: re.Match[str]) -> Span:
    start = match.start("info")
    if title := _TITLE.search(match["info"]):
        group = 1 if title[1] is not None else 2
        return start + title.start(group), start + title.end(group)
    info = _INFO.match(match["info"])
    if info is None or _ONLY_ATTRIBUTES.fullmatch(info["rest"]):
        return start, start
    for name in ("bracket", "rest"):
        if info[name]:
            if (info["braces"] or "").strip(" :").lower() in TARGET:
                break
            quoted = len(info[name]) > 1 and info[name][0] == info[name][-1] == '"'
            return start + info.start(name) + quoted, start + info.end(name) - quoted
    return start, start


def _group(match: re.Match[str], name: str) -> Span:
    start, end = match.span(name)
    return (start, end) if start >= 0 else (match.end(), match.end())
