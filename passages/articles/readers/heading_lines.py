"""Does a line of plain text look like a heading, and how?

Knows lines only. What stands around a line, which decides in the end, is `plain_text`'s business.
The word lists are English; in other languages length, letters and punctuation decide alone.
"""

from __future__ import annotations

import re
from enum import IntEnum

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
    r"(?:(?:section|chapter|part|article|appendix|step|schedule)\s+)?"
    r"(?:(?P<digits>\d{1,3}(?:\.\d{1,3}){0,4})(?:[.):]|\s+-)?|[IVX]{1,5}[.)])\s+(?=[^\W\d_])",
    re.IGNORECASE,
)
_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_NO_HEADING = re.compile(
    rf"""  [.,;!…]["”’')\]]*$                         # a sentence, a salutation, a call
        | ^[^\w"“‘'«¿¡§$#@]                         # a bullet, a bracket, a dialogue dash
        | ^(["“‘«]).*["”’»]$                        # a quotation
        | ^\W*\d[\d\W]*$ | https?:// | www\. | \S@\S+\.\S
        | ^(?:\w+,\s+)?\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTH})[a-z]*\b   # 4 May 2024
        | ^(?:\w+,\s+)?(?:{_MONTH})[a-z]*\.?\s+\d{{1,2}}\b                # May 4, 2024
        | ^\d+\s.*\b(?:street|st|road|rd|avenue|ave|lane|drive|suite|floor)\b
        | ^(?:by|photo(?:graph)?|image|picture|figure|fig|table|caption|credit|source|copyright|©
              |dear|to|from|cc|re|subject|date|time|place|venue|location|present|apologies|absent
              |chair|attendees|tel|phone|email|fax|serves|makes|yield|posted|published|updated
              |last\supdated|reviewed)\b[^?]*(?::\s|(?<=^by)\s)
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
    if not words or len(line) > MAX_CHARS or len(words) > MAX_WORDS or _NO_HEADING.search(line):
        return None
    number = _NUMBER.match(line)
    if number and re.match(r"[\W_]*[^\W\d_a-z]", line[number.end() :]):
        return Style.NUMBERED
    if _CODE.search(line) or not _starts_big(line) or (line.endswith(":") and len(words) > 4):
        return None
    letters = [char for char in line if char.isalpha()]
    if len(letters) > 2 and all(char.isupper() for char in letters):
        return Style.CAPITALS
    if line.endswith(("?", "？")):
        return Style.QUESTION
    if _is_title_case(words):
        return Style.TITLE_CASE
    return Style.SENTENCE if len(words) <= MAX_PLAIN_WORDS and not line.endswith(":") else None


def depth(line: str) -> int:
    """How deep its number puts a heading: `2.1 Dosage` -> 2; without digits 1."""
    number = _NUMBER.match(line)
    return (number["digits"] or "").count(".") + 1 if number else 1


def _starts_big(line: str) -> bool:
    """Whether the first letter or digit is no lower-case letter; scripts without case pass."""
    first = next((char for char in line if char.isalnum()), "")
    return first != "" and not first.islower()


def _is_title_case(words: list[str]) -> bool:
    telling = [word for word in words if word.lower().strip(":,") not in _SMALL]
    big = sum(_starts_big(word) for word in telling)
    return big >= 0.75 * len(telling)
