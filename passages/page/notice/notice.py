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
    from passages.page.notice.emergency import Phrase
    from passages.page.notice.likeness import ByWords, Ridge

_FILE = re.compile(r"---\n(.*?)\n---\n(.*)", re.DOTALL)

Encode = Callable[[Sequence[str]], "Vectors"]
"""Texts -> (texts, dimension), each of length 1."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Phrases that call for the notice, those that do not, messages of both, and its Markdown."""

    phrases: tuple[Phrase, ...]
    text: str
    unless: tuple[Phrase, ...] = ()
    examples: tuple[str, ...] = ()
    harmless: tuple[str, ...] = ()

    def fits(self, question: str) -> bool:
        """Whether the question calls for the notice by its words alone; no model is needed.

        It does where it has one of the phrases, and none of `unless` covers that, or where it is
        like the examples.
        """
        from passages.page.notice.emergency import stands_in, tokens  # after the search box

        message = tokens(question)
        for phrase in self.unless:
            while found := stands_in(phrase, message):
                message[found.start : found.stop] = ["·"]
        if any(stands_in(phrase, message) is not None for phrase in self.phrases):
            return True
        words = _by_words(self.examples, self.harmless)
        return words is not None and words[0].of(question) > words[1]

    def is_near(self, question: str, encode: Encode) -> bool:
        """Whether the question is like the examples by its words and by its vector together."""
        words = _by_words(self.examples, self.harmless)
        if words is None:
            return False
        vectors, least = _by_vectors(self.examples, self.harmless, encode)
        [vector] = encode([question])
        return words[0].of(question) + vectors.of(vector) > least


@lru_cache(maxsize=2)
def _by_words(examples: tuple[str, ...], harmless: tuple[str, ...]) -> tuple[ByWords, float] | None:
    """What tells the examples by their words, and from where on; None where there are too few."""
    from passages.page.notice import likeness

    if min(len(examples), len(harmless)) < likeness.FEWEST:
        return None
    kinds = likeness.kinds_of(examples, harmless)
    fitted = likeness.fit_words([*examples, *harmless], kinds)
    return fitted, likeness.least(fitted.ridge.left_out, kinds)


@lru_cache(maxsize=2)
def _by_vectors(
    examples: tuple[str, ...], harmless: tuple[str, ...], encode: Encode
) -> tuple[Ridge, float]:
    """What tells the examples by their vectors, and from where on the sum with the words does."""
    from passages.page.notice import likeness

    kinds = likeness.kinds_of(examples, harmless)
    words = likeness.fit_words([*examples, *harmless], kinds)
    fitted = likeness.fit(encode([*examples, *harmless]), kinds)
    return fitted, likeness.least(words.ridge.left_out + fitted.left_out, kinds)


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
    from passages.page.notice.emergency import parse_phrase

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
        if notice.is_near(question, index.encoder().encode_passages):
            place.html(_html(notice))

    return later


def _html(notice: Notice) -> str:
    # The operator's own words: links are wanted here, raw HTML is still not.
    html = MarkdownIt("commonmark", {"html": False}).render(notice.text)
    return f'<section class="note notice" role="alert">{html}</section>'


@lru_cache(maxsize=2)
def _configured(path: Path) -> Notice:
    return read_notice(path)
