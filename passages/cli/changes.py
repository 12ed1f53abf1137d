"""Which articles changed, and in which languages they are, each as a line of text."""

from __future__ import annotations

from collections.abc import Mapping

from passages.language.languages import ENGLISH, language


def listed(added: tuple[str, ...], changed: tuple[str, ...], removed: tuple[str, ...]) -> str:
    """`1 added [tea], 0 changed, 2 removed [coffee, milk]`, the first five of each named."""
    kinds = (("added", added), ("changed", changed), ("removed", removed))
    return ", ".join(f"{len(names)} {kind}{_named(names)}" for kind, names in kinds)


def in_languages(counts: Mapping[str, int]) -> str | None:
    """`Deutsch (de) 2, English (en) 1`; None where all is English."""
    if counts.keys() <= {ENGLISH}:
        return None
    return ", ".join(f"{language(code).name or '?'} ({code}) {n}" for code, n in counts.items())


def _named(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:5]) + (", …" if len(names) > 5 else "")
    return f" [{shown}]" if names else ""
