"""What styles and numbering of a Word document say of a paragraph: heading, list item, bold."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from passages.articles.readers.html.html_tree import Element
from passages.articles.readers.word.word_xml import W, is_on, number, value

_MAX_BASES = 20  # styles that a style may be based on, one on the other; Word allows 11
_MAX_LEVEL = 8  # of a list
_HEADING_NAME = re.compile(r"heading ?([1-9])", re.IGNORECASE)
_LIST_NAME = re.compile(r"list (?:bullet|number) ([2-5])", re.IGNORECASE)  # lists of one level
_NO_MARK = ("none",)
_BODY_TEXT = 9  # the outline level that is none


class Styles:
    """The styles of a document."""

    def __init__(self, root: Element | None) -> None:
        styles = root.iter(f"{W}style") if root is not None else ()
        self._by_id = {style.get(f"{W}styleId"): style for style in styles}

    def name(self, style: str | None) -> str:
        """The name of a style: in files it is English, whatever language Word speaks."""
        return value(self._by_id.get(style), "name") or style or ""

    def heading_level(self, style: str | None) -> int | None:
        """The level from 1 to 9 on which the style stands in Word's outline."""
        for base in self._bases(style):
            if (told := number(value(base, "pPr/outlineLvl"))) is not None:
                return told + 1 if told < _BODY_TEXT else None
            if name := _HEADING_NAME.fullmatch(value(base, "name") or ""):
                return int(name[1])
        name = None if style in self._by_id else _HEADING_NAME.fullmatch(style or "")
        return int(name[1]) if name else None

    def is_bold(self, style: str | None) -> bool | None:
        """Whether the type of the style is bold."""
        told = (is_on(base.find(f"{W}rPr"), "b") for base in self._bases(style))
        return next((bold for bold in told if bold is not None), None)

    def list_place(self, style: str | None) -> tuple[str | None, int | None]:
        """The list and the level in it that the style puts a paragraph into."""
        for base in self._bases(style):
            if (told := value(base, "pPr/numPr/numId")) is not None:
                return told, number(value(base, "pPr/numPr/ilvl"))
        return None, None

    def _bases(self, style: str | None) -> list[Element]:
        """The style, the one it is based on, and so on."""
        found: list[Element] = []
        while style in self._by_id and len(found) < _MAX_BASES:
            found.append(self._by_id[style])
            style = value(found[-1], "basedOn")
        return found


@dataclass(frozen=True, slots=True)
class Item:
    """The place of a list item: how deep it is nested, its number, if any, and its list's name."""

    level: int
    number: int | None
    name: str = ""

    def follows(self, other: Item) -> bool:
        """Whether the two may be neighbours in a list; any deeper item may open one of its own."""
        if self.level != other.level:
            return self.level > other.level
        return self.number == (None if other.number is None else other.number + 1)


class Numbering:
    """Counts the items of all lists of a document, in its order."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        lists = list(root.iter(f"{W}num")) if root is not None else []
        kinds = list(root.iter(f"{W}abstractNum")) if root is not None else []
        self._lists = {each.get(f"{W}numId"): each for each in lists}
        self._kinds = {each.get(f"{W}abstractNumId"): each for each in kinds}
        self._levels = {
            (kind, number(level.get(f"{W}ilvl")) or 0): level
            for kind, each in self._kinds.items()
            for level in each.iter(f"{W}lvl")
        }
        self._of_style = {value(level, "pStyle"): place[1] for place, level in self._levels.items()}
        self._counted: dict[str | None, dict[int, int]] = defaultdict(dict)
        self._begun: set[tuple[str, int]] = set()

    def item(self, paragraph: Element, style: str | None) -> Item | None:
        """The place of the next paragraph in a list; None if it is in none."""
        properties = paragraph.find(f"{W}pPr")
        name, level = self._styles.list_place(style)
        if (own := value(properties, "numPr/numId")) is not None:
            name = own
        told = number(value(properties, "numPr/ilvl"))
        level = told if told is not None else level
        if level is None:
            level = self._of_style.get(style, 0) if style else 0
        if name is None or name not in self._lists:  # "0" is the list that is none
            return None
        level = min(level, _MAX_LEVEL)
        kind = self._kind(name)
        mark = value(self._levels.get((kind, level)), "numFmt")
        if mark in _NO_MARK:
            return None
        count = None if mark in ("bullet", None) else self._next(name, kind, level)
        named = _LIST_NAME.fullmatch(self._styles.name(style))
        return Item(max(level, int(named[1]) - 1 if named else 0), count, name)

    def _kind(self, name: str) -> str | None:
        """What a list is a copy of, maybe by way of a style of lists."""
        kind = value(self._lists[name], "abstractNumId")
        linked, _ = self._styles.list_place(value(self._kinds.get(kind), "numStyleLink"))
        return kind if linked not in self._lists else value(self._lists[linked], "abstractNumId")

    def _next(self, name: str, kind: str | None, level: int) -> int:
        counted = self._counted[kind]
        start = number(value(self._levels.get((kind, level)), "start"))
        if (name, level) not in self._begun:
            self._begun.add((name, level))
            for override in self._lists[name].iter(f"{W}lvlOverride"):
                if number(override.get(f"{W}ilvl")) == level:
                    told = number(value(override, "startOverride"))
                    if told is not None:
                        start = told
                        counted.pop(level, None)
        counted[level] = counted[level] + 1 if level in counted else (1 if start is None else start)
        for deeper in [each for each in counted if each > level]:
            del counted[deeper]
        return counted[level]
