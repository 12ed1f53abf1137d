"""The language of a Word document: the one in which most of its text is marked to be proofread."""

from __future__ import annotations

import re
from collections import Counter

from passages.articles.readers.html.html_tree import Element
from passages.articles.readers.word.word_archive import Parts
from passages.articles.readers.word.word_xml import W

# Word marks a text three times over, and the letters decide which mark holds.
_KINDS = (
    ("eastAsia", re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")),
    ("bidi", re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")),
)
_DEFAULT = f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang"


def language_of(parts: Parts) -> str | None:
    """The language tag, or None where the document names none."""
    default = parts.styles.find(_DEFAULT) if parts.styles is not None else None
    characters: Counter[str] = Counter()
    for run in parts.document.iter(f"{W}r"):
        text = "".join(each.text or "" for each in run.iterchildren(f"{W}t"))
        told = _language(run.find(f"{W}rPr/{W}lang"), text) or _language(default, text)
        if told:
            characters[told] += len(text)
    return max(characters, key=characters.__getitem__) if characters.total() else None


def _language(mark: Element | None, text: str) -> str | None:
    kind = next((kind for kind, letters in _KINDS if letters.search(text)), "val")
    return None if mark is None else mark.get(f"{W}{kind}")
