"""Everything at hand: the articles, suggestions while typing, an evaluation that goes on."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import expect

from tests.browser.test_reading import BREAD, EFFECTS, WHO, assert_no_violations
from tests.support import ROOT
from tests.support.site import Site, Tab, serving


def test_an_article_is_read_without_a_question(tab: Tab) -> None:
    tab.open()
    tab.page.get_by_role("link", name="Articles").click()
    tab.drawn("articles")
    entry = tab.page.locator(".entry").filter(has_text="Depression")
    expect(entry).to_contain_text("42 sections · 1,960 words")
    entry.get_by_text("Sections", exact=True).click()
    entry.get_by_role("link", name="Intranasal Ketamine").click()
    tab.drawn("article")
    heading = tab.page.locator("article").get_by_role("heading", name="Intranasal Ketamine")
    expect(heading).to_be_in_viewport()
    tab.page.get_by_role("link", name="All articles").click()
    tab.drawn("articles")


def test_suggestions_by_keyboard_and_by_mouse(tab: Tab) -> None:
    tab.open()
    box, options = tab.page.get_by_role("searchbox"), tab.page.get_by_role("option")
    box.press_sequentially("contraind")
    expect(options.first).to_contain_text("Contraindications")
    expect(tab.page.get_by_role("status").filter(has_text="suggestions")).to_have_count(1)
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", "passages-suggestion-0")
    chosen = options.first.inner_text()
    box.press("Enter")
    tab.drawn("search", chosen)
    expect(tab.page.locator(".card h3").first).to_have_text(chosen)
    box.fill("how much does")
    expect(options.first).to_be_visible()
    box.press("Escape")
    expect(options).to_have_count(0)
    box.fill("how much doe")
    words = options.first.inner_text()
    options.first.click()
    tab.drawn("search", words)


def test_a_question_is_asked_as_typed_whatever_is_suggested(tab: Tab) -> None:
    tab.open("/article?a=ketamine-dose-for-depression", "article")
    tab.page.get_by_role("searchbox").press_sequentially("side")
    expect(tab.page.get_by_role("option").first).to_be_visible()
    tab.page.get_by_role("searchbox").press("Enter")
    tab.drawn("search", "side")
    expect(tab.page.get_by_role("option")).to_have_count(0)


def test_without_the_route_of_suggestions_the_box_works(tab: Tab) -> None:
    tab.page.route("**/suggest?*", lambda route: route.abort())
    tab.open()
    tab.ask(WHO)
    expect(tab.page.locator(".card")).not_to_have_count(0)


def test_from_no_answer_to_one_by_a_word_of_the_articles(tab: Tab) -> None:
    tab.open(f"/?q={quote(BREAD)}", question=BREAD)
    words = tab.page.locator(".note.uncovered a")
    expect(words).to_have_count(3)
    word = words.first.inner_text()
    words.first.click()
    tab.drawn("search", word)
    expect(tab.page.locator(".note.uncovered")).to_have_count(0)


def test_related_sections_lead_into_their_article(tab: Tab) -> None:
    tab.open(f"/?q={quote(EFFECTS)}", question=EFFECTS)
    related = tab.page.get_by_role("navigation", name="Related sections").get_by_role("link")
    shown = tab.page.locator(".card h3").all_inner_texts()
    heading = related.first.inner_text()
    assert all(not heading.startswith(f"{each} ") for each in shown)
    related.first.click()
    tab.drawn("article", EFFECTS)
    expect(tab.page.locator("section.target")).to_be_focused()


def test_the_questions_are_asked_in_the_background_for_everybody(
    real_index: Path, tmp_path: Path, site: Site, tabs: Callable[..., Tab]
) -> None:
    index = tmp_path / "index"
    shutil.copytree(real_index, index)
    questions = tmp_path / "questions.jsonl"
    lines = (ROOT / "evaluation" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions.write_text("\n".join(lines[:60]) + "\n", encoding="utf-8")
    with serving(index, tmp_path / "log", PASSAGES_QUESTIONS=str(questions)) as own:
        first, second = tabs(own.url), tabs(own.url)
        first.open("/evaluation", "evaluation")
        first.page.get_by_role("button", name="Ask the questions now").click()
        expect(first.page.get_by_test_id("stProgress")).to_be_visible()
        first.open()
        second.open("/evaluation", "evaluation")
        expect(second.page.get_by_test_id("stProgress")).to_contain_text("/ 60")
        expect(second.page.get_by_role("heading", name="Question by question")).to_be_visible()


def test_what_readers_asked_in_vain_is_behind_the_password(
    real_index: Path, tmp_path: Path, tabs: Callable[..., Tab]
) -> None:
    with serving(
        real_index,
        tmp_path / "log",
        PASSAGES_GAPS=str(tmp_path / "gaps"),
        PASSAGES_PASSWORD="green tea",
    ) as own:
        tab = tabs(own.url)
        tab.open(f"/?q={quote(BREAD)}", question=BREAD)
        expect(tab.page.get_by_text("is kept for the editors for 90 days")).to_be_visible()
        tab.open("/gaps", "gaps")
        expect(tab.page.get_by_text("bread")).to_have_count(0)
        assert_no_violations(tab)
        tab.page.get_by_label("Password", exact=True).fill("green tea")
        tab.page.get_by_role("button", name="Open").click()
        expect(tab.page.get_by_role("table")).to_contain_text("no article speaks of bake, bread")
        tab.drawn("gaps")
        assert_no_violations(tab)
