"""Markdown in whatever dialect -> CommonMark without what no reader sees."""

from __future__ import annotations

import re
from dataclasses import dataclass

from passages.articles.markup import parsing
from passages.articles.markup.callouts import without_callouts
from passages.articles.markup.hidden.scanner import without_hidden
from passages.articles.markup.mapped import Mapped, Span

_MODULES = re.compile(
    r"^(?:import[ \t][^\n]*from[ \t]+['\"]|export[ \t]+(?:const|default|function)\b)|\{/\*", re.M
)


@dataclass(frozen=True, slots=True)
class CommonMark:
    """A text as CommonMark, the indented blocks in it that are code, and where parts that fold end.

    `ends` are places of the text that it was made from, each with the level of its summary.
    """

    plain: Mapped
    code: frozenset[str]
    ends: tuple[Span, ...]


def as_commonmark(text: str, problems: list[str]) -> CommonMark:
    """The text as CommonMark without what no reader sees."""
    lines = without_callouts(text, problems)
    components = _MODULES.search(text) is not None
    starts = [0, *(match.end() for match in re.finditer("\n", lines.text)), len(lines.text)]
    spans, code = [], set()
    for token in parsing.parse(lines.text)[0]:
        if token.type in ("fence", "code_block") and token.map:
            if token.type == "code_block" and (components or token.content.lstrip()[:1] == "<"):
                continue
            first, after = token.map
            spans.append((starts[first], starts[min(after, len(starts) - 1)]))
            code.add(token.content)
    hidden = without_hidden(lines.text, spans, problems, components=components)
    ends = tuple((lines.place(place), level) for place, level in hidden.ends)
    return CommonMark(hidden.text.of(lines), frozenset(code), ends)
