"""Text that a browser shows only in some circumstances, made ordinary text of the page.

A page for browsers without scripts stands in `noscript`, one to be drawn by a script in `template`
or in the data that the page has for search engines; questions that fold are buttons.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

from passages.articles.readers.html.html_tree import BLOCKS, LEVELS, Element
from passages.articles.readers.html.measure import Measure, measure
from passages.articles.readers.html.names import words_of

_ENOUGH = 10  # words that are nowhere else: a hint or a button has fewer
_HINT = 60  # words of a text that may be such a hint if it speaks of JavaScript
_FOLDS = frozenset(
    ("accordion", "collapse", "collapsible", "collapsed", "toggle", "faq", "expand", "question")
)
_NEAR = 2  # elements around a button whose names speak of it too
_SHORT = 200  # letters of a heading
_CODE = ("script", "style")
_PAGE = ("body", "main", "article")
_TAGS = re.compile(r"<[^>]{0,2000}>")


def show_alternatives(body: Element) -> None:
    """Make `noscript` and `template` ordinary elements where their text stands nowhere else."""
    alternatives = [
        element
        for element in body.iter("noscript", "template")
        if next(element.iterancestors("noscript", "template"), None) is None
    ]
    if not alternatives:
        return
    inside = {part for each in alternatives for part in each.iter()}
    elsewhere: set[str] = set()
    for element in body.iter():
        if element not in inside and isinstance(element.tag, str) and element.tag not in _CODE:
            elsewhere.update((element.text or "").split())
        if element not in inside:
            elsewhere.update((element.tail or "").split())
    for element in alternatives:
        elsewhere.update((element.tail or "").split())
    for element in alternatives:
        words = _shown_words(element)
        hint = len(words) < _HINT and "javascript" in " ".join(words).lower()
        new = sum(word not in elsewhere for word in set(words))
        if new >= _ENOUGH and not hint:
            element.tag = "div"


def _shown_words(element: Element) -> list[str]:
    parts = []
    for part in element.iter():
        if isinstance(part.tag, str) and part.tag not in _CODE:
            parts.append(part.text or "")
        if part is not element:
            parts.append(part.tail or "")
    return " ".join(parts).split()


def unfold(body: Element) -> None:
    """Make the buttons that fold an answer headings of it: they become its `summary`."""
    measures = measure(body)
    buttons = [(button, _answered(button, measures)) for button in body.iter() if _folds(button)]
    texts = Counter(text for _, text in buttons if text)
    for button, text in buttons:
        if text and texts[text] == 1 and (len(text.split()) > 1 or text.endswith(("?", "？"))):
            button.tag = "summary"


def _folds(element: Element) -> bool:
    if not _may_fold(element) or any(
        up.tag in (*LEVELS, "summary", "nav") for up in element.iterancestors()
    ):
        return False
    if element.tag == "label":
        return True
    told = element.get("aria-expanded") is not None or element.get("aria-controls") is not None
    told = told or "collapse" in (element.get("data-toggle"), element.get("data-bs-toggle"))
    near = (element, *islice(element.iterancestors(), _NEAR))
    return told or any(not _FOLDS.isdisjoint(words_of(each)) for each in near)


def _may_fold(element: Element) -> bool:
    """Whether a click on it changes the page and no more: a button, a link to it, a box's label."""
    if element.tag == "a":
        return (element.get("href") or "").startswith(("#", "javascript:"))
    if element.tag == "label":
        box = element.getprevious()
        return box is not None and box.get("type") in ("checkbox", "radio")
    return element.tag not in LEVELS and (
        element.tag == "button" or element.get("role") == "button"
    )


def _answered(button: Element, measures: dict[Element, Measure]) -> str:
    """The text of a button that stands alone above the prose it unfolds, else nothing."""
    if measures[button].letters > _SHORT:
        return ""
    text = " ".join("".join(button.itertext("*")).split())
    while True:
        after = next(button.itersiblings("*"), None)
        if after is not None:
            return text if _is_answer(after, measures) else ""
        above = button.getparent()
        before = next(button.itersiblings("*", preceding=True), None)
        if above.tag in _PAGE or (before is not None and before.tag != "input"):
            return ""
        button = above


def _is_answer(element: Element, measures: dict[Element, Measure]) -> bool:
    """Whether it is a box of text, not of links or of the next question."""
    if element.tag not in BLOCKS and element.tag not in ("ul", "ol", "table", "blockquote"):
        return False
    held = measures[element]
    return element.tag != "nav" and not _folds(element) and held.words > held.linked


def told_article(root: Element) -> str:
    """The article in the page's data for search engines (schema.org), the longest there is."""
    bodies = [""]
    for script in root.iter("script"):
        if (script.get("type") or "").strip().lower() == "application/ld+json":
            try:
                bodies += _bodies(json.loads(script.text or "", strict=False))
            except (ValueError, RecursionError):
                continue
    return max(bodies, key=len)


def _bodies(data: Any) -> Iterator[str]:
    waiting = [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            body = value.get("articleBody")
            if isinstance(body, str):
                yield _TAGS.sub(" ", body)
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
