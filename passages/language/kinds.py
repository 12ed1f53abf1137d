"""Words that name people, drugs, places and products, whichever way they are written."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

from passages.language.languages import ENGLISH, fold

_FILE = Path(__file__).with_name("kinds.toml")
_LONGER = 2  # letters that the name of a drug has before its ending


@lru_cache(maxsize=16)
def _kinds(code: str) -> tuple[frozenset[str], tuple[str, ...]]:
    kinds = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    endings = tuple(map(fold, kinds.pop("drug_endings").split()))
    own = kinds.pop("de")
    if code == "de":
        kinds |= own
    return frozenset(fold(word) for words in kinds.values() for word in words.split()), endings


def names_something(word: str, code: str = ENGLISH) -> bool:
    """Whether a word is of one of the kinds: `"toddlers"`, `"xanax"`, `"uk"`, `"sertraline"`."""
    names, endings = _kinds(code)
    folded = fold(word)
    drug = next((end for end in endings if folded.endswith(end)), "")
    return folded in names or bool(drug and len(folded) >= len(drug) + _LONGER)
