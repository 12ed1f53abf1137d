"""What differs between machines."""

from __future__ import annotations

import os


def usable_cores() -> int:
    """How many cores this process may use; a container's share counts where the system says."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # macOS and Windows
