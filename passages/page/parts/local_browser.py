"""Whether a browser runs on the machine that serves the page."""

from __future__ import annotations

from collections.abc import Mapping

_HERE = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})
_FORWARDED = frozenset({"forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"})


def is_local(address: str | None, headers: Mapping[str, str]) -> bool:
    """Whether the browser runs on this machine and nothing stands between.

    Behind a proxy every reader seems to come from this machine, so one that a proxy speaks for is
    refused, and so is one that knows this machine by another name.

    Args:
        address: of the browser; Streamlit gives None for this machine.
        headers: of its connection.
    """
    sent = {name.lower(): value for name, value in headers.items()}
    host = sent.get("host", "localhost").rsplit(":", 1)
    name = host[0] if host[-1].isdigit() else ":".join(host)
    here = address is None or address in _HERE
    return here and name.lower() in _HERE and not _FORWARDED & sent.keys()
