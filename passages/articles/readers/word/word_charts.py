"""Charts and diagrams in a Word document: drawn from data of their own, their titles are text."""

from __future__ import annotations

from passages.articles.readers.decoding import clean
from passages.articles.readers.html.html_tree import Element

_DRAWN = ("/diagram", "/chart")


def is_drawn(element: Element) -> bool:
    """Whether an element is a chart or a diagram, which has words that are not in the text."""
    return str(element.get("uri", "")).endswith(_DRAWN)


def chart_name(element: Element) -> str:
    """The name of the chart that an element shows; empty if it shows none."""
    if not element.tag.endswith("}chart"):
        return ""
    return next((text for key, text in element.attrib.items() if key.endswith("}id")), "")


def chart_title(chart: Element) -> str:
    """The title that the chart itself shows; empty if it has none."""
    title = chart.find("{*}chart/{*}title")
    lines = title.iter("{*}p") if title is not None else ()
    words = " ".join("".join(part.text or "" for part in line.iter("{*}t")) for line in lines)
    return " ".join(clean(words).split())
