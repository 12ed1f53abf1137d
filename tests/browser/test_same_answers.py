"""One question, six ways to ask it: the same passages, scores and words."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from playwright.sync_api import expect

from passages.cli.main import main
from passages.opening import open_index
from passages.page.reading.results import cards
from passages.page.state import PAGE
from passages.search.answer import Answer
from passages.search.honesty.strength import NOT_FOUND, RELATED, STRONG, not_said
from tests.service.test_mcp import ask_client
from tests.support.site import Site, Tab

QUESTIONS = {
    "who must not take ketamine?": "answered",
    "what does a session cost?": "answered",
    "is the standard dose 5 mg/kg?": "related",
    "can I have ketamine with zanzibarine?": "not found",
    "how do I bake sourdough bread?": "not found",
}
CLOSEST = 3
"""Passages that the page shows where none answers."""
SAID = {"answered": "", "related": RELATED, "not found": NOT_FOUND}


def _posted(url: str, question: str) -> Any:
    body = json.dumps({"question": question}).encode()
    headers = {"Content-Type": "application/json"}
    with urlopen(Request(f"{url}/api/search", body, headers), timeout=60) as response:
        return json.load(response)


def _by_mcp(index: Path) -> list[dict[str, Any]]:
    """The structured answers of `passages mcp`, without what it adds."""
    command = ["-m", "passages", "mcp", "--index", str(index)]
    started = stdio_client(StdioServerParameters(command=sys.executable, args=command))

    async def ask(client: Client) -> list[dict[str, Any]]:
        given = [{"question": question, "k": 10} for question in QUESTIONS]
        return [dict((await client.call_tool("search", each)).structured_content) for each in given]

    answers: list[dict[str, Any]] = ask_client(started, ask)
    for answer in answers:
        del answer["note"]
        for hit in answer["hits"]:
            del hit["permalink"]
    return answers


def test_a_question_has_one_answer_however_it_is_asked(
    real_index: Path, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    index, remote = open_index(real_index), open_index(site.url)
    by_mcp = _by_mcp(real_index)
    for number, (question, verdict) in enumerate(QUESTIONS.items()):
        answer = index.search(question)
        assert answer.verdict == verdict, question
        assert main([question, "--json", "--index", str(real_index)]) == 0
        in_terminal = json.loads(capsys.readouterr().out)
        over_http = _posted(site.url, question)
        assert remote.search(question) == answer
        given = answer.to_json()
        assert in_terminal == over_http == by_mcp[number] == remote.search(question).to_json()
        assert in_terminal == given
        assert len(given["hits"]) == 10
    mismatch = index.search("is the standard dose 5 mg/kg?").to_json()["hits"][0]
    assert mismatch["numbers"] == [{"asked": "5 mg/kg", "says": "0.5 mg/kg, 0.06 mg/kg"}]


def test_the_page_shows_the_same_answer(
    real_index: Path, site: Site, tabs: Callable[..., Tab]
) -> None:
    index, tab = open_index(real_index), tabs(site.url)
    tab.open()
    for question in QUESTIONS:
        tab.ask(question)
        _holds(tab, index.search(question))


def _holds(tab: Tab, answer: Answer) -> None:
    """The words that the page shows are the answer's, card by card."""
    page, hits = tab.page, answer.hits[: PAGE if answer.covered else CLOSEST]
    shown = [card for group in cards(hits) for card in group]
    best = [card.hits[0] for card in shown]
    expect(page.locator(".card h3")).to_have_text(
        [(hit.passage.headings or ("Beginning of the article",))[-1] for hit in best]
    )
    main_text = page.locator("main").inner_text()
    for verdict, words in SAID.items():
        if words:
            assert (words in main_text) == (verdict == answer.verdict), answer.question
    prose = page.locator(".card .prose").all_inner_texts()
    for card, text in zip(shown, prose, strict=True):
        for hit in card.hits:
            assert _words(hit.passage.words) in _words(text)
    lacks = page.locator(".card").evaluate_all(
        "cards => cards.map(card => [...card.querySelectorAll('.lacks p')].map(p => p.innerText))"
    )
    assert lacks == [not_said(hit) for hit in best]
    expect(page.locator(".card .strength", has_text=STRONG)).to_have_count(
        sum(hit.strong for hit in best) if answer.verdict == "answered" else 0
    )
    if answer.verdict == "answered":
        assert _words(page.locator(".card mark").first.inner_text()) in _words(best[0].sentence)


def _words(text: str) -> str:
    return " ".join(text.split())
