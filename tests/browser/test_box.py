"""The search box on a plain page of another origin, under a strict content security policy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from passages.opening import open_index
from passages.search.searcher import Index
from passages.service.operating.settings import ApiSettings
from tests.support.clinic import clinic
from tests.support.service import Service, serving

QUESTION = "who must not take ketamine?"


PAGE = (
    '<!doctype html><html lang="en"><head><title>A clinic</title>'
    '<meta name="viewport" content="width=device-width">'
    '<meta name="color-scheme" content="light dark">'
    '<script src="{at}/static/passages-search.js" defer></script></head>'
    "<body><main><h1>A clinic</h1><passages-search>"
    '<a href="{at}/">Search our articles</a></passages-search></main></body></html>'
)
POLICY = (
    "default-src 'none'; script-src {at}; connect-src {at}; base-uri 'none'; "
    "form-action 'none'; require-trusted-types-for 'script'"
)


@pytest.fixture(scope="module")
def index(real_index: Path) -> Index:
    return open_index(real_index)


@pytest.fixture(scope="module")
def sites(index: Index) -> Iterator[tuple[str, Service]]:
    """The page's address, and the service."""
    with (
        clinic() as host,
        serving(lambda: index, ApiSettings(origins=(host.url,), burst=1000)) as service,
    ):
        host.page, host.policy = PAGE.format(at=service.url), POLICY.format(at=service.url)
        yield host.url, service


@pytest.fixture
def page(browser: Browser, sites: tuple[str, Service]) -> Iterator[Page]:
    """A tab on the page; at the end it is held to its policy and to having no cookies."""
    context = browser.new_context()
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    opened.goto(sites[0])
    yield opened
    assert context.cookies() == []
    assert opened.evaluate("localStorage.length + sessionStorage.length") == 0
    context.close()
    assert [fault for fault in faults if "favicon" not in fault] == []


def _ask(page: Page, question: str) -> None:
    page.get_by_role("searchbox").fill(question)
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_role("status")).not_to_have_text("Searching …")
    expect(page.get_by_role("status")).not_to_be_empty()


def test_passages_stand_under_their_headings_with_the_sentence_marked(
    index: Index, sites: tuple[str, Service], page: Page
) -> None:
    asked: list[tuple[str, str]] = []
    page.on("request", lambda request: asked.append((request.method, request.url)))
    _ask(page, QUESTION)
    answer = index.search(QUESTION, 5)
    best = answer.hits[0]
    expect(page.get_by_role("heading", level=2).first).to_have_text(best.passage.article.title)
    expect(page.get_by_role("heading", level=3).first).to_have_text(best.passage.headings[-1])
    expect(page.locator("mark").first).to_have_text(best.sentence)
    expect(page.get_by_role("heading", level=3)).to_have_count(len(answer.hits))
    link = page.get_by_role("link").first
    expect(link).to_have_attribute(
        "href", f"{sites[1].url}/article?a={best.passage.article.id}&p={best.to_json()['key']}"
    )
    assert asked == [("POST", f"{sites[1].url}/api/search")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_is_accessible(page: Page, scheme: Any, width: int) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    _ask(page, "can ketamine be taken with 500 mg of zanzibarine?")
    expect(page.get_by_role("heading", level=3).first).to_be_visible()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_the_articles_do_not_answer_is_said_and_nothing_is_marked(page: Page) -> None:
    _ask(page, "how do I bake sourdough bread?")
    expect(page.get_by_role("status")).to_contain_text(
        "I did not find an answer in these articles."
    )
    expect(page.locator("mark")).to_have_count(0)


def test_what_a_passage_does_not_mention_is_said_beside_it(index: Index, page: Page) -> None:
    question = "does ketamine help with depression and glaucoma in Norway?"
    _ask(page, question)
    lacking = next(hit for hit in index.search(question, 5).hits if hit.missing)
    words = ", ".join(f"“{word}”" for word in lacking.missing)
    expect(page.get_by_text(f"Not mentioned here: {words}.").first).to_be_visible()


def test_the_keyboard_is_enough(page: Page) -> None:
    page.keyboard.press("Tab")
    page.keyboard.type(QUESTION)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Search")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=3).first).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link").first).to_be_focused()
    page.get_by_role("searchbox").press("Escape")
    expect(page.get_by_role("searchbox")).to_have_value("")
    expect(page.get_by_role("heading", level=3)).to_have_count(0)


def test_hostile_words_stay_words(page: Page) -> None:
    _ask(page, '<img src=x onerror="document.title=1"> ketamine')
    expect(page.locator("img")).to_have_count(0)
    expect(page).to_have_title("A clinic")


def test_a_service_that_is_not_there_is_said(browser: Browser, sites: tuple[str, Service]) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(sites[0])
    page.route("**/api/search", lambda route: route.abort())
    _ask(page, QUESTION)
    expect(page.get_by_role("status")).to_have_text("The search cannot be reached just now.")
    page.unroute("**/api/search")
    page.route("**/api/search", lambda route: route.fulfill(status=429, body="{}"))
    _ask(page, QUESTION)
    expect(page.get_by_role("status")).to_contain_text("Too many questions just now.")
    context.close()


def test_without_scripts_there_is_a_link_to_the_page(
    browser: Browser, sites: tuple[str, Service]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(sites[0])
    expect(page.get_by_role("link", name="Search our articles")).to_be_visible()
    context.close()
