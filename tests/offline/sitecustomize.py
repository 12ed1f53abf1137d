"""Refuses every connection that leaves this machine.

Python runs a module of this name at its start where the folder is on `PYTHONPATH`: so the servers
and commands that tests start are as closed as the tests themselves.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

_LOCAL = ("127.0.0.1", "::1", "localhost", "")


def _guarded(method: Callable[..., Any]) -> Callable[..., Any]:
    def only_local(self: socket.socket, *arguments: Any) -> Any:
        address = arguments[-1]
        if isinstance(address, tuple) and address[0] not in _LOCAL:
            raise PermissionError(f"a connection to {address!r} leaves this machine")
        return method(self, *arguments)

    return only_local


for _name in ("connect", "connect_ex", "sendto"):
    setattr(socket.socket, _name, _guarded(getattr(socket.socket, _name)))
