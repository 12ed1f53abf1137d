"""One build of an index folder at a time: who holds the lock, and whether anybody does."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from passages.errors import BuildRunning

_QUERY = 0x1000  # the right to ask Windows about a process
_HOLDER = ".lock.holder"


def build_running(index: Path) -> bool:
    """Whether a build of this folder runs now, in this process or another; it is not held up."""
    try:
        holder = (index / _HOLDER).read_text(encoding="utf-8")
        return _lives(int(holder.split()[1]))
    except (OSError, ValueError, IndexError):
        return False


def _lives(process: int) -> bool:
    if sys.platform == "win32":  # where any signal would end it
        handle = ctypes.windll.kernel32.OpenProcess(_QUERY, False, process)
        ctypes.windll.kernel32.CloseHandle(handle)
        return bool(handle)
    with suppress(PermissionError):  # another user's process
        os.kill(process, 0)  # only asks
    return True


@contextmanager
def locked(index: Path) -> Iterator[None]:
    """Hold the build lock of an index folder, and say beside it who does.

    Raises:
        BuildRunning: another process holds it; the message says which.
    """
    holder = index / _HOLDER
    try:
        with FileLock(index / ".lock", timeout=0):
            since = f"{datetime.now(UTC):%H:%M:%S} UTC"
            holder.write_text(f"process {os.getpid()} since {since}", encoding="utf-8")
            try:
                yield
            finally:
                holder.unlink(missing_ok=True)
    except Timeout as error:
        try:
            who = holder.read_text(encoding="utf-8")
        except OSError:  # between taking the lock and saying so, or the other way round
            who = "another process"
        raise BuildRunning(f"{index} is being built by {who}: try again when it is done") from error
