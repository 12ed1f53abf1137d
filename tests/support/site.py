"""The page as a reader has it: a server of its own, and a tab of Chromium."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Playwright, Request, ViewportSize, expect

from tests.support import ROOT
from tests.support.chromium import find

CHROMIUM = find()
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
]
PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
WAIT = 30_000  # milliseconds
WATCH = """
window.moved = 0;
window.lastMoved = performance.now();
new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) {
    if (!shift.hadRecentInput) window.moved += shift.value;
    window.lastMoved = performance.now();
  }
}).observe({ type: "layout-shift", buffered: true });
"""
"""Adds up, in a page, how far things move while it is drawn (CLS), and when they last did."""

expect.set_options(timeout=WAIT)  # a busy machine is slow, not wrong


def launch(playwright: Playwright) -> Browser:
    """The system's Chromium."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)


class Site:
    """A running server; `start` and `stop` may be called again, the port stays."""

    def __init__(
        self, index: Path, log: Path, script: Path = ROOT / "app.py", **environment: str
    ) -> None:
        self._script = script
        self._log = log
        self._port = 0
        self._environment = {**os.environ, "PASSAGES_INDEX": str(index), **environment}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def start(self) -> None:
        arguments = ["run", str(self._script), f"--server.port={self._port}"]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "streamlit", *arguments, "--server.headless=true"],
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
                env=self._environment,
            )
        until(self._listens, "the server does not listen")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)
            self._process = None

    def _listens(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self.log
        found = re.search(r"127\.0\.0\.1:(\d+)", self.log)
        if found is None:
            return False
        self._port = int(found[1])
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1) as answer:
                return bool(answer.read() == b"ok")
        except OSError:
            return False


@contextmanager
def serving(
    index: Path, log: Path, script: Path = ROOT / "app.py", **environment: str
) -> Iterator[Site]:
    """A server for this index folder, stopped at the end."""
    site = Site(index, log, script, **environment)
    site.start()
    try:
        yield site
    finally:
        site.stop()


class Tab:
    """A tab that knows when a page is fully drawn, and what it was asked to fetch."""

    def __init__(self, browser: Browser, url: str, **options: Any) -> None:
        self.context = browser.new_context(**{"viewport": DESKTOP, **options})
        self.page: Page = self.context.new_page()
        self.url = url
        self.foreign: list[str] = []
        self.faults: list[str] = []
        self.page.on("request", self._note)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda said: self._hear(said.text))

    def open(self, path: str = "/", page: str = "search", question: str = "") -> None:
        self.page.goto(self.url + path)
        self.drawn(page, question)

    def ask(self, question: str) -> None:
        self.page.get_by_role("searchbox").fill(question)
        self.page.get_by_role("searchbox").press("Enter")
        self.drawn("search", " ".join(question.split())[:2000])

    def drawn(self, page: str, question: str = "") -> None:
        """Wait until this question stands on this page, and nothing of the last one."""
        app = self.page.get_by_test_id("stApp")
        expect(app).to_have_attribute("data-test-connection-state", "CONNECTED")
        ready = self.page.locator(f'[data-ready="{page}"]')
        expect(ready).to_have_text(question)
        expect(app).to_have_attribute("data-test-script-state", "notRunning")
        for leftover in ("[data-testid=stSkeleton]", "[data-stale=true]"):
            expect(self.page.locator(leftover)).to_have_count(0)
        expect(self.page.get_by_test_id("stException")).to_have_count(0)

    def close(self) -> None:
        """Close the tab, and hold it to having asked nobody but its server."""
        self.context.close()
        assert not self.foreign, f"requests to other hosts: {self.foreign}"
        assert not self.faults, f"faults in the page: {self.faults}"

    def _note(self, request: Request) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.foreign.append(request.url)

    def _hear(self, said: str) -> None:
        if "Content Security Policy" in said:
            self.faults.append(said)


def until(true: Any, complaint: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, complaint
        time.sleep(0.05)
