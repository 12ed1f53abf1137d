"""Markup inside and across lines that no reader sees -> the text without it, as plain CommonMark.

Comments, template tags, tags of HTML and of components, wiki links, attributes, icons. What stands
in code is left alone; a mark that is never closed is text, for otherwise all after it would vanish.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from passages.articles.markup.mapped import Mapped, Span, Writer

_LONGEST = 20_000  # characters of a comment or tag; what is longer is text between two marks

_INLINE_TAGS = (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark q rp rt ruby s "
    "samp small span strike strong sub sup time tt u var wbr"
)
_BLOCK_TAGS = (
    "address area article aside audio base blockquote body br button canvas caption center col "
    "colgroup datalist dd details dialog dir div dl dt embed fieldset figcaption figure footer "
    "form frame frameset h1 h2 h3 h4 h5 h6 head header hr html iframe img input label legend li "
    "link main map menu meta nav noscript object ol optgroup option output p param picture pre "
    "progress script section select source style summary svg path g table tbody td template "
    "textarea tfoot th thead title tr track ul video"
)
_INLINE = frozenset(_INLINE_TAGS.split())
_KNOWN = frozenset(f"{_INLINE_TAGS} {_BLOCK_TAGS}".split())
_UNSEEN = frozenset(("script", "style", "svg", "template", "iframe", "noscript"))

_NEXT = re.compile(
    r"""(?P<heading>^[ ]{0,3}\#{1,6}(?=[ \t]))
      | (?P<escape>\\[!-/:-@\[-`{-~])
      | (?P<code>`+)
      | (?P<comment><!--|%%(?=[^%]))
      | (?P<template>\{\{|\{%|\{\#(?=[ ])|\{/\*)
      | (?P<attributes>\{[ ]?(?=[:.\#\w]))
      | (?P<tag></?(?=[A-Za-z>]))
      | (?P<embed>!\[\[[^\[\]\n]{1,500}\]\])
      | (?P<wiki>\[\[(?P<target>[^\[\]\n|]{1,500}?)(?:\\?\|(?P<alias>[^\[\]\n]{1,500}))?\]\](?!\())
      | (?P<reference>(?<![\w\]\\!])\[(?P<words>(?:[^\[\]\n]|\n(?![ \t]*\n)){1,300})\]
            \n?\[(?P<label>[^\[\]\n]{0,300})\])
      | (?P<note>\[\^[^\]\s]{1,100}\])
      | (?P<inlinenote>\^(?=\[))
      | (?P<block>(?<=[ \t\n])\^[\w-]+[ \t]*$)
      | (?P<size>(?<=[^\s|\[])?\\?\|[ ]?\d{1,4}(?:x\d{1,4})?(?=\]\())
      | (?P<icon>:(?:material|octicons|fontawesome|simple|lucide)-[a-z0-9-]{1,80}:
            |(?<![\w:/|]):(?=[+_-]?[A-Za-z]|[+-]1:)[A-Za-z0-9_+-]{1,80}:(?![\w:/|]))
      | (?P<role>\{[\w:+-]{1,40}\}(?=`))
      | (?P<pair>==(?=[^\s=])|\^\^(?=[^\s^])|\+\+(?=[^\s+]))
    """,
    re.VERBOSE | re.MULTILINE,
)
_ATTRIBUTE = r"""(?:[\#.][^\s{}"'=]+|[\w:@-]+=(?:"[^"\n]*"|'[^'\n]*'|[^\s{}]+))"""
_ATTRIBUTES = re.compile(
    rf"\{{:?[ \t]*{_ATTRIBUTE}(?:[ \t]+(?:{_ATTRIBUTE}|[\w-]+))*[ \t]*\}}"
    r"|\{:?[ \t]*data-[\w-]+[ \t]*\}"
    r"|\{::?/?[A-Za-z_.#][^{}\n]{0,200}\}|\{:/\}"
)
_VALUE = re.compile(r"\{[A-Za-z_$][\w$]*(?:\.[\w$]+|\[[^\]\n]{1,80}\])*(?:\([^()\n]{0,80}\))?\}")
_DEFINITION = re.compile(r"^[ \t>]*\[([^\[\]\n]{1,300})\]:", re.MULTILINE)
_NAME = re.compile(r"</?([A-Za-z][\w.:-]*)(?=[\s/>])|</?(?=>)")
_CODE = re.compile(r"^[^/]*(?:highlight|code)|^raw$")
_END_COMMENT = re.compile(r"\{%-?\s*endcomment\s*-?%\}")
_TEMPLATE_NAME = re.compile(r"\{[{%][<%]?-?\s*(/?\s*[\w./-]*)")
_HTML_BLOCK = re.compile(
    r"[ ]{0,3}<(div|p|center|section|article|table|ul|ol|blockquote)\b(?![^>]*\bmarkdown\b)"
)
_PARAGRAPH_END = re.compile(r"\n[ \t]*(?:\n|$)")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_TEMPLATE_ENDS = {"{{<": ">}}", "{{%": "%}}", "{{": "}}", "{%": "%}", "{#": "#}", "{/*": "*/}"}


def without_hidden(
    text: str, code: Sequence[Span], problems: list[str], *, components: bool
) -> Mapped:
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
        self._out = Writer(text)
        self._components = components
        self._problems = problems
        self._level = 1
        self._kept = 0  # up to here the text is written
        self._open: set[str] = set()  # ends of which there are no more
        self._closers: list[Span] = []  # marks whose opening was left out
        self._defined: set[str] | None = None
        self._ticks: dict[tuple[int, int], int] = {}
        self._takes: dict[str, Callable[[re.Match[str]], int]] = {
            "heading": self._heading,
            "escape": re.Match.end,
            "code": self._code_span,
            "comment": self._comment,
            "template": self._template,
            "attributes": self._attributes,
            "tag": self._tag,
            "embed": self._drop,
            "wiki": self._wiki,
            "reference": self._reference,
            "note": self._drop,
            "inlinenote": self._inline_note,
            "block": self._drop,
            "size": self._drop,
            "icon": self._drop,
            "role": self._drop,
            "pair": self._pair,
        }

    def scan(self) -> Mapped:
        text, place, block = self._text, 0, 0
        while match := _NEXT.search(text, place):
            while block < len(self._code) and self._code[block][1] <= match.start():
                block += 1
            if block < len(self._code) and self._code[block][0] <= match.start():
                place = self._code[block][1]
                continue
            take = self._takes[match.lastgroup or ""]
            place = max(take(match), match.start() + 1)
        self._keep(len(text))
        return self._out.written()

    def _keep(self, end: int) -> None:
        """Write what was not written yet, up to `end`, without the marks that close a pair."""
        for first, last in sorted(each for each in self._closers if each[0] < end):
            self._out.keep(self._kept, first)
            self._kept = max(self._kept, last)
        self._closers = [each for each in self._closers if each[0] >= end]
        if end > self._kept:
            self._out.keep(self._kept, end)
            self._kept = end

    def _leave_out(self, start: int, end: int, instead: str = "") -> int:
        self._keep(start)
        self._out.put(instead, start)
        self._kept = end
        return end

    def _drop(self, match: re.Match[str]) -> int:
        return self._leave_out(match.start(), match.end())

    def _heading(self, match: re.Match[str]) -> int:
        """Note the level; between the tags of one HTML block `#` makes no heading."""
        text, start = self._text, match.start()
        blank = text.rfind("\n\n", 0, start)
        opened = _HTML_BLOCK.match(text, blank + 2 if blank >= 0 else 0, start)
        if opened and f"</{opened[1]}" not in text[opened.end() : start]:
            self._keep(start)
            self._out.put("\\", start)
        else:
            self._level = len(match[0].strip())
        return match.end()

    def _code_span(self, match: re.Match[str]) -> int:
        """Past a span of code; only past its marks where nothing closes it in its paragraph."""
        ticks, start = match[0], match.end()
        blank = _PARAGRAPH_END.search(self._text, start)
        end = blank.start() if blank else len(self._text)
        if self._ticks.get((len(ticks), end), -1) == -2:
            return start
        closing = re.compile(rf"(?<!`){ticks}(?!`)").search(self._text, start, end)
        if closing is None:
            self._ticks[len(ticks), end] = -2
            return start
        return closing.end()

    def _find(self, end: str, start: int, longest: int = _LONGEST) -> int:
        """Where `end` stands after `start`, or -1."""
        if end in self._open:
            return -1
        found = self._text.find(end, start)
        if found == -1:
            self._open.add(end)
        return found if found - start <= longest else -1

    def _comment(self, match: re.Match[str]) -> int:
        start, opening = match.start(), match[0]
        if opening == "%%" and start and (self._text[start - 1].isalnum()):
            return match.end()
        closing = "-->" if opening == "<!--" else "%%"
        found = self._find(closing, match.end(), len(self._text))
        if found == -1:
            if opening == "<!--":
                said = " ".join(self._text[start : start + 60].split())
                self._problems.append(f"a comment that is never closed is shown as text: {said!r}")
            return match.end()
        return self._leave_out(start, found + len(closing))

    def _template(self, match: re.Match[str]) -> int:
        text, start = self._text, match.start()
        opening = text[start : start + 3]
        if opening not in _TEMPLATE_ENDS:
            opening = opening[:2]
        closing = _TEMPLATE_ENDS[opening]
        found = self._find(closing, start + len(opening))
        blank = _BLANK_LINE.search(text, start, max(start, found))
        if found == -1 or (blank and opening in ("{{", "{%")):
            return match.end()
        end = found + len(closing)
        if closing == "}}" and text[end : end + 1] == "}":
            end += 1
        name = _TEMPLATE_NAME.match(text, start)
        if name and name[1] == "comment" and opening == "{%":
            ended = _END_COMMENT.search(text, end)
            end = ended.end() if ended else end
        alone = text[start:end].rstrip("}>%").rstrip().endswith("/")
        if name and opening != "{{" and not alone and _CODE.search(name[1]):
            return self._until_closed(start, end, name[1], opening)
        return self._leave_out(start, end)

    def _until_closed(self, start: int, end: int, name: str, opening: str) -> int:
        """What stands between two template tags as it is; highlighted code as a fence."""
        mark = "/" if opening.startswith("{{") else "end"
        closing = re.compile(rf"\{{[{{%][<%]?-?\s*{mark}\s*{re.escape(name)}\s*-?[>%]?[%}}]\}}")
        found = closing.search(self._text, end)
        if found is None:
            return self._leave_out(start, end)
        fence = "" if name == "raw" else "\n```\n"
        self._leave_out(start, end, fence)
        self._keep(found.start())
        return self._leave_out(found.start(), found.end(), fence)

    def _attributes(self, match: re.Match[str]) -> int:
        found = _ATTRIBUTES.match(self._text, match.start())
        if found is None and self._components:
            found = _VALUE.match(self._text, match.start())
        return self._drop(found) if found else match.end()

    def _tag(self, match: re.Match[str]) -> int:
        text, start = self._text, match.start()
        name = _NAME.match(text, start)
        tag = (name[1] or "") if name else ""
        if name is None or not (
            tag.lower() in _KNOWN or tag == "" or tag[0].isupper() or "-" in tag or "." in tag
        ):
            return match.end()
        end = self._tag_end(name.end())
        if end == -1:
            return match.end()
        lower = tag.lower()
        closes = text[start + 1] == "/"
        if not closes and text[end - 2] != "/":
            if lower in _UNSEEN:
                closing = re.compile(rf"</{lower}\s*>", re.IGNORECASE).search(text, end)
                return self._leave_out(start, closing.end() if closing else end, " ")
            if lower == "pre" and (done := self._preformatted(start, end)):
                return done
            if re.fullmatch(r"h[1-6]|summary", lower) and (
                done := self._heading_tag(start, end, lower)
            ):
                return done
        return self._leave_out(start, end, "" if lower in _INLINE else self._space(start))

    def _space(self, start: int) -> str:
        """What keeps the words around a tag apart; nothing at the beginning of a line."""
        line = self._text.rfind("\n", 0, start) + 1
        before = self._text[max(line, self._kept) : start]
        return " " if before.strip() or (line < self._kept and self._out.last().strip()) else ""

    def _tag_end(self, place: int) -> int:
        """Past the `>` that ends a tag, whose attributes may hold quotes and braces; -1 if none."""
        text, depth, quote = self._text, 0, ""
        for at in range(place, min(len(text), place + _LONGEST)):
            char = text[at]
            if quote:
                quote = "" if char == quote else quote
            elif char in "\"'" and (depth or text[at - 1] in "= \t\n"):
                quote = char
            elif char == "{":
                depth += 1
            elif char == "}":
                depth -= 1
            elif char == ">" and depth <= 0:
                return at + 1
            elif (char == "<" and depth <= 0) or (char == "\n" and text[at - 1] == "\n"):
                return -1
        return -1

    def _preformatted(self, start: int, end: int) -> int:
        closing = re.compile(r"</pre\s*>", re.IGNORECASE).search(self._text, end)
        if closing is None or "```" in self._text[end : closing.start()]:
            return 0
        self._leave_out(start, end, "\n```\n")
        self._keep(closing.start())
        return self._leave_out(closing.start(), closing.end(), "\n```\n")

    def _heading_tag(self, start: int, end: int, tag: str) -> int:
        """Write a heading in HTML as one in Markdown; 0 if it is none."""
        closing = re.compile(rf"</{tag}\s*>", re.IGNORECASE).search(self._text, end, end + 1_000)
        if closing is None or _BLANK_LINE.search(self._text, end, closing.start()):
            return 0
        inside = without_hidden(
            self._text[end : closing.start()], (), self._problems, components=self._components
        )
        words = inside.text.strip()
        if not words:
            return self._leave_out(start, closing.end())
        if tag == "summary":
            level = min(6, self._level + 1)
        else:
            level = self._level = int(tag[1])
        self._leave_out(start, closing.end(), "\n\n")
        self._out.put("#" * level + " ", start)
        for at, place in inside.runs:
            following = next((a for a, _ in inside.runs if a > at), len(inside.text))
            piece = inside.text[at:following].replace("\n", " ")
            self._out.put(piece, end + place)
        self._out.put("\n\n", closing.end())
        return closing.end()

    def _wiki(self, match: re.Match[str]) -> int:
        """Write a wiki link as a link: its alias or, as `A#B` is shown, `A > B`."""
        start, target = match.start("target"), match["target"]
        self._keep(match.start())
        self._out.put("[", match.start())
        if match["alias"]:
            self._kept = match.start("alias")
            self._keep(match.end("alias"))
        else:
            self._kept = start + len(target) - len(target.lstrip("#"))
            for mark in re.finditer(r"\#\^?", target):
                if start + mark.start() > self._kept:
                    self._leave_out(start + mark.start(), start + mark.end(), " > ")
            self._keep(match.end("target"))
        self._out.put("](#)" if target.startswith("#") else "](wiki)", match.end())
        self._kept = match.end()
        return match.end()

    def _reference(self, match: re.Match[str]) -> int:
        """A link to what is defined in another file, or nowhere, is its words."""
        label = match["label"] or match["words"]
        if self._defined is None:
            self._defined = {_label(each[1]) for each in _DEFINITION.finditer(self._text)}
        if _label(label) not in self._defined:
            self._leave_out(match.start(), match.start("words"))
            self._closers.append((match.end("words"), match.end()))
        return match.start("words")

    def _inline_note(self, match: re.Match[str]) -> int:
        closing = re.compile(r"[^\[\]\n]*(\])").match(self._text, match.end() + 1)
        if closing is None:
            return match.end()
        self._leave_out(match.start(), match.end() + 1, " ")
        self._keep(closing.start(1))
        return self._leave_out(closing.start(1), closing.end())

    def _pair(self, match: re.Match[str]) -> int:
        mark = re.escape(match[0])
        pattern = rf"(?:[\w+-]+)({mark})" if match[0] == "++" else rf"[^\n]*?\S({mark})"
        closing = re.compile(pattern).match(self._text, match.end(), match.end() + 1_000)
        if closing is None:
            return match.end()
        self._leave_out(match.start(), match.end())
        self._closers.append(closing.span(1))
        return match.end()
