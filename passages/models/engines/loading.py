"""Turns whatever a library raises while it loads a model into ModelUnavailable."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from passages.errors import ModelUnavailable


@contextmanager
def loading(folder: Path) -> Iterator[None]:
    """Call the library that reads the model's files inside this, and nothing else.

    Libraries raise whatever they like on a bad file (tokenizers a bare Exception), so anything but
    a lack of memory or of a library counts as a bad folder here; a fault in Passages must not.

    Raises:
        ModelUnavailable: the library refused the folder; the message names it and the reason.
    """
    try:
        yield
    except (MemoryError, ImportError):
        raise
    except Exception as error:
        raise ModelUnavailable(
            f"{folder} cannot be loaded as a sentence-transformers or ONNX model: {error}"
        ) from error
