"""A formula of a Word document -> one line, with fractions and powers as people type them."""

from __future__ import annotations

import re
from collections.abc import Callable

from passages.articles.readers.html.html_tree import Element
from passages.articles.readers.word.word_xml import SKIPPED, M, W, children

# What needs no brackets when something stands before or behind it: a word, a number, a group.
_ATOM = re.compile(r"(?:[^\W\d_]+|\d+(?:[.,]\d+)?|[^\W\d_])[⁰¹²³⁴⁵⁶⁷⁸⁹]*|\([^()]*\)|")
_RAISED = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}
_NARY = "∫"  # the sign that Word leaves unsaid


def formula(element: Element) -> str:
    """The text of a formula: `x=(a+b)/(2c)`, `A=πr²`, `√(x+1)`, `∑_(i=1)^n i`."""
    parts = []
    for child in children(element):
        tag = child.tag
        if tag in (f"{M}t", f"{W}t"):
            parts.append(child.text or "")
        elif tag in _WRITTEN:
            parts.append(_WRITTEN[tag](child))
        elif tag not in SKIPPED and not tag.endswith("Pr"):
            parts.append(formula(child))
    return "".join(parts)


def _of(element: Element, name: str) -> str:
    found = element.find(M + name)
    return "" if found is None else formula(found).strip()


def _told(element: Element, path: str, default: str) -> str:
    """The `m:val` of a property; an empty one says that nothing stands there."""
    found = element.find("/".join(M + tag for tag in path.split("/")))
    return default if found is None else str(found.get(f"{M}val", ""))


def _grouped(text: str) -> str:
    return text if _ATOM.fullmatch(text) else f"({text})"


def _fraction(element: Element) -> str:
    above, below = _of(element, "num"), _of(element, "den")
    if _told(element, "fPr/type", "bar") == "noBar":  # a binomial coefficient
        return f"{above} {below}"
    return f"{_grouped(above)}/{_grouped(below)}"


def _power(element: Element) -> str:
    return _of(element, "e") + _exponent(_of(element, "sup"))


def _exponent(text: str) -> str:
    if re.fullmatch(r"[\d+−-]{1,4}", text):
        return text.translate(_RAISED)
    return f"^{_grouped(text)}" if text else ""


def _limit(text: str) -> str:
    return f"_{_grouped(text)}" if text else ""


def _both(element: Element) -> str:
    return _of(element, "e") + _of(element, "sub") + _exponent(_of(element, "sup"))


def _sum(element: Element) -> str:
    sign = _told(element, "naryPr/chr", _NARY)
    upper = _of(element, "sup")
    upper = f"^{_grouped(upper)}" if upper else ""
    return f"{sign}{_limit(_of(element, 'sub'))}{upper} {_of(element, 'e')}"


def _root(element: Element) -> str:
    degree = _of(element, "deg")
    return _ROOTS.get(degree, f"{_exponent(degree)}√") + _grouped(_of(element, "e"))


def _brackets(element: Element) -> str:
    begin = _told(element, "dPr/begChr", "(")
    end = _told(element, "dPr/endChr", ")")
    between = _told(element, "dPr/sepChr", "|")
    return (
        begin + between.join(formula(each).strip() for each in element.iterchildren(f"{M}e")) + end
    )


def _function(element: Element) -> str:
    name, argument = _of(element, "fName"), _of(element, "e")
    return name + argument if argument.startswith(("(", "[")) else f"{name} {argument}"


def _under(element: Element) -> str:
    return _of(element, "e") + _limit(_of(element, "lim"))


def _rows(element: Element) -> str:
    """A matrix, or equations below each other: `1, 0; 0, 1`."""
    rows = [
        ", ".join(formula(cell).strip() for cell in row.iterchildren(f"{M}e"))
        for row in element.iterchildren(f"{M}mr")
    ]
    return "; ".join(rows or [formula(each).strip() for each in element.iterchildren(f"{M}e")])


_WRITTEN: dict[str, Callable[[Element], str]] = {
    f"{M}f": _fraction,
    f"{M}sSup": _power,
    f"{M}sSubSup": _both,
    f"{M}nary": _sum,
    f"{M}rad": _root,
    f"{M}d": _brackets,
    f"{M}func": _function,
    f"{M}limLow": _under,
    f"{M}limUpp": _under,
    f"{M}m": _rows,
    f"{M}eqArr": _rows,
}
