"""Does a line of plain text look like a heading, and how?

Knows lines only. What stands around a line, which decides in the end, is `plain_text`'s business.
What headings call parts of a text ("Kapitel 3", "第3章") and what begins no heading ("Quelle:") is
known in every language that has a table. Greetings, calls and small words are English; in other
languages length, letters and punctuation decide.
"""

from __future__ import annotations

import re
from enum import IntEnum

import regex

from passages.articles.readers.heading_words import label, numbered_part

MAX_CHARS = 120  # the longest heading of the shipped articles has 100
MAX_WORDS = 18
MAX_PLAIN_WORDS = 9  # of a heading in sentence case, which nothing but its shortness marks


class Style(IntEnum):
    """How a heading is marked in plain text, the strongest mark first."""

    UNDERLINED = 0
    NUMBERED = 1
    CAPITALS = 2
    QUESTION = 3
    TITLE_CASE = 4
    SENTENCE = 5


_NUMBER = re.compile(
    r"(?:(?P<digits>\d{1,3}(?:\.\d{1,3}){0,4})(?:[.):]|\s+-)?|[IVX]{1,5}[.)])\s+(?=[^\W\d_])",
    re.IGNORECASE,
)
_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
# In Greek a semicolon asks.
_QUESTION = regex.compile(r"[?？؟]$|\p{Greek}\s?[;\u037e]$")
# A sentence, a salutation, a call.
_ENDS = regex.compile(
    r"""(?: [\p{Sentence_Terminal}--?？؟] | [,;…،؛、，；] ) ["”’')\]」』）]*$""",
    regex.VERBOSE | regex.V1,
)
_NO_HEADING = re.compile(
    rf"""  ^[^\w"“‘'«¿¡§$#@]                          # a bullet, a bracket, a dialogue dash
        | ^(["“‘«]).*["”’»]$                        # a quotation
        | ^\d{{4}}\s?[年년]\s?\d{{1,2}}\s?[月월](?:\s?\d{{1,2}}\s?[日일])?$
        | ^\W*\d[\d\W]*$ | https?:// | www\. | \S@\S+\.\S
        | ^(?:\w+,\s+)?\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTH})[a-z]*\b   # 4 May 2024
        | ^(?:\w+,\s+)?(?:{_MONTH})[a-z]*\.?\s+\d{{1,2}}\b                # May 4, 2024
        | ^\d+\s.*\b(?:street|st|road|rd|avenue|ave|lane|drive|suite|floor)\b
        | ^by\s | ^©[^?]*:\s
        | ^(?:yours|sincerely|(?:kind|best|warm)\s(?:regards|wishes)|regards|with\slove)\b.{{0,15}}$
        | ^(?:contact|call|email|book|learn|read|find\sout|sign\sup|subscribe|click|get\sstarted
              |get\sin\stouch|join|share|follow|donate|download|buy|shop|order|schedule|request
              |apply|register|start|visit|see|talk\sto|speak)\b
              .{{0,40}}\b(?:us|now|today|here|more|started|touch|free|online)$
        | ^(?:an?|two|three|several)\s(?:\w+\s){{0,2}}(?:person|people|man|men|woman|women|couple
              |child|children|girl|boy|doctor|nurse|patient|hands?|group|close-up|view|photo
              |picture|image|illustration|portrait|diagram|screenshot)\b
        | \b(?:includes?|including|are|is|as|following|follows|these|that|to|with)\s*:$
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BIG = regex.compile(r"[\W_]*(?!\p{Ll})[^\W\d_]")
_HAN_AND_KANA = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]")
_THAI_AND_ALIKE = regex.compile(r"[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
_CODE = re.compile(r"[{}=<>;|\\`$]|\w\(|\(\)|::|->|^[#@]|^\w+[_./]\w+$")
_SMALL = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "but",
        "by",
        "for",
        "from",
        "how",
        "in",
        "into",
        "is",
        "its",
        "nor",
        "of",
        "off",
        "on",
        "onto",
        "or",
        "over",
        "per",
        "so",
        "than",
        "that",
        "the",
        "their",
        "to",
        "up",
        "via",
        "vs",
        "was",
        "were",
        "what",
        "when",
        "who",
        "why",
        "with",
        "without",
        "your",
    ]
)


def style_of(line: str) -> Style | None:
    """How `line` looks like a heading when it stands alone; None if it does not."""
    words = line.split()
    length = max(len(words), _unspaced_words(line))
    if not words or len(line) > MAX_CHARS or length > MAX_WORDS or _is_no_heading(line):
        return None
    if _is_numbered(line):
        return Style.NUMBERED
    asks = _QUESTION.search(line)
    if (
        _CODE.search(line.rstrip(";") if asks else line)
        or not _starts_big(line)
        or (line.endswith(":") and len(words) > 4)
    ):
        return None
    letters = [char for char in line if char.isalpha()]
    if len(letters) > 2 and all(char.isupper() for char in letters):
        return Style.CAPITALS
    if asks:
        return Style.QUESTION
    if _is_title_case(words):
        return Style.TITLE_CASE
    plain = length <= MAX_PLAIN_WORDS and not line.endswith((":", "："))
    return Style.SENTENCE if plain else None


def depth(line: str) -> int:
    """How deep its number puts a heading: `2.1 Dosage` -> 2; without digits 1."""
    number = numbered_part().match(line) or _NUMBER.match(line)
    return (number["digits"] or "").count(".") + 1 if number else 1


def _is_no_heading(line: str) -> bool:
    ends = _ENDS.search(line) and not _QUESTION.search(line)
    return bool(ends or _NO_HEADING.search(line) or label().match(line))


def _is_numbered(line: str) -> bool:
    """Whether a number, or a part with one, is followed by the words of a heading or by nothing."""
    part = numbered_part().match(line)
    if part and part.end() == len(line):
        return _starts_big(line)
    number = part or _NUMBER.match(line)
    return bool(number and _BIG.match(line, number.end()))


def _unspaced_words(line: str) -> float:
    """About how many words a line has whose script puts no spaces between them."""
    return len(_HAN_AND_KANA.findall(line)) / 3 + len(_THAI_AND_ALIKE.findall(line)) / 5


def _starts_big(line: str) -> bool:
    """Whether the first letter or digit is no lower-case letter; scripts without case pass."""
    first = next((char for char in line if char.isalnum()), "")
    return first != "" and not first.islower()


def _is_title_case(words: list[str]) -> bool:
    if not any(char.isupper() for word in words for char in word):
        return False  # a script without capitals marks nothing by them
    telling = [word for word in words if word.lower().strip(":,") not in _SMALL]
    big = sum(_starts_big(word) for word in telling)
    return big >= 0.75 * len(telling)
