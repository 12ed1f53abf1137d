"""Pictures of every screen: `python -m tests.browser.screenshots docs/screenshots`."""

from __future__ import annotations

import sys
import tempfile
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from passages.building.build import build
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
    "evaluation": ("/evaluation", "evaluation", "", False, False),
    "index-dark": ("/index", "index", "", True, False),
}


def main() -> None:
    """Write the pictures into the folder named on the command line."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    build(ROOT / "corpus", ROOT / "index")  # that of the command on the pictures
    with (
        tempfile.TemporaryDirectory() as temporary,
        serving(ROOT / "index", Path(temporary) / "log") as site,
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
