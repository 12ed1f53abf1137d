"""The lists of a Word document that are open: which item goes where, prose between two included.

Word knows no lists, only paragraphs that have a mark. Prose between two marked ones ends the list
where the numbers say so, and else stands inside it.
"""

from __future__ import annotations

from typing import Any

from passages.articles.readers.html.html_tree import Element
from passages.articles.readers.word.word_styles import Item
from passages.articles.readers.word.word_xml import last_child

_MAX_BETWEEN = 3  # paragraphs within an item; more are text, and the list behind them another


class OpenLists:
    """Puts items into the tree. `make` is lxml's `SubElement`."""

    def __init__(self, make: Any) -> None:
        self._make = make
        self._open: list[tuple[Element, Item]] = []  # each with its last item
        self._between: list[Element] = []  # prose since the last item

    def close(self) -> None:
        """What follows is in none of these lists."""
        self._open.clear()
        self._between.clear()

    def take_prose(self, paragraph: Element) -> None:
        """A paragraph without a mark: it may stand between two items of a nested list."""
        if self._open:
            self._between.append(paragraph)
            if len(self._between) > _MAX_BETWEEN:
                self.close()

    def add(self, item: Item, into: Element) -> Element:
        """A new, empty element for this item; `into` is where a list begins."""
        tag = "ul" if item.number is None else "ol"
        if self._between and not self._goes_on(item):
            self.close()
        while self._open and self._open[-1][1].level > item.level:
            self._open.pop()
        if self._between:
            self._take_in(item)
        if self._open and not item.follows(self._open[-1][1]):
            self._open.pop()  # another list, or the same after other text
        if not self._open or self._open[-1][1].level < item.level:
            parent = last_child(self._open[-1][0]) if self._open else into
            made = self._make(parent, tag)
            if item.number is not None:
                made.set("start", str(item.number))
        else:
            made, _ = self._open.pop()
        self._open.append((made, item))
        return self._make(made, "li")

    def _goes_on(self, item: Item) -> bool:
        """Whether an item after prose is nested in a list above that prose."""
        above = [last for _, last in self._open if last.level <= item.level]
        if not above or item.level == 0 or self._open[0][1].level >= item.level:
            return False
        if above[-1].level < item.level:  # the first of a list inside that item
            return item.number in (None, 1)
        return item.name == above[-1].name and item.follows(above[-1])

    def _take_in(self, item: Item) -> None:
        """Move the prose into the item above it, and end the nested list that it interrupts."""
        if self._open[-1][1].level == item.level:
            self._open.pop()
        for paragraph in self._between:
            self._open[-1][0][-1].append(paragraph)
        self._between.clear()
