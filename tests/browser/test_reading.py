"""A reader asks, clicks, goes back: what only a real browser shows."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.support.site import PHONE, WAIT, Site, Tab

EFFECTS = "what are the side effects?"
BREAD = "how do I bake bread?"
WHO = "who must not take ketamine?"


def test_first_visit_says_what_this_is_and_an_example_asks(tab: Tab) -> None:
    tab.open()
    page = tab.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Ask the articles")
    expect(page.locator("footer")).to_contain_text("in 3 articles · indexed")
    example = page.locator("a.example").first
    words = example.inner_text()
    example.click()
    tab.drawn("search", words)
    expect(page.get_by_role("searchbox")).to_have_value(words)
    assert "q=" in page.url


def test_ask_with_enter_and_with_the_button(tab: Tab) -> None:
    tab.open()
    tab.ask(EFFECTS)
    page = tab.page
    expect(page.get_by_role("status").first).to_contain_text("5 passages from 3 articles")
    expect(page.locator(".card")).not_to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_text("Results")
    expect(page.locator(".card mark").first).to_be_visible()
    page.get_by_role("searchbox").fill(WHO)
    page.get_by_role("button", name="Search", exact=True).click()
    tab.drawn("search", WHO)
    expect(page).to_have_title(f"{WHO} – Passages")
    assert (
        page.locator(".card h3").first.inner_text()
        == "The Contraindications for Ketamine Treatment"
    )


def test_back_and_forward_go_through_the_questions(tab: Tab) -> None:
    tab.open()
    tab.ask(EFFECTS)
    tab.ask(WHO)
    for step, question in (("back", EFFECTS), ("back", ""), ("forward", EFFECTS), ("forward", WHO)):
        tab.page.go_back() if step == "back" else tab.page.go_forward()
        tab.drawn("search", question)
        expect(tab.page.get_by_role("searchbox")).to_have_value(question)


def test_a_click_on_a_result_is_not_lost_while_something_is_typed(tab: Tab) -> None:
    tab.open(f"/?q={quote(WHO)}", question=WHO)
    tab.page.get_by_role("searchbox").fill("something that is never sent")
    tab.page.locator(".st-key-hit_1").get_by_role("link").click()
    tab.drawn("article", WHO)
    assert "never" not in tab.page.url


def test_from_a_result_into_the_article_and_back(tab: Tab) -> None:
    tab.open(f"/?q={quote(WHO)}", question=WHO)
    page = tab.page
    sentence = page.locator(".card mark").first.inner_text()
    page.locator(".st-key-hit_1").get_by_role("link").click()
    tab.drawn("article", WHO)
    mark = page.locator("section.target mark").first
    expect(mark).to_have_text(sentence)
    expect(mark).to_be_in_viewport()
    expect(page.locator("section.target")).to_be_focused()
    expect(page.locator("nav.outline [aria-current]")).to_be_in_viewport()
    page.get_by_role("link", name="Back to results").click()
    tab.drawn("search", WHO)
    expect(page.get_by_role("searchbox")).to_have_value(WHO)


def test_next_and_previous_passage_keep_the_address_right(tab: Tab) -> None:
    tab.open(f"/?q={quote(WHO)}", question=WHO)
    page = tab.page
    page.locator(".st-key-hit_1").get_by_role("link").click()
    tab.drawn("article", WHO)
    first = page.url
    expect(page.get_by_role("button", name="Previous")).to_be_disabled()
    page.get_by_role("button", name="Next").click()
    expect(page).not_to_have_url(first)
    tab.drawn("article", WHO)
    expect(page.locator("section.target")).to_be_in_viewport()
    page.go_back()
    expect(page).to_have_url(first)
    tab.drawn("article", WHO)
    expect(page.locator("section.target mark")).to_be_in_viewport()


def test_deep_links_open_cold(tab: Tab, tabs: Callable[..., Tab]) -> None:
    tab.open(f"/?q={quote(WHO)}", question=WHO)
    tab.page.locator(".st-key-hit_1").get_by_role("link").click()
    tab.drawn("article", WHO)
    address = tab.page.url.removeprefix(tab.url)
    cold = tabs(tab.url)
    cold.open(address, "article", WHO)
    expect(cold.page.locator("section.target mark")).to_be_in_viewport()
    cold.open("/article?a=gone&p=1-00000000", "article")
    expect(cold.page.get_by_role("heading", name="Article not found")).to_be_visible()


def test_the_outline_leads_to_its_heading(tab: Tab) -> None:
    tab.open("/article?a=ketamine-therapy-for-ptsd", "article")
    name = "Insurance Coverage for Ketamine Therapy"
    tab.page.get_by_role("navigation", name="Contents").get_by_role("link", name=name).click()
    expect(tab.page.get_by_role("heading", name=name)).to_be_in_viewport()


def test_show_more_adds_below_what_was_read(tab: Tab) -> None:
    tab.open(f"/?q={quote(EFFECTS)}", question=EFFECTS)
    headings = tab.page.locator(".card h3")
    before = headings.all_inner_texts()
    tab.page.get_by_role("button", name="Show more").click()
    expect(tab.page.get_by_role("status").first).to_contain_text("10 passages")
    assert headings.all_inner_texts()[: len(before)] == before


def test_the_filter_narrows_stays_in_the_address_and_goes_back(tab: Tab) -> None:
    tab.open(f"/?q={quote(EFFECTS)}", question=EFFECTS)
    page = tab.page
    page.get_by_text("Search only in: All articles").click()
    page.get_by_role("checkbox", name="Addiction").check()
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("status").first).to_contain_text("from 1 article")
    tab.drawn("search", EFFECTS)
    assert "in=ketamine-therapy-for-addiction" in page.url
    page.locator(".st-key-hit_1").get_by_role("link").click()
    tab.drawn("article", EFFECTS)
    page.get_by_role("link", name="Back to results").click()
    tab.drawn("search", EFFECTS)
    expect(page.get_by_role("status").first).to_contain_text("from 1 article")


def test_the_slash_leads_to_the_box_and_everything_works_by_keyboard(tab: Tab) -> None:
    tab.open()
    tab.page.keyboard.press("/")
    expect(tab.page.get_by_role("searchbox")).to_be_focused()
    tab.page.keyboard.type("a/b side effects")
    expect(tab.page.get_by_role("searchbox")).to_have_value("a/b side effects")
    tab.page.keyboard.press("Enter")
    tab.drawn("search", "a/b side effects")
    link = tab.page.locator(".st-key-hit_1").get_by_role("link")
    for _ in range(12):
        tab.page.keyboard.press("Tab")
        if link.evaluate("link => link === document.activeElement"):
            break
    expect(link).to_be_focused()
    tab.page.keyboard.press("Enter")
    tab.drawn("article", "a/b side effects")


def test_blank_long_and_foreign_questions(tab: Tab) -> None:
    tab.open()
    tab.page.get_by_role("searchbox").fill("   ")
    tab.page.get_by_role("searchbox").press("Enter")
    tab.drawn("search")
    expect(tab.page.locator("a.example").first).to_be_visible()
    tab.ask("Für wen ist Ketamin gefährlich? 🧠💊")
    tab.ask("ketamine dose " * 715)
    expect(tab.page.get_by_role("status").first).to_be_visible()


def test_what_the_articles_do_not_cover_is_said_first(tab: Tab) -> None:
    tab.open()
    tab.ask(BREAD)
    expect(tab.page.get_by_role("status").first).to_contain_text("No answer found")
    expect(tab.page.get_by_role("heading", level=2).first).to_contain_text("did not find an answer")
    expect(tab.page.get_by_role("heading", name="Closest passages")).to_be_visible()
    expect(tab.page.locator(".card mark")).to_have_count(0)


def test_hostile_questions_are_words(tab: Tab) -> None:
    hostile = "<img src=x onerror=alert(1)> **a** :smile: $x$ </style><script>alert(2)</script>"
    tab.page.on("dialog", lambda dialog: tab.faults.append(dialog.message))
    tab.open()
    tab.ask(hostile)
    expect(tab.page.locator(".status q")).to_have_text(hostile)
    tab.open(f"/?q={quote(hostile)}&in={quote(hostile)}", question=hostile)
    tab.open(
        f"/article?a={quote(hostile)}&p={quote(hostile)}&q={quote(hostile)}", "article", hostile
    )


def test_an_emergency_is_answered_with_the_notice_first(tab: Tab) -> None:
    tab.open()
    tab.ask("I want to kill myself")
    notice = tab.page.get_by_role("alert").filter(has_text="emergency")
    expect(notice).to_be_visible()
    assert_no_violations(tab)
    tab.ask(EFFECTS)
    expect(notice).to_have_count(0)


def test_feedback_thanks_and_is_given_once(tab: Tab) -> None:
    tab.open(f"/?q={quote(WHO)}", question=WHO)
    card = tab.page.locator(".st-key-hit_1")
    card.get_by_role("button", name="Yes").click()
    expect(card.get_by_text("Thank you")).to_be_visible()
    expect(card.get_by_role("button", name="Yes")).to_have_count(0)


def test_a_judged_question_is_asked_by_a_click(tab: Tab) -> None:
    tab.open("/evaluation", "evaluation")
    measure(tab)
    table = tab.page.get_by_test_id("stDataFrame")
    table.scroll_into_view_if_needed()
    expect(table.locator("canvas").first).to_be_visible()
    table.click(position={"x": 100, "y": 55})
    tab.drawn("search", WHO)
    expect(tab.page.locator(".card")).not_to_have_count(0)


def measure(tab: Tab, patience: float = WAIT) -> None:
    """Have the judged questions asked, unless they are or have been."""
    button = tab.page.get_by_role("button", name="Ask the questions now")
    table = tab.page.get_by_test_id("stDataFrame")
    expect(button.or_(table).first).to_be_visible()
    if button.is_visible():
        button.click()
    expect(table).to_be_visible(timeout=patience)
    tab.drawn("evaluation")


SCREENS = {
    "/": ("search", ""),
    f"/?q={quote(EFFECTS)}": ("search", EFFECTS),
    f"/article?a=ketamine-therapy-for-ptsd&q={quote(EFFECTS)}": ("article", EFFECTS),
    f"/?q={quote(BREAD)}": ("search", BREAD),
    "/article?a=gone": ("article", ""),
    "/articles": ("articles", ""),
    "/evaluation": ("evaluation", ""),
    "/index": ("index", ""),
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_screen_is_accessible(scheme: str, site: Site, tabs: Callable[..., Tab]) -> None:
    tab = tabs(site.url, color_scheme=scheme)
    for address, (page, question) in SCREENS.items():
        tab.open(address, page, question)
        assert_no_violations(tab)


def test_nothing_scrolls_sideways_on_a_phone(site: Site, tabs: Callable[..., Tab]) -> None:
    tab = tabs(site.url, viewport=PHONE, color_scheme="dark", has_touch=True)
    for address, (page, question) in SCREENS.items():
        tab.open(address, page, question)
        width = tab.page.get_by_test_id("stMain").evaluate("main => main.scrollWidth")
        assert width <= PHONE["width"], address
    assert_no_violations(tab)


def assert_no_violations(tab: Tab) -> None:
    found = Axe().run(tab.page)
    assert found.violations_count == 0, found.generate_report()
