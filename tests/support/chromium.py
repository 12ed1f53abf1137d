"""Finds a browser for the tests: `python -m tests.support.chromium` installs one if there is none.

Looked for on PATH first, then among those that Playwright has installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
MISSING = (
    "no browser: its tests are skipped; install Chromium, or run `python -m playwright install "
    "chromium`"
)


def find() -> str | None:
    """The browser's program, or None."""
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    if on_path:
        return on_path
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def install() -> None:
    """Try Playwright's own install, then Debian's where this user may."""
    _try(sys.executable, "-m", "playwright", "install", "chromium")
    if find() is None and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        _try("apt-get", "update", "-q")
        _try("apt-get", "install", "-y", "-q", "chromium")


def _try(*command: str) -> None:
    # What counts is whether a browser is there afterwards.
    with suppress(OSError, subprocess.TimeoutExpired):
        subprocess.run(command, check=False, capture_output=True, timeout=600)


if __name__ == "__main__":
    if find() is None:
        install()
    if find() is None:
        print(MISSING)
