"""An address -> the index there; the one place that chooses by scheme."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from passages.errors import BadSetting
from passages.models.encoder import TextEncoder
from passages.models.supply import Model
from passages.search.opened import open_index as open_folder
from passages.search.searcher import Index

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")


def open_index(
    address: str | Path,
    load: Callable[[Model], TextEncoder] | None = None,
    *,
    verify: bool = False,
    like: Index | None = None,
) -> Index:
    """Open the index at an address: the serving snapshot of a folder, which need not be writable.

    Args:
        address: an index folder.
        load: makes the encoder when one is needed; by default the model that the snapshot names.
        verify: read all of the snapshot first, however large it is.
        like: an index whose loaded encoder is used where the model is the same.

    Raises:
        NoIndex: nothing was built yet; the message has the command.
        IndexDamaged: the snapshot is damaged; the message has the command that mends it.
        ModelUnavailable: the model that the index was built with is not on this machine.
        BadSetting: an address of a kind that cannot be opened.
    """
    if scheme := _SCHEME.match(str(address)):
        raise BadSetting(f"{address}: an index is opened from a folder, not from {scheme[0]}")
    return open_folder(address, load, verify=verify, like=like)
