"""Which library finds the article in a web page best: `python -m benchmarks.html_readers`.

Ten pages of the kinds that editors save, each with the Markdown that a person made of it. Our own
rules were written with these pages in view, so its figures flatter it; those of the others show
what a library costs in headings. Needs: pip install trafilatura==2.3.1 lxml_html_clean==0.4.6
readability-lxml==0.9 resiliparse==2.0.1 markdownify==1.2.3

words found   of the article's words, how many were kept
words right   of the words kept, how many are the article's
headings      F1 of the headings, each with its level
items         F1 of list items and table rows, each with its words
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import mean
from typing import Any

import trafilatura
from markdownify import markdownify
from readability import Document
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import HTMLTree

from passages.articles.markdown import blocks
from passages.articles.readers.html import web_page

PAGES = Path(__file__).parent.parent / "tests" / "data" / "html"


def main() -> None:
    print(f"{'':<28}{'words found':>12}{'words right':>12}{'headings':>10}{'items':>8}{'ms':>6}")
    for name, reader in READERS.items():
        rows = []
        started = time.perf_counter()
        for page in sorted(PAGES.glob("*.html")):
            wanted = page.with_suffix(".md").read_text("utf-8")
            rows.append(measures(reader(page.read_bytes()), wanted))
        milliseconds = (time.perf_counter() - started) * 1000 / len(rows)
        found, right, headings, items = (mean(column) for column in zip(*rows, strict=True))
        print(
            f"{name:<28}{found:>12.3f}{right:>12.3f}{headings:>10.3f}{items:>8.3f}{milliseconds:>6.0f}"
        )


def measures(text: str, wanted: str) -> tuple[float, float, float, float]:
    """Words found, words right, F1 of headings and of items, of one page."""
    words, wanted_words = _words(text), _words(wanted)
    common = (words & wanted_words).total()
    return (
        common / wanted_words.total(),
        common / max(1, words.total()),
        _f1(_headings(text), _headings(wanted)),
        _f1(_items(text), _items(wanted)),
    )


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text))


def _headings(text: str) -> Counter[tuple[int, str]]:
    found = (block for block in blocks(text) if block.kind == "heading")
    return Counter((block.level, block.heading) for block in found)


def _items(text: str) -> Counter[str]:
    spans = (span for block in blocks(text) for span in block.items)
    return Counter(" ".join(re.findall(r"\w+", text[start:end])) for start, end in spans)


def _f1(found: Counter[Any], wanted: Counter[Any]) -> float:
    total = found.total() + wanted.total()
    return 2 * (found & wanted).total() / total if total else 1.0


def _trafilatura(page: bytes) -> str:
    made = trafilatura.extract(
        page, output_format="markdown", include_tables=True, include_comments=False
    )
    return made or ""


def _readability(page: bytes) -> str:
    return _markdown(Document(_text(page)).summary())


def _resiliparse(page: bytes) -> str:
    tree = HTMLTree.parse(_text(page))
    kept = extract_plain_text(tree, main_content=True, preserve_formatting="minimal_html")
    return _markdown(kept)


def _text(page: bytes) -> str:
    return page.decode("cp1252" if b"windows-1252" in page else "utf-8")


def _markdown(html: str) -> str:
    return str(markdownify(html, heading_style="ATX", strip=["a", "img"]))


READERS: dict[str, Callable[[bytes], str]] = {
    "passages (lxml)": lambda page: web_page.read(page).text,
    "trafilatura": _trafilatura,
    "readability + markdownify": _readability,
    "resiliparse + markdownify": _resiliparse,
}

if __name__ == "__main__":
    main()
