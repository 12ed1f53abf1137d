"""Pictures of every screen: `python -m tests.browser.screenshots docs/screenshots`."""

from __future__ import annotations

import sys
import tempfile
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

from PIL import Image
from playwright.sync_api import Browser, expect, sync_playwright

from passages.building.build import build
from tests.browser.test_reading import measure
from tests.support import ROOT
from tests.support.site import DESKTOP, PHONE, Tab, launch, serving

EFFECTS = "what are the side effects?"
BREAD = "how do I bake bread?"
HELP = "I feel suicidal, can ketamine help?"

SHOTS = {  # name: address, page, question, dark, phone
    "first-visit": ("/", "search", "", False, False),
    "first-visit-phone": ("/", "search", "", True, True),
    "results": (f"/?q={quote(EFFECTS)}", "search", EFFECTS, False, False),
    "results-dark": (f"/?q={quote(EFFECTS)}", "search", EFFECTS, True, False),
    "results-phone": (f"/?q={quote(EFFECTS)}", "search", EFFECTS, False, True),
    "not-covered": (f"/?q={quote(BREAD)}", "search", BREAD, False, False),
    "notice-phone": (f"/?q={quote(HELP)}", "search", HELP, True, True),
    "articles": ("/articles", "articles", "", False, False),
    "articles-phone": ("/articles", "articles", "", True, True),
    "index-dark": ("/index", "index", "", True, False),
}
PASSWORD = "green tea"
VAIN = (
    "can I drive home afterwards?",
    "may I drive home after it",
    "does it help with migraine?",
    BREAD,
)


def main() -> None:
    """Write the pictures into the folder named on the command line."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    build(ROOT / "corpus", ROOT / "index")  # that of the command on the pictures
    with (
        tempfile.TemporaryDirectory() as temporary,
        serving(
            ROOT / "index",
            Path(temporary) / "log",
            PASSAGES_GAPS=str(Path(temporary) / "gaps"),
            PASSAGES_PASSWORD=PASSWORD,
        ) as asked,
        serving(ROOT / "index", Path(temporary) / "plain-log") as site,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        for name, shot in SHOTS.items():
            tab = _tab(browser, site.url, shot[3], shot[4])
            tab.open(*shot[:3])
            _shoot(tab, folder / f"{name}.png")
        for name, dark, phone in (("article", False, False), ("article-phone", True, True)):
            tab = _tab(browser, site.url, dark, phone)
            tab.open(f"/?q={quote(EFFECTS)}", question=EFFECTS)
            tab.page.locator(".st-key-hit_1").get_by_role("link").click()
            tab.drawn("article", EFFECTS)
            _shoot(tab, folder / f"{name}.png")
        _shoot(_typing(_tab(browser, site.url, False, False)), folder / "suggestions.png")
        _shoot(_measured(_tab(browser, site.url, False, False)), folder / "how-good.png")
        _shoot(_in_vain(_tab(browser, asked.url, False, False)), folder / "gaps.png")


def _typing(tab: Tab) -> Tab:
    tab.open()
    tab.page.get_by_role("searchbox").press_sequentially("ketamine ther")
    expect(tab.page.get_by_role("option").first).to_be_visible()
    return tab


def _measured(tab: Tab) -> Tab:
    tab.open("/evaluation", "evaluation")
    measure(tab, 600_000)
    tab.page.get_by_role("searchbox").scroll_into_view_if_needed()
    return tab


def _in_vain(tab: Tab) -> Tab:
    for question in VAIN:
        tab.open(f"/?q={quote(question)}", question=question)
    tab.open("/gaps", "gaps")
    tab.page.get_by_label("Password", exact=True).fill(PASSWORD)
    tab.page.get_by_role("button", name="Open").click()
    expect(tab.page.get_by_role("table")).to_be_visible()
    tab.drawn("gaps")
    return tab


def _tab(browser: Browser, url: str, dark: bool, phone: bool) -> Tab:
    scheme = "dark" if dark else "light"
    return Tab(browser, url, color_scheme=scheme, viewport=PHONE if phone else DESKTOP)


def _shoot(tab: Tab, path: Path) -> None:
    tab.page.mouse.move(0, 0)
    tab.page.wait_for_function("document.fonts.ready")
    picture = Image.open(BytesIO(tab.page.screenshot(animations="disabled")))
    picture.quantize(128).save(path, optimize=True)  # a third of the size, no visible difference
    tab.close()


if __name__ == "__main__":
    main()
