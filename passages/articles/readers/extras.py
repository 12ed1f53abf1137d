"""Libraries that only some kinds of file need: loaded when the first such file is read."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from passages.errors import MissingExtra

LXML = "lxml==6.1.3"
PDFIUM = "pypdfium2==5.15.2"


def load(module: str, kind: str, *pins: str) -> Any:
    """Import a module that reads files of this kind.

    Raises:
        MissingExtra: it is not installed; the message says what to install.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise MissingExtra(
            f"reading {kind} needs the extra [formats]: pip install {' '.join(pins)}"
        ) from error
