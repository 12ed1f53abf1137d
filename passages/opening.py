"""An address -> the index there; the one place that chooses by scheme."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from passages.errors import BadSetting
from passages.index.storage.mirror import cache_of
from passages.index.storage.objects import ObjectStore, stamp_of
from passages.index.storage.uri import uri_of
from passages.models.encoder import TextEncoder
from passages.models.supply import Model
from passages.search.searcher import Index
from passages.search.serving.live import LiveIndex
from passages.search.serving.opened import open_index as open_folder
from passages.search.serving.opened import open_stored
from passages.service.client import Client, url_of
from passages.service.remote import RemoteIndex, snapshot_at

PATIENCE = 2.0
"""Seconds that a server which follows a service waits where that asks to be left alone."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")


def open_index(
    address: str | Path,
    load: Callable[[Model], TextEncoder] | None = None,
    *,
    verify: bool | None = None,
    like: Index | None = None,
) -> Index:
    """Open the index at an address: the serving snapshot of a folder, which need not be writable.

    A service (`passages serve`) is asked over HTTP, and answers as the folder that it serves does.
    From object storage, or whatever `pyarrow.fs` knows, what serves is fetched to this machine.

    Args:
        address: an index folder, the address of a service, `https://search.example`, or a URI of
            object storage, `s3://bucket/handbook`.
        load: makes the encoder when one is needed; by default the model that the snapshot names.
        verify: whether all of the snapshot is read first; by default unless it is large.
        like: an index whose loaded encoder is used where the model is the same.

    Raises:
        NoIndex: nothing was built yet; the message has the command.
        IndexDamaged: the snapshot is damaged; the message has the command that mends it.
        ModelUnavailable: the model that the index was built with is not on this machine.
        ServiceUnavailable: the service cannot be reached, or is none.
        StoreUnavailable: object storage cannot be reached, or refuses.
        MissingExtra: the libraries for it are not installed.
        BadSetting: an address of a kind that cannot be opened.
    """
    if url := url_of(address):
        return RemoteIndex(Client(url))
    if uri := uri_of(address):
        return open_stored(uri, load, verify=verify, like=like)
    if scheme := _SCHEME.match(str(address)):
        raise BadSetting(
            f"{address}: an index is opened from a folder, https:// or s3://, not {scheme[0]}"
        )
    return open_folder(address, load, verify=verify, like=like)


def follow(address: str | Path) -> LiveIndex:
    """Follow the index at an address; it is opened in the background, as is each new snapshot."""
    if uri := uri_of(address):
        objects = cache(lambda: ObjectStore(uri))  # what connects is made once, when it is needed
        return LiveIndex(
            Path(address),
            lambda _, like: open_stored(uri, like=like, objects=objects()),
            stamp=lambda _: stamp_of(objects),
        )
    url = url_of(address)
    if url is None:
        return LiveIndex(Path(address), lambda folder, like: open_index(folder, like=like))
    opening = lambda *_: RemoteIndex(Client(url, PATIENCE))  # noqa: E731
    return LiveIndex(Path(address), opening, stamp=lambda _: snapshot_at(url))


def local_folder(address: str | Path) -> Path:
    """The index folder on this machine that an opened index was read from."""
    uri = uri_of(address)
    return cache_of(uri) / "reading" if uri else Path(address)
