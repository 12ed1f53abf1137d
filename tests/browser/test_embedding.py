"""The page in a frame of another origin: without header and foot, as high as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from passages.errors import BadSetting
from passages.page.settings import settings
from tests.support import ROOT
from tests.support.clinic import clinic
from tests.support.site import Site, serving

PARENT = """<!doctype html><html lang="en"><head><title>A clinic</title></head><body>
<iframe title="Our leaflets" src="{url}/?embed=true" width="600" height="300"></iframe>
<script>
  addEventListener("message", (event) => {{
    const frame = document.querySelector("iframe");
    if (event.source === frame.contentWindow && event.data.passagesHeight) {{
      frame.style.height = event.data.passagesHeight + "px";
    }}
  }});
</script></body></html>"""


def test_another_site_frames_the_page_at_its_own_height(
    browser: Browser, real_index: Path, tmp_path: Path
) -> None:
    with (
        clinic() as host,
        serving(
            real_index,
            tmp_path / "log",
            PASSAGES_FRAME_ANCESTORS=host.url,
            PASSAGES_CORPUS=str(ROOT / "corpus"),
        ) as site,
    ):
        host.page = PARENT.format(url=site.url)
        tab = browser.new_context().new_page()
        tab.goto(host.url)
        frame = tab.frame_locator("iframe")
        frame.get_by_role("searchbox").fill("what are the side effects?")
        frame.get_by_role("searchbox").press("Enter")
        expect(frame.locator(".card").first).to_be_visible()
        expect(frame.locator("[data-ready=search]")).to_have_text("what are the side effects?")
        for missing in (".brand", "footer.state", "[data-testid=stMainMenu]"):
            expect(frame.locator(missing)).to_have_count(0)
        expect(frame.get_by_text("not medical advice")).to_be_visible()
        tab.wait_for_function("document.querySelector('iframe').offsetHeight > 1500")
        main = frame.get_by_test_id("stMain")
        within = "main => main.scrollHeight - main.clientHeight"
        assert main.evaluate(within) <= 2
        frame.locator(".st-key-hit_1").get_by_role("link").click()
        expect(frame.locator("section.target")).to_be_visible()
        expect(frame.locator(".brand")).to_have_count(0)
        tab.context.close()


def test_a_site_that_is_not_named_may_not_frame_it(browser: Browser, site: Site) -> None:
    with clinic() as host:
        host.page = PARENT.format(url=site.url)
        tab = browser.new_context().new_page()
        said: list[str] = []
        tab.on("console", lambda message: said.append(message.text))
        tab.goto(host.url)
        tab.wait_for_load_state()
        assert any("frame-ancestors" in text for text in said)
        tab.context.close()


@pytest.mark.parametrize("named", ["clinic.example", "https://a; script-src *", "'self'", "*"])
def test_what_is_no_origin_is_refused(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSAGES_FRAME_ANCESTORS", named)
    with pytest.raises(BadSetting, match="PASSAGES_FRAME_ANCESTORS"):
        settings()
