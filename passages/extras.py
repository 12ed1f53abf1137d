"""The optional parts of an installation, by the names that pyproject.toml gives them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from passages.errors import MissingExtra


@contextmanager
def needs(extra: str, purpose: str) -> Iterator[None]:
    """Import the libraries of an extra inside this context.

    Args:
        extra: its name, `page`.
        purpose: what cannot be done without it, as the subject of a sentence.

    Raises:
        MissingExtra: a library is not installed; the message names the extra.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "passages":
            raise  # a module of ours is missing: no installation mends that
        raise MissingExtra(
            f"{purpose} needs the extra [{extra}], and {error.name} is not installed: "
            f"in a clone of Passages, run pip install '.[{extra}]'"
        ) from error
