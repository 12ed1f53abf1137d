"""The page over a service: it shows what the service answers, and builds nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from passages.opening import open_index
from tests.support import site as pages
from tests.support.service import serving
from tests.support.site import Tab

QUESTION = "who must not take ketamine?"


def test_the_page_shows_what_the_service_answers(
    real_index: Path, tabs: Callable[..., Tab], tmp_path: Path
) -> None:
    index = open_index(real_index)
    with (
        serving(lambda: index) as service,
        pages.serving(Path(service.url), tmp_path / "log") as site,
    ):
        tab = tabs(site.url)
        tab.open()
        tab.ask(QUESTION)
        best = index.search(QUESTION, 1).hits[0]
        expect(tab.page.locator(".card mark").first).to_have_text(best.sentence)
        expect(tab.page.get_by_role("heading", level=3).first).to_have_text(
            best.passage.headings[-1]
        )
        posted = tab.page.request.post(f"{site.url}/api/search", data={"question": QUESTION})
        assert posted.json() == index.search(QUESTION).to_json()
        tab.open("/index", "index")
        expect(tab.page.get_by_text(f"{index.about.passages:,}", exact=True)).to_be_visible()
        expect(tab.page.get_by_text("Build it anew")).to_have_count(0)
        tab.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["log"]
