"""Nothing is lost: the place, the focus, the keys, what is copied, a newer index."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from passages.building.build import build
from tests.browser.test_reading import BREAD, EFFECTS, SCREENS, WHO
from tests.support.site import PHONE, Site, Tab, serving

LOST = f"/article?a=ketamine-dose-for-depression&p=9000-00000000&q={quote(WHO)}"


def test_back_returns_to_the_place_by_the_browser_and_by_the_link(tab: Tab) -> None:
    tab.open(f"/?q={quote(EFFECTS)}", question=EFFECTS)
    page = tab.page
    link = page.locator("[class*=st-key-hit_] a.read").nth(3)
    for leave in (page.go_back, page.locator(".st-key-bar a").first.click):
        link.scroll_into_view_if_needed()
        top = _top(tab)
        assert top > 300
        link.click()
        tab.drawn("article", EFFECTS)
        leave()
        tab.drawn("search", EFFECTS)
        expect(link).to_be_focused()
        assert abs(_top(tab) - top) <= 2


def test_one_key_leads_from_the_found_passage_back_to_its_card(tab: Tab) -> None:
    tab.open(f"/?q={quote(EFFECTS)}", question=EFFECTS)
    page = tab.page
    link = page.locator(".st-key-hit_2 a.read")
    link.click()
    tab.drawn("article", EFFECTS)
    expect(page.locator("section.target")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Return to the results")).to_be_focused()
    page.keyboard.press("Enter")
    tab.drawn("search", EFFECTS)
    expect(link).to_be_focused()


def test_the_name_leads_to_the_first_screen_and_back_again(tab: Tab) -> None:
    tab.open(f"/?q={quote(EFFECTS)}", question=EFFECTS)
    tab.page.get_by_role("link", name="Passages").click()
    tab.drawn("search")
    assert tab.page.url == f"{tab.url}/"
    expect(tab.page.get_by_role("searchbox")).to_have_value("")
    tab.page.go_back()
    tab.drawn("search", EFFECTS)


def test_keys_go_through_the_results_open_one_and_return_to_the_box(tab: Tab) -> None:
    tab.open(f"/?q={quote(EFFECTS)}", question=EFFECTS)
    page = tab.page
    first, second = (page.locator(f".st-key-hit_{n} a.read") for n in (1, 2))
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    expect(first).to_be_focused()
    outline = first.evaluate("link => getComputedStyle(link).outline")
    assert "solid 2px" in outline
    page.keyboard.press("j")
    expect(second).to_be_focused()
    page.keyboard.press("k")
    expect(first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    tab.drawn("article", EFFECTS)


@pytest.mark.parametrize(
    ("address", "screen"), [("/article?a=gone", "article"), ("/evaluation", "evaluation")]
)
def test_every_screen_has_the_box(address: str, screen: str, tab: Tab) -> None:
    tab.open(address, screen)
    tab.page.keyboard.press("/")
    expect(tab.page.get_by_role("searchbox")).to_be_focused()
    tab.page.keyboard.type(WHO)
    tab.page.keyboard.press("Enter")
    tab.drawn("search", WHO)
    expect(tab.page.locator(".card")).not_to_have_count(0)


def test_links_have_names_that_differ(tab: Tab) -> None:
    tab.open(f"/?q={quote(EFFECTS)}", question=EFFECTS)
    names = tab.page.locator("[class*=st-key-hit_] a.read").all_inner_texts()
    assert len(names) == len(set(names)) > 2


def test_what_has_changed_is_said_beside_the_passage(tab: Tab) -> None:
    tab.open(LOST, "article", WHO)
    said = tab.page.locator(".target .changed")
    expect(said).to_contain_text("has changed since this link was made")
    expect(said).to_be_in_viewport()


def test_an_open_page_offers_the_newer_index(
    copies: tuple[Path, Path], tmp_path: Path, tabs: Callable[..., Tab]
) -> None:
    index, corpus = copies
    with serving(index, tmp_path / "log", PASSAGES_CORPUS=str(corpus)) as site:
        tab = tabs(site.url)
        tab.open(f"/?q={quote(EFFECTS)}", question=EFFECTS)
        (corpus / "new.md").write_text("# News\n\nNothing but news here.\n", encoding="utf-8")
        build(corpus, index)
        tab.page.get_by_role("button", name="Show the new version").click()
        expect(tab.page.locator("footer")).to_contain_text("in 4 articles")
        expect(tab.page.get_by_role("button", name="Show the new version")).to_have_count(0)


def test_a_quote_is_copied_with_its_address(tab: Tab) -> None:
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.open(f"/?q={quote(WHO)}", question=WHO)
    tab.page.locator(".st-key-hit_1").get_by_role("button", name="Copy quote").click()
    expect(tab.page.locator(".st-key-hit_1").get_by_role("button", name="Copied")).to_be_visible()
    copied = tab.page.evaluate("navigator.clipboard.readText()")
    assert "glaucoma" in copied
    address = copied.splitlines()[-1]
    tab.open(address.removeprefix(tab.url), "article", WHO)
    expect(tab.page.locator("section.target")).to_contain_text("glaucoma")


@pytest.mark.parametrize("width", [320, PHONE["width"], 1280])
def test_nothing_overflows_and_targets_are_large_enough(
    width: int, site: Site, tabs: Callable[..., Tab]
) -> None:
    tab = tabs(site.url, viewport={"width": width, "height": 844}, has_touch=width < 1280)
    for address, (screen, question) in SCREENS.items():
        tab.open(address, screen, question)
        main = tab.page.get_by_test_id("stMain")
        assert main.evaluate("main => main.scrollWidth") <= width, address
        if width < 1280:
            small = tab.page.evaluate(SMALL)
            assert small == [], address


SMALL = """() => [...document.querySelectorAll("a, button, summary, input")]
  .filter((each) => each.closest("[data-testid=stMain]"))
  .filter((each) => each.checkVisibility() && !each.closest("p:not(.back, .brand), .stDataFrame"))
  .filter((each) => !each.closest("label"))
  .map((each) => [each.textContent, each.getBoundingClientRect().height])
  .filter(([, height]) => height > 0 && 44 > Math.round(height))
"""


def test_printing_gives_the_question_and_the_passages_with_their_addresses(tab: Tab) -> None:
    tab.open(f"/?q={quote(WHO)}", question=WHO)
    tab.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    tab.page.emulate_media(media="print")
    expect(tab.page.locator(".status")).to_be_visible()
    expect(tab.page.locator(".st-key-hit_1 .printed")).to_contain_text(f"{tab.url}/article?a=")
    for hidden in (".ask", "footer.state", ".brand", ".copy"):
        expect(tab.page.locator(hidden).first).to_be_hidden()


def test_recent_questions_stay_in_the_browser_until_they_are_cleared(tab: Tab) -> None:
    tab.open()
    expect(tab.page.locator("[data-recent]")).to_be_hidden()
    tab.ask(WHO)
    tab.ask(BREAD)
    tab.open()
    recent = tab.page.locator("[data-recent]").get_by_role("link")
    expect(recent).to_have_text([BREAD, WHO])
    recent.last.click()
    tab.drawn("search", WHO)
    tab.open()
    expect(recent.first).to_have_text(WHO)
    tab.page.get_by_role("button", name="Clear").click()
    expect(tab.page.locator("[data-recent]")).to_be_hidden()
    tab.open()
    expect(tab.page.locator("[data-recent]")).to_be_hidden()


def _top(tab: Tab) -> float:
    return float(tab.page.get_by_test_id("stMain").evaluate("main => main.scrollTop"))
