"""The operator's notice above the results of a question that reads like an emergency."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import streamlit as st
import yaml
from markdown_it import MarkdownIt

from passages.errors import BadSetting
from passages.page.settings import settings

_FILE = re.compile(r"---\n(.*?)\n---\n(.*)", re.DOTALL)
_APOSTROPHES = str.maketrans("’‘ʼ`´", "'" * 5)


@dataclass(frozen=True, slots=True)
class Notice:
    """Phrases that call for the notice, and its text as Markdown."""

    phrases: tuple[str, ...]
    text: str

    def fits(self, question: str) -> bool:
        """Whether the question contains one of the phrases, as whole words in any case."""
        asked = f" {_words(question)} "
        return any(f" {_words(phrase)} " in asked for phrase in self.phrases)


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
    try:
        phrases = yaml.safe_load(parts[1])["phrases"]
        return Notice(tuple(str(phrase) for phrase in phrases), parts[2].strip())
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise BadSetting(f"{path}: expected a list `phrases` in the front matter") from error


def draw(question: str) -> None:
    """Draw the notice if the question calls for it."""
    notice = _configured(settings().notice)
    if notice.fits(question):
        # The operator's own words: links are wanted here, raw HTML is still not.
        html = MarkdownIt("commonmark", {"html": False}).render(notice.text)
        st.html(f'<section class="note notice" role="alert">{html}</section>')


@lru_cache(maxsize=2)
def _configured(path: Path) -> Notice:
    return read_notice(path)


def _words(text: str) -> str:
    """`I CAN’T breathe!` -> `i can't breathe`."""
    return " ".join(re.findall(r"[\w']+", text.translate(_APOSTROPHES).casefold()))
