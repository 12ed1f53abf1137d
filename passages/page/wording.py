"""The page's own words in the reader's language: one gettext catalogue a language.

The words in the code are English and the keys of the catalogues in `translations/`; what a
catalogue lacks stays English. The browser says which language a reader wants, or the operator
decides.
"""

from __future__ import annotations

import gettext
import io
import os
from functools import lru_cache
from pathlib import Path

import polib
import streamlit as st

from passages.language.languages import ENGLISH, code_of

LANGUAGE = "PASSAGES_LANGUAGE"
"""Names the language of the page's own words for every reader."""

_TRANSLATIONS = Path(__file__).with_name("translations")


def tr(words: str) -> str:
    """The words in the reader's language."""
    return _catalogue(chosen()).gettext(words)


def counted(number: int, one: str, many: str) -> str:
    """`counted(2, "{number} article", "{number} articles")` -> `2 articles`."""
    return _catalogue(chosen()).ngettext(one, many, number).format(number=f"{number:,}")


def chosen() -> str:
    """The code of the operator's language or else of the browser's, English where neither says."""
    told = code_of(os.environ.get(LANGUAGE)) or code_of(st.context.locale)
    return told or ENGLISH


def language_of_words() -> str:
    """The code of the language that the page's own words are in, whatever was asked for."""
    return chosen() if chosen() in languages() else ENGLISH


def languages() -> list[str]:
    """The codes of the languages that have a catalogue."""
    return sorted([ENGLISH, *(path.stem for path in _TRANSLATIONS.glob("*.po"))])


@lru_cache(maxsize=16)
def _catalogue(code: str) -> gettext.NullTranslations:
    if code not in languages():
        return gettext.NullTranslations()
    path = _TRANSLATIONS / f"{code}.po"
    if not path.is_file():
        return gettext.NullTranslations()
    return gettext.GNUTranslations(io.BytesIO(polib.pofile(str(path)).to_binary()))
