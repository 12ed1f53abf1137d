"""Nothing leaves this machine while the tests run, not from a process that they start either."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

ELSEWHERE = ("192.0.2.1", 80)  # an address reserved for documentation: nobody has it


@pytest.mark.parametrize("method", ["connect", "connect_ex"])
def test_a_connection_to_elsewhere_is_refused(method: str) -> None:
    with (
        socket.socket() as plug,
        pytest.raises(PermissionError, match=r"192\.0\.2\.1.* leaves this machine"),
    ):
        getattr(plug, method)(ELSEWHERE)


def test_a_datagram_to_elsewhere_is_refused() -> None:
    with (
        socket.socket(type=socket.SOCK_DGRAM) as plug,
        pytest.raises(PermissionError, match="leaves this machine"),
    ):
        plug.sendto(b"question", ELSEWHERE)


def test_a_started_process_is_as_closed() -> None:
    code = f"import socket; socket.create_connection({ELSEWHERE!r})"
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert "leaves this machine" in ended.stderr


def test_connections_within_this_machine_are_open() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as plug,
    ):
        plug.sendall(b"x")
        with server.accept()[0] as other:
            assert other.recv(1) == b"x"
