"""What a reader's browser fetches and sees move, beside an empty page of Streamlit; no clocks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.first_paint import ASKED, EMPTY, MOST_MOVED, MOST_REQUESTS, STILL
from tests.browser.test_reading import EFFECTS
from tests.support.site import PHONE, WATCH, Site, Tab, serving, until


def _visit(tab: Tab, path: str, screen: str) -> tuple[int, float]:
    """How many requests a visit makes, and how far things move in it."""
    asked: list[str] = []
    tab.page.on("request", lambda request: asked.append(request.url))
    tab.page.add_init_script(WATCH)
    tab.page.goto(tab.url + path)
    tab.page.locator(f'[data-ready="{screen}"]').wait_for(state="attached")
    still = "performance.now() - window.lastMoved"
    until(lambda: tab.page.evaluate(still) > STILL, "the page does not come to rest")
    return len(asked), tab.page.evaluate("window.moved")


def test_few_requests_and_nothing_moves(
    site: Site, real_index: Path, tmp_path: Path, tabs: Callable[..., Tab]
) -> None:
    script = tmp_path / "empty.py"
    script.write_text(EMPTY, encoding="utf-8")
    with serving(real_index, tmp_path / "log", script=script) as empty:
        bare, _ = _visit(tabs(empty.url), "/", "empty")
    tabs(site.url).open(ASKED, question=EFFECTS)  # the encoder is loaded by it
    phone: dict[str, Any] = {"viewport": PHONE}
    for path, screen in (("/", "search"), (ASKED, "search"), ("/articles", "articles")):
        for options in ({}, phone):
            requests, moved = _visit(tabs(site.url, **options), path, screen)
            assert requests <= bare + MOST_REQUESTS, path
            assert moved < MOST_MOVED, path
