"""The language of a Word document: the one in which most of its text is marked to be proofread."""

from __future__ import annotations

import re
from collections import Counter

from passages.articles.readers.html.html_tree import Element
from passages.articles.readers.word.word_archive import Parts
from passages.articles.readers.word.word_xml import W
from passages.language.detection import detect
from passages.language.languages import code_of

# Word marks a text three times over, and the letters decide which mark holds.
_KINDS = (
    ("eastAsia", re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")),
    ("bidi", re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")),
)
_READ = 20_000  # characters, to see what language they are in
_DEFAULT = f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang"


def language_of(parts: Parts) -> str | None:
    """The language tag, or None where the document names none that its words bear out.

    The mark of a run is Word's or the writer's own. The default is as often that of the program
    which made the file, so it counts only where the text does not read like another language.
    """
    default = parts.styles.find(_DEFAULT) if parts.styles is not None else None
    characters: Counter[tuple[str, bool]] = Counter()
    texts: list[str] = []
    for run in parts.document.iter(f"{W}r"):
        text = "".join(each.text or "" for each in run.iterchildren(f"{W}t"))
        texts.append(text)
        marked = _language(run.find(f"{W}rPr/{W}lang"), text)
        if told := marked or _language(default, text):
            characters[told, marked is not None] += len(text)
    if not characters.total():
        return None
    language, is_marked = max(characters, key=characters.__getitem__)
    reads_like = None if is_marked else detect(" ".join(texts)[:_READ])
    return language if reads_like in (None, code_of(language)) else None


def _language(mark: Element | None, text: str) -> str | None:
    kind = next((kind for kind, letters in _KINDS if letters.search(text)), "val")
    return None if mark is None else mark.get(f"{W}{kind}")
