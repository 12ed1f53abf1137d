"""Articles in four languages, one from right to left, one without spaces, in Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.support.site import Site, Tab, serving


@pytest.fixture(scope="module")
def many(languages_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(languages_index, tmp_path_factory.mktemp("many") / "log") as running:
        yield running


def _direction(element: Locator) -> str:
    return str(element.evaluate("element => getComputedStyle(element).direction"))


@pytest.mark.parametrize(
    ("question", "language", "direction", "sentence", "word"),
    [
        (
            "Wann hat die Bibliothek am Samstag auf?",
            "de",
            "ltr",
            "Die Stadtbibliothek ist von Dienstag bis Freitag von 10 bis 19 Uhr geöffnet, "
            "samstags von 10 bis 14 Uhr.",
            "samstags",
        ),
        (
            "予約の取り消し",
            "ja",
            "ltr",
            "予約の取り消しは前日の午後五時までにお願いします。",
            "予約の取り消し",
        ),
        ("متى يغلق المتحف؟", "ar", "rtl", "يغلق المتحف يوم الاثنين.", "المتحف"),
        (
            "do children need a helmet",
            "en",
            "ltr",
            "Children under twelve must wear one.",
            "Children",
        ),
    ],
)
def test_each_language_is_answered_and_shown_as_it_is_written(
    many: Site,
    tabs: Callable[..., Tab],
    question: str,
    language: str,
    direction: str,
    sentence: str,
    word: str,
) -> None:
    tab = tabs(many.url)
    tab.open()
    tab.ask(question)
    card = tab.page.locator(".card").first
    prose = card.locator(".prose")
    for shown in (prose, tab.page.locator("header.article").first):
        expect(shown).to_have_attribute("lang", language)
        expect(shown).to_have_attribute("dir", direction)
        assert _direction(shown) == direction
    mark = prose.locator("mark").first
    expect(mark).to_have_text(sentence)
    assert _direction(mark) == direction
    # How sure an answer is was measured in English alone: elsewhere nothing is said of it.
    if language != "en":
        expect(tab.page.locator(".strength")).to_have_count(0)
    assert word in prose.locator(".word").all_inner_texts()
    tab.page.locator(".st-key-hit_1").get_by_role("link").click()
    tab.drawn("article", question)
    article = tab.page.locator(".reader article")
    expect(article).to_have_attribute("lang", language)
    expect(article).to_have_attribute("dir", direction)
    expect(article.locator("section.target mark").first).to_have_text(sentence)
    back = article.locator("section.target .back")  # the page's own words within the article
    expect(back).to_have_attribute("lang", "en")
    assert _direction(back) == "ltr"


def test_the_list_of_articles_names_their_languages(many: Site, tabs: Callable[..., Tab]) -> None:
    tab = tabs(many.url)
    tab.open("/articles", "articles")
    entries = tab.page.locator("article.entry")
    expect(entries).to_have_count(8)
    for name, language, direction, unit in (
        ("العربية", "ar", "rtl", "words"),
        ("日本語", "ja", "ltr", "characters"),
        ("Deutsch", "de", "ltr", "words"),
        ("English", "en", "ltr", "words"),
    ):
        entry = entries.filter(has_text=name).first
        expect(entry.locator("h2")).to_have_attribute("lang", language)
        expect(entry.locator("h2")).to_have_attribute("dir", direction)
        expect(entry.locator(".origin")).to_contain_text(unit)
        expect(entry.locator(f".origin bdi[lang={language}]").filter(has_text=name)).to_have_count(
            1
        )
