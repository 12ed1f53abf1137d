"""Markup inside and across lines that no reader sees -> the text without it, as plain CommonMark.

Comments, template tags, tags of HTML and of components, wiki links, attributes, icons. What stands
in code is left alone; a mark that is never closed is text, for otherwise all after it would vanish.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from passages.articles.markup.hidden import formulas, tags, templates
from passages.articles.markup.hidden.scan import Scan
from passages.articles.markup.mapped import Mapped, Span

_NEXT = re.compile(
    r"""(?P<heading>^[ ]{0,3}\#{1,6}(?=[ \t]))
      | (?P<math>\$(?=[^\s$])|\$\$|\\\((?=[^\n]{1,500}?\\\))|\\\[(?=[^\[\]]{1,2000}?\\\]))
      | (?P<escape>\\\\\{\#[\w.:-]{1,100}|\\[!-/:-@\[-`{-~])
      | (?P<code>`+)
      | (?P<comment><!--|%%(?=[^%]))
      | (?P<template>\{\{|\{%|\{\#(?=[ ])|\{/\*|<%|<\?(?=[a-z=]))
      | (?P<declaration><!(?:DOCTYPE|doctype|\[CDATA\[)[^<>]{0,500}>)
      | (?P<critic>\{(?:\+\+|--|~~|==|>>|\+[ ]|-[ ]))
      | (?P<role>(?:\{[\w:+-]{1,40}\}|(?<![\w:]):[a-z][\w:+-]{0,40}:)(?=`))
      | (?P<attributes>\{[ ]?(?=[:.\#\w"'`]|-\}))
      | (?P<tag></?(?=[A-Za-z>]))
      | (?P<embed>!\[\[(?P<file>[^\[\]\n|]{1,500})(?:\|(?P<caption>[^\[\]\n]{1,500}))?\]\])
      | (?P<wiki>\[\[(?P<target>[^\[\]\n|]{1,500}?)(?:\\?\|(?P<alias>[^\[\]\n]{1,500}))?\]\](?!\())
      | (?P<permalink>\[(?:¶|\#|🔗|&para;)\]\(\#[^()\n]{0,300}\))
      | (?P<field>(?<=[\[(])[A-Za-z][\w -]{0,40}::[ ](?=[^\[\]()\n]{1,300}[\])])
            |^[ \t>]*(?:[-*+][ \t]+)?\**[A-Za-z][\w -]{0,40}\**::[ ](?=\S))
      | (?P<reference>(?<![\w\]\\!])\[(?P<words>(?:[^\[\]\n]|\n(?![ \t]*\n)){1,300})\]
            \n?\[(?P<label>[^\[\]\n]{0,300})\])
      | (?P<note>\[\^[^\]\s]{1,100}\])
      | (?P<inlinenote>\^(?=\[))
      | (?P<block>(?<=[ \t\n])\^[\w-]+[ \t]*$)
      | (?P<size>(?<=[^\s|\[])?\\?\|[ ]?\d{1,4}(?:x\d{1,4})?(?=\]\())
      | (?P<directive>(?<![\w:\]]):[a-z][\w-]{0,40}(?=\[[^\[\]\n]{1,300}\](?:\{|[^(\w]|$)))
      | (?P<icon>:(?:material|octicons|fontawesome|simple|lucide)-[a-z0-9-]{1,80}:
            |(?<![\w:/|]):(?=[+_-]?[A-Za-z]|[+-]1:)[A-Za-z0-9_+-]{1,80}:(?![\w:/|]))
      | (?P<raised>(?<=[\w)])(?:~(?=\w{1,20}~)|\^(?=[\w+-]{1,20}\^(?!\w))))
      | (?P<pair>==(?=[^\s=])|\^\^(?=[^\s^])|\+\+(?=[^\s+]))
    """,
    re.VERBOSE | re.MULTILINE,
)
_DEFINITION = re.compile(r"^[ \t>]*\[([^\[\]\n]{1,300})\]:", re.MULTILINE)
_HTML_BLOCK = re.compile(
    r"[ ]{0,3}<(div|p|center|section|article|table|ul|ol|blockquote)\b(?![^>]*\bmarkdown\b)"
)
_PARAGRAPH_END = re.compile(r"\n[ \t]*(?:\n|$)")
_ROLE_TARGET = re.compile(r"(`+)([^`<>\n]*?)[ ]*<[^<>`\n]+>\1(?!`)")
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|bmp|avif|tiff?)$", re.IGNORECASE)
_SIZE = re.compile(r"\d{1,4}(?:x\d{1,4})?|(?:left|right|center)")
_MARKS_ONLY = re.compile(r"[ \t>*+#|-]*(?:\d{1,9}[.)][ \t]+)?$")
_CRITIC = {"{++": "++}", "{--": "--}", "{~~": "~~}", "{==": "==}", "{>>": "<<}"}


@dataclass(frozen=True, slots=True)
class Hidden:
    """The text without what nobody sees, and where folded parts end, each with its level."""

    text: Mapped
    ends: tuple[Span, ...]


def without_hidden(
    text: str, code: Sequence[Span], problems: list[str], *, components: bool
) -> Hidden:
    """The text without what no reader sees of it.

    Args:
        text: Markdown.
        code: the stretches that are code, in order.
        problems: gets what an editor should know: comments left open.
        components: whether the text is MDX, in which `{name}` is a value.
    """
    return _Scanner(text, code, problems, components).scan()


def _label(written: str) -> str:
    return " ".join(written.split()).casefold()


class _Scanner:
    def __init__(
        self, text: str, code: Sequence[Span], problems: list[str], components: bool
    ) -> None:
        self._text = text
        self._code = code
        self._scan = Scan(text, problems, components=components)
        self._defined: set[str] | None = None
        self._unclosed: set[tuple[int, int]] = set()  # length of ticks, end of their paragraph
        self._takes: dict[str, Callable[[re.Match[str]], int]] = {
            "heading": self._heading,
            "math": lambda match: formulas.formula(self._scan, match),
            "escape": self._escape,
            "code": self._code_span,
            "comment": self._comment,
            "template": lambda match: templates.template(self._scan, match),
            "attributes": lambda match: templates.attributes(self._scan, match),
            "critic": self._critic,
            "tag": lambda match: tags.tag(self._scan, match, self._inside),
            "embed": self._embed,
            "wiki": self._wiki,
            "field": self._field,
            "reference": self._reference,
            "inlinenote": self._inline_note,
            "role": self._role,
            "directive": self._directive,
            "icon": self._icon,
            "raised": self._pair,
            "pair": self._pair,
        }

    def scan(self) -> Hidden:
        text, place, block = self._text, 0, 0
        while match := _NEXT.search(text, place):
            while block < len(self._code) and self._code[block][1] <= match.start():
                block += 1
            if block < len(self._code) and self._code[block][0] <= match.start():
                place = self._code[block][1]
                continue
            take = self._takes.get(match.lastgroup or "", self._scan.drop)
            place = max(take(match), match.start() + 1)
        return Hidden(self._scan.written(), tuple(self._scan.ends))

    def _inside(self, piece: str) -> Mapped:
        scan = self._scan
        return without_hidden(piece, (), scan.problems, components=scan.components).text

    def _heading(self, match: re.Match[str]) -> int:
        """Note the level; between the tags of one HTML block `#` makes no heading."""
        text, start, scan = self._text, match.start(), self._scan
        blank = text.rfind("\n\n", 0, start)
        opened = _HTML_BLOCK.match(text, blank + 2 if blank >= 0 else 0, start)
        if opened and f"</{opened[1]}" not in text[opened.end() : start]:
            scan.keep(start)
            scan.out.put("\\", start)
        else:
            scan.level = len(match[0].strip())
        return match.end()

    def _escape(self, match: re.Match[str]) -> int:
        """Past an escaped mark; an escaped `{#id}` after a heading is its id, escaped for MDX."""
        if match[0] == "\\{" and self._text.startswith("#", match.end()):
            return templates.attributes(self._scan, match)
        return match.end()

    def _code_span(self, match: re.Match[str]) -> int:
        """Past a span of code; only past its marks where nothing closes it in its paragraph."""
        ticks, start = match[0], match.end()
        blank = _PARAGRAPH_END.search(self._text, start)
        end = blank.start() if blank else len(self._text)
        if (len(ticks), end) in self._unclosed:
            return start
        closing = re.compile(rf"(?<!`){ticks}(?!`)").search(self._text, start, end)
        if closing is None:
            self._unclosed.add((len(ticks), end))
            return start
        return closing.end()

    def _comment(self, match: re.Match[str]) -> int:
        start, opening, scan = match.start(), match[0], self._scan
        if opening == "%%" and start and (self._text[start - 1].isalnum()):
            return match.end()
        if empty := re.compile(r"<!--+>").match(self._text, start):
            return scan.drop(empty)
        closing = "-->" if opening == "<!--" else "%%"
        found = scan.find(closing, match.end(), len(self._text))
        if found == -1:
            if opening == "<!--":
                said = " ".join(self._text[start : start + 60].split())
                scan.problems.append(f"a comment that is never closed is shown as text: {said!r}")
            return match.end()
        return scan.leave_out(start, found + len(closing))

    def _critic(self, match: re.Match[str]) -> int:
        """Write a text as its reviewer wants it: with what was added, without what was struck."""
        text, start, scan = self._text, match.start(), self._scan
        opening = match[0]
        closing = _CRITIC.get(opening, f" {opening[1]}}}")
        found = text.find(closing, match.end(), match.end() + 2_000)
        if found == -1:
            return match.end()
        end = found + len(closing)
        if opening[1] in "->":
            return scan.leave_out(start, end)
        first = match.end()
        if opening == "{~~":
            first = text.find("~>", first, found) + 2
        scan.leave_out(start, max(first, match.end()))
        scan.close_later((found, end))
        return max(first, match.end())

    def _embed(self, match: re.Match[str]) -> int:
        """Leave out what is embedded, but for the description of a picture."""
        start, scan = match.start(), self._scan
        shown = match["caption"] if _PICTURE.search(match["file"]) else None
        for part in re.finditer(r"[^|]+", shown or ""):
            if not _SIZE.fullmatch(part[0].strip()):
                scan.leave_out(start, match.start("caption") + part.start())
                scan.keep(match.start("caption") + part.end())
                break
        return scan.leave_out(max(start, scan.kept), match.end())

    def _wiki(self, match: re.Match[str]) -> int:
        """Write a wiki link as a link: its alias or, as `A#B` is shown, `A > B`."""
        scan, start, target = self._scan, match.start("target"), match["target"]
        if match["alias"]:
            scan.leave_out(match.start(), match.start("alias"), "[")
            scan.keep(match.end("alias"))
        else:
            scan.leave_out(match.start(), start + len(target) - len(target.lstrip("#")), "[")
            for mark in re.finditer(r"\#\^?", target):
                if start + mark.start() > scan.kept:
                    scan.leave_out(start + mark.start(), start + mark.end(), " > ")
            scan.keep(match.end("target"))
        closing = "](#)" if target.startswith("#") else "](wiki)"
        return scan.leave_out(scan.kept, match.end(), closing)

    def _field(self, match: re.Match[str]) -> int:
        """Write a field of Dataview as it is shown: `due:: today` as `due: today`."""
        text, start, scan = self._text, match.start(), self._scan
        opening = text[start - 1] if start and text[start - 1] in "[(" else ""
        if opening and scan.kept < start:
            closing = text.find("]" if opening == "[" else ")", match.end())
            scan.leave_out(start - 1, match.end() if opening == "(" else start)
            scan.close_later((closing, closing + 1))
        if opening != "(":
            scan.leave_out(match.end() - 2, match.end() - 1)
        return match.end()

    def _reference(self, match: re.Match[str]) -> int:
        """A link to what is defined in another file, or nowhere, is its words."""
        label = match["label"] or match["words"]
        if self._defined is None:
            self._defined = {_label(each[1]) for each in _DEFINITION.finditer(self._text)}
        if _label(label) not in self._defined:
            self._scan.leave_out(match.start(), match.start("words"))
            self._scan.close_later((match.end("words"), match.end()))
        return match.start("words")

    def _inline_note(self, match: re.Match[str]) -> int:
        closing = re.compile(r"[^\[\]\n]*(\])").match(self._text, match.end() + 1)
        if closing is None:
            return match.end()
        self._scan.leave_out(match.start(), match.end() + 1, " ")
        self._scan.keep(closing.start(1))
        return self._scan.leave_out(closing.start(1), closing.end())

    def _role(self, match: re.Match[str]) -> int:
        """Leave out a role; of a link with words and a target, keep the words."""
        self._scan.drop(match)
        found = _ROLE_TARGET.match(self._text, match.end())
        if found is None or not found[2].strip():
            return match.end()
        self._scan.leave_out(found.start(), found.start(2))
        self._scan.keep(found.end(2))
        return self._scan.leave_out(found.end(2), found.end())

    def _directive(self, match: re.Match[str]) -> int:
        """Write a directive amid text, `:abbr[HTML]{title="…"}`, as the words in its brackets."""
        closing = self._text.find("]", match.end())
        self._scan.leave_out(match.start(), match.end() + 1)
        self._scan.close_later((closing, closing + 1))
        return match.end() + 1

    def _icon(self, match: re.Match[str]) -> int:
        """Leave out an icon; at the beginning of an item with the space after it."""
        line = self._text.rfind("\n", 0, match.start()) + 1
        end = match.end()
        if _MARKS_ONLY.fullmatch(self._text, line, match.start()):
            while end < len(self._text) and self._text[end] in " \t":
                end += 1
        return self._scan.leave_out(match.start(), end)

    def _pair(self, match: re.Match[str]) -> int:
        mark = re.escape(match[0])
        plain = match[0] in ("++", "~", "^")
        pattern = rf"(?:[\w+-]+?)({mark})" if plain else rf"[^\n]*?\S({mark})"
        closing = re.compile(pattern).match(self._text, match.end(), match.end() + 1_000)
        if closing is None:
            return match.end()
        self._scan.leave_out(match.start(), match.end())
        self._scan.close_later(closing.span(1))
        return match.end()
