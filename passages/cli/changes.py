"""Which articles changed, as a line of text."""

from __future__ import annotations


def listed(added: tuple[str, ...], changed: tuple[str, ...], removed: tuple[str, ...]) -> str:
    """`1 added [tea], 0 changed, 2 removed [coffee, milk]`, the first five of each named."""
    kinds = (("added", added), ("changed", changed), ("removed", removed))
    return ", ".join(f"{len(names)} {kind}{_named(names)}" for kind, names in kinds)


def _named(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:5]) + (", …" if len(names) > 5 else "")
    return f" [{shown}]" if names else ""
