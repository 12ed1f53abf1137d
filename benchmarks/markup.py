"""How much markup is left in what is searched and shown: `python -m benchmarks.markup FOLDER ...`.

Each folder holds articles in Markdown of one dialect, as other people wrote them: the documentation
of a project, a vault of notes. Every article is cut into passages, and what is visible of each is
looked through for marks that no reader sees, code left aside. The words are compared with those of
an independent renderer. Needs: pip install Markdown==3.11.3 pymdown-extensions==13.1.2

left     passages in which a mark was found, and their share
kept     of the words that the renderer shows, how many are visible
right    of the visible words, how many the renderer shows
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import lxml.html
from markdown import Markdown

from passages.articles.blocks import Document
from passages.articles.chunking import Passage, chunk
from passages.articles.visible import document
from passages.building.intake import read_corpus

MAX_TOKENS = 256
MARKS = re.compile(
    r"""  <!--|-->|%%                              # comments
        | ^:::|^!!!\s|^\?\?\?\+?\s|^===\s+"|\[!\w+\]  # call-outs and tabs
        | \{\{|\}\}|\{%|%\}                        # templates
        | \[\[|\]\]|\]\(|\]\[|!\[|\[\^             # links, pictures, notes
        | ^\[[^\]\n]+\]:[ ]                        # definitions of links
        | </?[a-zA-Z][^>\n]*>                      # tags
        | \{[:#.][^}\n]*\}                         # attributes
        | :[a-z]+-[a-z-]+:                         # icons
        | ==\S|\*\*|__(?=\w)                       # marked, bold
        | ^import\s.*\sfrom\s['"]|^export\s(?:const|default)   # modules
        | ;base64,
    """,
    re.VERBOSE | re.MULTILINE,
)
RENDERER = [
    "extra",
    "admonition",
    "pymdownx.superfences",
    "pymdownx.tabbed",
    "pymdownx.details",
    "pymdownx.tasklist",
    "pymdownx.mark",
]
WORD = re.compile(r"[^\W_]+")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--show", type=int, default=3, help="passages with marks that are printed")
    parser.add_argument("--sample", type=int, default=0, help="passages printed at random, to read")
    options = parser.parse_args()
    print(f"{'':<24}{'articles':>9}{'passages':>9}{'left':>12}{'kept':>7}{'right':>7}")
    for folder in options.folders:
        _measure(folder, options.show, options.sample)


def _measure(folder: Path, show: int, sample: int) -> None:
    taken, _ = read_corpus(folder)
    shown: Counter[str] = Counter()
    rendered: Counter[str] = Counter()
    common = 0
    passages: list[Passage] = []
    left = []
    for article in (item.article for item in taken):
        seen = document(article.text)
        found = chunk(article, _count, MAX_TOKENS)
        passages += found
        left += [(passage, mark) for passage in found for mark in _first_mark(passage, seen)]
        ours = _words(_without_code(seen, 0, len(seen.visible.text)))
        theirs = _words(_rendered(article.text))
        common += (ours & theirs).total()
        shown += ours
        rendered += theirs
    share = f"{len(left)} {len(left) / len(passages):.2%}"
    kept, right = common / rendered.total(), common / shown.total()
    print(f"{folder.name:<24}{len(taken):>9}{len(passages):>9}{share:>12}{kept:>7.3f}{right:>7.3f}")
    for passage, mark in left[:show]:
        print(f"    {passage.article.id}: {mark!r}")
    for passage in random.Random(1).sample(passages, min(sample, len(passages))):
        print(f"\n--- {passage.article.id} > {' > '.join(passage.headings)}\n{passage.words}")


def _first_mark(passage: Passage, seen: Document) -> Iterator[str]:
    """The first mark in a passage outside of its code, with what stands around it."""
    code = [seen.visible.span(*span) for span in seen.code]
    for match in MARKS.finditer(passage.words):
        place = passage.visible.place(match.start())
        if not any(start <= place < end for start, end in code):
            yield passage.words[max(0, match.start() - 40) : match.end() + 40]
            return


def _without_code(seen: Document, start: int, end: int) -> str:
    parts = []
    for first, last in seen.code:
        parts.append(seen.visible.text[start:first])
        start = max(start, last)
    return " ".join([*parts, seen.visible.text[start:end]])


def _rendered(text: str) -> str:
    """The words that the renderer makes of an article, without its code."""
    html = Markdown(extensions=RENDERER).convert(text)
    root = lxml.html.fromstring(f"<div>{html}</div>")
    for element in root.xpath("//code|//pre|//script|//style|//comment()"):
        element.drop_tree() if element.getparent() is not None else None
    return str(root.text_content())


def _words(text: str) -> Counter[str]:
    return Counter(WORD.findall(text.casefold()))


def _count(texts: Sequence[str]) -> list[int]:
    """Words and marks: near enough to tokens, and no model is needed."""
    return [len(re.findall(r"\w+|[^\w\s]", text)) for text in texts]


if __name__ == "__main__":
    main()
