"""Lines of a PDF -> paragraphs: across columns and pages, words divided at line ends made whole."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median

from passages.articles.readers.pdf.pdf_lines import Line

LARGER = 1.12  # times the body's size: type that is meant to be larger
_SMALLER = 0.92  # times the body's size: notes
_GAP = 1.4  # times the usual distance between lines: a new paragraph
_SHORT = 0.85  # of the width: a sentence that ends before it ends its paragraph
_ROW = 0.6  # of the longest line: shorter ones end where they are meant to
_NEAR = 20  # lines above that show how wide a paragraph is
_SAME_LARGE, _SAME_BODY = 0.5, 1  # points by which the type of a paragraph may differ
_HEADING_LINES = 4
_WORD = 50  # characters; the longest word that is divided

BULLET = re.compile(r"[•◦▪‣·●○■–\uf0b7](?:\s+|$)")
NUMBER = re.compile(r"(\d{1,2})[.)]\s+(?=\S)")
_SENTENCE_END = re.compile(r"[.?!:;…][\"'”’)\]]*$")
_DIVIDED = re.compile(r"([^\W_]+)[-‐]$")
_BROKEN = re.compile(r"(?<!\S)\S+[-‐]\s+\S+")
# Before these a hyphen stands for a part that is left out: pre- and postoperative
_SUSPENDING = frozenset(["and", "or", "to", "und", "oder", "bis", "et", "ou", "y", "o"])
_KEEPS_HYPHEN = frozenset(["self", "non", "half", "quasi"])
_LONG_ENOUGH = 4  # letters; shorter parts are words by chance: in-form, be-fore


@dataclass(frozen=True)
class Paragraph:
    """Lines that make one paragraph, and their text."""

    lines: tuple[Line, ...]
    text: str

    @property
    def page(self) -> int:
        """The page on which it begins."""
        return self.lines[0].page

    @property
    def size(self) -> float:
        """The height of its type."""
        return self.lines[0].size

    @cached_property
    def key(self) -> str:
        """Letters only, to be compared with entries of the outline."""
        return key(self.text)


@dataclass(frozen=True, slots=True)
class Layout:
    """What is usual: the size of type, and the distance of lines as a multiple of it.

    `widths` are the lengths of the longest line of each page.
    """

    body: float
    leading: float
    widths: dict[int, float]


def key(text: str) -> str:
    """Letters and digits only."""
    return "".join(char for char in text.casefold() if char.isalnum())


def layout_of(lines: Sequence[Line]) -> Layout:
    """What is usual in these lines."""
    sizes: Counter[float] = Counter()
    widths: dict[int, float] = defaultdict(float)
    for line in lines:
        widths[line.page] = max(widths[line.page], line.right - line.left)
        sizes[line.size] += len(line.text)
    leading = [
        (above.bottom - below.bottom) / above.size
        for above, below in pairwise(lines)
        if (above.page, above.size) == (below.page, below.size) and above.bottom > below.bottom
    ]
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    return Layout(body, median(leading) if leading else 1.2, widths)


def paragraphs(lines: Sequence[Line], headings: frozenset[str]) -> list[Paragraph]:
    """Join lines to paragraphs; a line whose key is one of `headings` is one by itself."""
    layout = layout_of(lines)
    words = _whole_words(lines)

    def is_heading(group: Sequence[Line]) -> bool:
        return len(group) <= _HEADING_LINES and key("".join(map(_text, group))) in headings

    groups: list[list[Line]] = []
    current: list[Line] = []
    for line in lines:
        if current and current[-1].page != line.page and line.text[0].islower():
            current = _before_notes(groups, layout)
        apart = not current or is_heading([line]) or is_heading(current)
        if apart or _begins(current, line, layout):
            current = []
            groups.append(current)
        current.append(line)
    return [Paragraph(tuple(group), _joined(group, words)) for group in groups]


def _before_notes(groups: Sequence[list[Line]], layout: Layout) -> list[Line]:
    """The last paragraph that is no note: the one that goes on on the next page."""
    page = groups[-1][-1].page
    for group in reversed(groups):
        if group[-1].page != page:
            break
        if max(line.size for line in group) > _SMALLER * layout.body:
            return group
    return groups[-1]


def _text(line: Line) -> str:
    return line.text


def _begins(group: Sequence[Line], line: Line, layout: Layout) -> bool:
    """Whether `line` begins a new paragraph after those of `group`."""
    last = group[-1]
    if BULLET.fullmatch(last.text):
        return False  # the bullet alone, its text in the next line
    ended = _SENTENCE_END.search(last.text) is not None
    is_divided = _DIVIDED.search(last.text[-_WORD:]) is not None
    goes_on = not ended and (line.text[0].islower() or is_divided)
    if is_item(line.text) or _is_of_another_kind(last, line, layout, goes_on):
        return True
    width = max(each.right - each.left for each in group[-_NEAR:])
    is_short = last.right - last.left < _SHORT * width
    if line.page != last.page or line.bottom > last.top:  # the next page or column
        is_prose = len(group) > 1 and not is_short  # which a noun or a name may go on
        return ended or not (goes_on or is_prose)
    if last.bottom - line.bottom > _GAP * layout.leading * line.size:
        return True
    shift = line.left - last.left
    if line.size > layout.body * LARGER:  # a title in the middle, a heading at the left
        return abs(shift) > line.size and abs(shift + line.right - last.right) > 2 * line.size
    if is_item(group[0].text):
        if line.left > group[0].left + line.size / 2:
            return False
        return len(group) > 1 or ended or not goes_on
    # A row of a table, a line of an address: there was room for the next word.
    is_row = not goes_on and last.right - last.left < _ROW * layout.widths[last.page]
    return shift > line.size or (ended and is_short) or is_row


def _is_of_another_kind(last: Line, line: Line, layout: Layout, goes_on: bool) -> bool:
    """Whether one line is a heading, or one note, and the other not, by their type."""
    difference = abs(line.size - last.size)
    if max(line.size, last.size) > layout.body * LARGER:
        return difference > _SAME_LARGE or line.bold != last.bold or last.text.endswith(("?", "!"))
    # Words in another font may be bold, or smaller, and stand amid a sentence.
    return not goes_on and (difference > _SAME_BODY or line.bold != last.bold)


def is_item(text: str) -> bool:
    """Whether a text is an item of a list."""
    return bool(BULLET.match(text) or NUMBER.match(text))


def _whole_words(lines: Sequence[Line]) -> Counter[str]:
    """How often the document has each word, those divided at line ends left out."""
    text = _BROKEN.sub(" ", "\n".join(line.text.lower() for line in lines))
    words = Counter(re.findall(r"[\w-]+", text))
    for word in [word for word in words if "-" in word]:
        words.update(dict.fromkeys(word.split("-"), words[word]))
    return words


def _joined(group: Sequence[Line], words: Counter[str]) -> str:
    """The text of lines, a word divided at a line end made whole."""
    parts: list[str] = []
    for line in group:
        divided = _DIVIDED.search(parts[-1][-_WORD:]) if parts else None
        tail = re.match(r"[^\W_]+", line.text)
        if not parts:
            parts.append(line.text)
        elif divided is None or tail is None or tail[0].lower() in _SUSPENDING:
            parts.append(f" {line.text}")
        elif _is_one_word(divided[1], tail[0], words):
            parts[-1] = parts[-1][:-1]
            parts.append(line.text)
        else:
            parts.append(line.text)
    return "".join(parts)


def _is_one_word(head: str, tail: str, words: Counter[str]) -> bool:
    """Whether the hyphen between two parts is there for the line end only.

    It stays in `COVID-19` and `Post-Traumatic`, where the document has the word with it elsewhere,
    and where it has both parts as words but never the whole: `dose-response`.
    """
    in_capitals = head.isupper() and tail.isupper()
    if not head.isalpha() or not (in_capitals or tail[0].islower()):
        return False
    head, tail = head.lower(), tail.lower()
    whole, hyphenated = words[head + tail], words[f"{head}-{tail}"]
    if whole or hyphenated:
        return whole >= hyphenated
    if in_capitals:
        return False
    long_enough = min(len(head), len(tail)) >= _LONG_ENOUGH
    return not (head in _KEEPS_HYPHEN or (long_enough and words[head] and words[tail]))
