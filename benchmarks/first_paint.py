"""What a reader's browser fetches and waits for: `python -m benchmarks.first_paint`.

Opens the page, and an empty page of Streamlit beside it, in a browser that has cached nothing.
Requests; seconds to the first paint and until all is drawn; how far things move on the way (CLS).
Exit status 1 where the page asks for more than five requests above the empty one, paints more than
0.3 s after it, or moves by 0.02 or more.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from benchmarks.machine import describe
from tests.support import ROOT
from tests.support.site import DESKTOP, PHONE, WATCH, launch, serving, until

MOST_REQUESTS, MOST_SECONDS, MOST_MOVED = 5, 0.3, 0.02
STILL = 700
"""Milliseconds in which nothing may move for a page to be at rest."""
EMPTY = 'import streamlit as st\nst.html("<span data-ready=empty hidden></span>")\n'
ASKED = f"/?q={quote('what are the side effects?')}"


@dataclass(frozen=True, slots=True)
class Visit:
    """What one visit took; seconds from the start of the navigation."""

    requests: int
    painted: float
    drawn: float
    moved: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, default=ROOT / "index")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    print(describe())
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = launch(playwright)
        empty = Path(folder) / "empty.py"
        empty.write_text(EMPTY, encoding="utf-8")
        with serving(options.index.resolve(), Path(folder) / "log") as site:
            screens = {
                "first visit": _visits(browser, f"{site.url}/", options.rounds, DESKTOP),
                "first visit, phone": _visits(browser, f"{site.url}/", options.rounds, PHONE),
                "results": _visits(browser, site.url + ASKED, options.rounds, DESKTOP),
            }
        with serving(options.index, Path(folder) / "log", script=empty) as site:
            bare = _visits(browser, f"{site.url}/", options.rounds, DESKTOP)
    print(f"{'':20}{'requests':>9}{'painted':>9}{'drawn':>9}{'CLS':>8}")
    for name, visits in {"empty Streamlit": bare, **screens}.items():
        print(f"{name:20}{_row(visits)}")
    return int(not all(_within(visits, bare) for visits in screens.values()))


def _visits(browser: Browser, url: str, rounds: int, size: ViewportSize) -> list[Visit]:
    """The visits of a new browser each; the first one warms the server and is left out."""
    return [_visit(browser, url, size) for _ in range(rounds + 1)][1:]


def _visit(browser: Browser, url: str, size: ViewportSize) -> Visit:
    context = browser.new_context(viewport=size)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.add_init_script(WATCH)
    page.goto(url)
    page.locator("[data-ready]").wait_for(state="attached")
    drawn = page.evaluate("performance.now()") / 1000
    still = "performance.now() - window.lastMoved"
    until(lambda: page.evaluate(still) > STILL, "the page does not come to rest")
    painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    visit = Visit(len(asked), painted / 1000, drawn, page.evaluate("window.moved"))
    context.close()
    return visit


def _row(visits: Sequence[Visit]) -> str:
    middle = [
        statistics.median(getattr(visit, name) for visit in visits)
        for name in ("requests", "painted", "drawn", "moved")
    ]
    return f"{middle[0]:9.0f}{middle[1]:9.2f}{middle[2]:9.2f}{middle[3]:8.3f}"


def _within(visits: Sequence[Visit], bare: Sequence[Visit]) -> bool:
    def middle(of: Sequence[Visit], name: str) -> float:
        return float(statistics.median(getattr(visit, name) for visit in of))

    return (
        middle(visits, "requests") <= middle(bare, "requests") + MOST_REQUESTS
        and middle(visits, "painted") <= middle(bare, "painted") + MOST_SECONDS
        and middle(visits, "moved") < MOST_MOVED
    )


if __name__ == "__main__":
    sys.exit(main())
