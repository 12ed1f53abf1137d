"""From nothing to an answer: `python -m benchmarks.cold_start`, on a warm disk.

Starts the server and opens the page in Chromium as soon as it listens; in another start, asks in
the address at once. Then a question in a terminal. Seconds from the start of the server, or of the
command; the browser itself is running before.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, Error, sync_playwright

from benchmarks.machine import describe
from tests.support import ROOT
from tests.support.site import Site, launch

QUESTION = "what are the side effects?"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, default=ROOT / "index")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    print(describe())
    index = options.index.resolve()
    painted: list[float] = []
    answered: list[float] = []
    asked: list[float] = []
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for number in range(options.rounds + 1):
            times = (
                _from_start(browser, index, "/", "input[type=search], input[type=text]"),
                _from_start(browser, index, f"/?q={quote(QUESTION)}", ".card"),
                _terminal(index),
            )
            if number:  # the first round warms the disk
                for taken, seconds in zip((painted, answered, asked), times, strict=True):
                    taken.append(seconds)
    print(f"server start to page painted:  {_row(painted)}")
    print(f"server start to first answer:  {_row(answered)}")
    print(f"python -m passages QUESTION:   {_row(asked)}")


def _from_start(browser: Browser, index: Path, path: str, wanted: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        site = Site(index, Path(folder) / "log")
        context = browser.new_context()
        page = context.new_page()
        started = time.perf_counter()
        site.start()
        try:
            while True:
                try:
                    page.goto(site.url + path, wait_until="commit")
                    break
                except Error:  # not listening yet
                    continue
            page.locator(wanted).first.wait_for(state="visible", timeout=60_000)
            return time.perf_counter() - started
        finally:
            context.close()
            site.stop()


def _terminal(index: Path) -> float:
    started = time.perf_counter()
    command = [sys.executable, "-m", "passages", QUESTION, "--index", str(index)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def _row(seconds: list[float]) -> str:
    low, high = min(seconds), max(seconds)
    return f"median {statistics.median(seconds):5.2f} s ({low:.2f} to {high:.2f})"


if __name__ == "__main__":
    main()
