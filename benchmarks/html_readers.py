"""Which library finds the article in a web page best: `python -m benchmarks.html_readers FOLDER`.

FOLDER is a clone of github.com/scrapinghub/article-extraction-benchmark: 181 pages of several
publishers, with the text that people marked as the article's. Measured as its README describes:
the runs of four words of each text, a page's title left aside. The rules were chosen on one half
of the pages (by a hash of their names), so that the other half says what they are worth.

Without a folder: ten pages of the kinds that editors save, each with the Markdown that a person
made of it. Our rules were written with these in view; the others' figures show what a library
costs in headings and lists.

Needs: pip install trafilatura==2.3.1 lxml_html_clean==0.4.6 readability-lxml==0.9
resiliparse==2.0.1 markdownify==1.2.3

F1, precision, recall   of the runs of four words: means over pages, and F1 of these means
lost                    pages of whose article less than half is kept
headings                F1 of the headings of 40 pages, listed by a person (html_headings.json); of
                        the ten pages each with its level
items                   F1 of list items and table rows, each with its words
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
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
from passages.errors import UnreadableFile

PAGES = Path(__file__).parent.parent / "tests" / "data" / "html"
HEADINGS = Path(__file__).parent / "html_headings.json"
RUN = 4  # words
MISSING = "does the article miss something?"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", help="clone of the benchmark's repository")
    folder = parser.parse_args(arguments).folder
    if folder is None:
        saved_pages()
    else:
        marked_pages(folder)


def marked_pages(folder: Path) -> None:
    """The table of readers over the pages whose text people marked."""
    marked = json.loads((folder / "ground-truth.json").read_text("utf-8"))
    listed = json.loads(HEADINGS.read_text("utf-8"))
    pages = {name: _unpacked(folder / "html" / f"{name}.html.gz") for name in marked}
    columns = ("F1", "precision", "recall", "F1 chosen", "F1 other", "lost", "headings")
    print(f"{'':<28}" + "".join(f"{column:>11}" for column in columns))
    for reader_name, reader in READERS.items():
        texts = {name: reader(page) for name, page in pages.items()}
        shares = {
            name: run_shares(_without_title(texts[name]), marked[name]["articleBody"])
            for name in marked
        }
        halves = [[shares[n] for n in shares if _half(n) == half] for half in (0, 1)]
        lost = sum(recall < 0.5 for _, recall in shares.values())
        headings = mean(_f1(_heading_texts(texts[n]), _normal(listed[n])) for n in listed)
        f1, precision, recall = means(list(shares.values()))
        print(
            f"{reader_name:<28}{f1:>11.3f}{precision:>11.3f}{recall:>11.3f}"
            f"{means(halves[0])[0]:>11.3f}{means(halves[1])[0]:>11.3f}{lost:>11}{headings:>11.3f}"
        )
    warned = sum(MISSING in note for page in pages.values() for note in web_page.read(page).notes)
    print(f"pages whose report warns that most of the text was left out: {warned}")


def _unpacked(file: Path) -> bytes:
    return gzip.decompress(file.read_bytes())


def run_shares(text: str, wanted: str) -> tuple[float, float]:
    """Precision and recall of the runs of four words in a text."""
    found, right = _runs(text), _runs(wanted)
    common = (found & right).total()
    return (
        common / found.total() if found else float(not right),
        common / right.total() if right else float(not found),
    )


def means(shares: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    """F1 of the means of precision and recall, and these means."""
    precision, recall = (mean(column) for column in zip(*shares, strict=True))
    return 2 * precision * recall / (precision + recall), precision, recall


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    starts = range(max(1, len(words) - RUN + 1))
    return Counter(run for n in starts if (run := tuple(words[n : n + RUN])))


def _without_title(text: str) -> str:
    return re.sub(r"^# .*$", "", text, flags=re.MULTILINE)


def _half(name: str) -> int:
    return hashlib.sha256(name.encode()).digest()[-1] % 2


def _heading_texts(text: str) -> Counter[str]:
    return _normal(block.heading for block in blocks(text) if block.kind == "heading")


def _normal(headings: Any) -> Counter[str]:
    return Counter(" ".join(re.findall(r"\w+", heading.lower())) for heading in headings)


def saved_pages() -> None:
    """The table of readers over the ten pages with their Markdown."""
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


def _passages(page: bytes) -> str:
    try:
        return web_page.read(page).text
    except UnreadableFile:
        return ""


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
    return page.decode("cp1252" if b"windows-1252" in page else "utf-8", "replace")


def _markdown(html: str) -> str:
    return str(markdownify(html, heading_style="ATX", strip=["a", "img"]))


READERS: dict[str, Callable[[bytes], str]] = {
    "passages (lxml)": _passages,
    "trafilatura": _trafilatura,
    "readability + markdownify": _readability,
    "resiliparse + markdownify": _resiliparse,
}

if __name__ == "__main__":
    main()
