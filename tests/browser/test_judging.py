"""Two judges at the operator's page: blind, each in an order of their own; then quotes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from passages.evaluation.judgements import read_questions
from passages.evaluation.judging.labels import read_labels
from tests.browser.test_reading import assert_no_violations
from tests.support.site import Tab, serving

WHO = "who must not take ketamine?"
RIGHT = "such as glaucoma, heart disease"
ASKED = {"id": "who", "question": WHO, "kind": "direct"}


def _begin(tab: Tab, judge: str) -> list[str]:
    """Judge all that is asked; returns the passages in the order in which they were shown."""
    page = tab.page
    page.get_by_role("textbox", name="Your name").fill(judge)
    page.get_by_role("textbox", name="Your name").press("Enter")
    expect(page.locator(".prose")).to_be_visible()
    seen: list[str] = []
    left = _left(page)
    while left:
        assert not re.search("bm25|encoder|rrf|score", page.locator("main").inner_text())
        words = page.locator(".prose").inner_text()
        seen.append(words)
        said = "It answers" if RIGHT in words else "It does not"
        page.get_by_role("button", name=said).click()
        expect(
            page.get_by_text(f"{len(seen)} label{'' if len(seen) == 1 else 's'} by {judge}")
        ).to_be_visible()
        left -= 1
        if left:
            expect(page.get_by_text(_said(left))).to_be_visible()
    expect(page.get_by_text("Nothing is left to judge.")).to_be_visible()
    return seen


def _left(page: Page) -> int:
    found = re.search(r"(\d+) passages? left", page.locator("main").inner_text())
    assert found is not None
    return int(found[1])


def _said(left: int) -> str:
    return f"{left} passage{'' if left == 1 else 's'} left of this question"


def test_two_judges_agree_and_their_quotes_are_written(
    real_index: Path, tmp_path: Path, tabs: Callable[..., Tab]
) -> None:
    folder = tmp_path / "judging"
    folder.mkdir()
    (folder / "questions.jsonl").write_text(json.dumps(ASKED) + "\n", encoding="utf-8")
    with serving(real_index, tmp_path / "log", PASSAGES_JUDGING=str(folder)) as site:
        orders = []
        for judge in ("Ann", "Bea"):
            tab = tabs(site.url)
            tab.open("/judging", page="judging")
            orders.append(_begin(tab, judge))
        assert_no_violations(tab)
        table = tab.page.locator(".figures tbody tr")
        expect(table).to_have_count(1)
        cells = table.locator("td").all_inner_texts()
        tab.page.get_by_role("button", name="Write the quotes").click()
        expect(tab.page.get_by_text("1 questions in")).to_contain_text("0 questions left")
    first, second = orders
    assert sorted(first) == sorted(second)
    assert first != second
    assert cells == [str(len(first)), "1.000", "1.000"]
    assert {len(own) for own in read_labels(folder / "labels.jsonl").values()} == {len(first)}
    [written] = folder.glob("judged-*.jsonl")
    [question] = read_questions(written)
    assert question.pooled
    assert all(RIGHT in str(each.quote) for each in question.relevant)
    assert len(question.relevant) == sum(RIGHT in words for words in first) > 0
