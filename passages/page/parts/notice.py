"""The operator's notice above the results of a question that reads like an emergency."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st
import yaml
from markdown_it import MarkdownIt

from passages.errors import BadSetting
from passages.page.settings import notice_of

if TYPE_CHECKING:
    from passages import Index
    from passages.models.encoder import Vectors
    from passages.page.parts.emergency import Phrase

_FILE = re.compile(r"---\n(.*?)\n---\n(.*)", re.DOTALL)

_NEAR, _AHEAD = 0.74, 0.06
"""The least cosine of a message with an example, and how far it is above that with any harmless
one: no harmless message of the first hundred of `tests/data/messages.txt` reaches them."""

Near = Callable[[str, Sequence[str]], float]
"""A message and examples -> the cosine of the nearest."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Phrases that call for the notice, those that do not, examples of both, and its Markdown."""

    phrases: tuple[Phrase, ...]
    text: str
    unless: tuple[Phrase, ...] = ()
    examples: tuple[str, ...] = ()
    harmless: tuple[str, ...] = ()

    def fits(self, question: str) -> bool:
        """Whether the question has one of the phrases, where none of `unless` covers it."""
        from passages.page.parts.emergency import stands_in, tokens  # after the search box

        message = tokens(question)
        for phrase in self.unless:
            while found := stands_in(phrase, message):
                message[found.start : found.stop] = ["·"]
        return any(stands_in(phrase, message) is not None for phrase in self.phrases)

    def is_near(self, question: str, near: Near) -> bool:
        """Whether the question is near to an example, and not as near to a harmless one."""
        if not self.examples:
            return False
        cosine = near(question, self.examples)
        ahead = cosine - (near(question, self.harmless) if self.harmless else 0.0)
        return cosine >= _NEAR and ahead >= _AHEAD


def read_notice(path: Path) -> Notice:
    """Read a notice: YAML front matter with `phrases`, then Markdown.

    Raises:
        BadSetting: there is no such file, or it is not of that form.
    """
    try:
        parts = _FILE.fullmatch(path.read_text(encoding="utf-8").replace("\r\n", "\n"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(f"{path}: the notice cannot be read ({error})") from error
    if parts is None:
        raise BadSetting(f"{path}: expected front matter between two lines `---`, then the text")
    from passages.page.parts.emergency import parse_phrase

    try:
        given = yaml.safe_load(parts[1])
        groups = {name: words.split() for name, words in (given.get("groups") or {}).items()}
        phrases, unless = (
            tuple(parse_phrase(str(phrase), groups) for phrase in listed)
            for listed in (given["phrases"], given.get("unless") or ())
        )
        examples, harmless = (
            tuple(map(str, given.get(name) or ())) for name in ("examples", "harmless")
        )
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise BadSetting(f"{path}: expected a list `phrases` in the front matter") from error
    return Notice(phrases, parts[2].strip(), unless, examples, harmless)


def draw(question: str, index: Index) -> Callable[[], None]:
    """Draw the notice if a phrase calls for it; what is returned looks once more by the encoder.

    It is to be called when the question was answered, and the encoder is there anyway.
    """
    path = notice_of(index.about.corpus)
    if path is None:
        return lambda: None
    notice, place = _configured(path), st.empty()
    if notice.fits(question):
        place.html(_html(notice))
        return lambda: None

    def later() -> None:
        if notice.is_near(question, lambda text, examples: _nearest(index, text, examples)):
            place.html(_html(notice))

    return later


def _html(notice: Notice) -> str:
    # The operator's own words: links are wanted here, raw HTML is still not.
    html = MarkdownIt("commonmark", {"html": False}).render(notice.text)
    return f'<section class="note notice" role="alert">{html}</section>'


def _nearest(index: Index, text: str, examples: Sequence[str]) -> float:
    vectors = _encoded(index, tuple(examples))
    return float((vectors @ index.encoder().encode_passages([text])[0]).max())


@lru_cache(maxsize=2)
def _encoded(index: Index, examples: tuple[str, ...]) -> Vectors:
    return index.encoder().encode_passages(examples)


@lru_cache(maxsize=2)
def _configured(path: Path) -> Notice:
    return read_notice(path)
