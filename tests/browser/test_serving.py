"""The index and the server change under an open page."""

from __future__ import annotations

import http.client
import urllib.request
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from passages.building.build import build
from tests.browser.test_reading import WHO, assert_no_violations
from tests.support.site import Tab, serving, until

HOSTILE = """---
title: "<img src=x onerror=alert(1)> *title* :smile:"
---
# <script>alert(1)</script> [a](javascript:alert(1)) $x$

<script>alert(2)</script> <style>* {display: none}</style> <form action="//evil.example"></form>

## Is **this** :material/home: <b onclick="alert(3)">heading</b> hostile?

Toxic text. ![pixel](https://evil.example/p.png) [link](javascript:alert(4)) </article></div>
{{7*7}} `</code><script>alert(5)</script>` &lt;script&gt;
"""


def test_a_question_survives_the_restart_of_the_server(
    real_index: Path, tmp_path: Path, tabs: Callable[..., Tab]
) -> None:
    with serving(real_index, tmp_path / "log") as site:
        tab = tabs(site.url)
        tab.open()
        tab.ask("side effects")
        site.stop()
        site.start()
        tab.ask(WHO)
        expect(tab.page.locator(".card").first).to_contain_text("glaucoma")


def test_a_new_snapshot_serves_an_open_page_and_hostile_articles_are_words(
    copies: tuple[Path, Path], tmp_path: Path, tabs: Callable[..., Tab]
) -> None:
    index, corpus = copies
    with serving(index, tmp_path / "log", PASSAGES_CORPUS=str(corpus)) as site:
        tab = tabs(site.url)
        tab.page.on("dialog", lambda dialog: tab.faults.append(dialog.message))
        tab.open()
        expect(tab.page.locator("footer")).to_contain_text("3 articles")
        for path in (*corpus.glob("*.md"), corpus / "_page.toml"):
            path.unlink()
        (corpus / "hostile.md").write_text(HOSTILE, encoding="utf-8")
        name = build(corpus, index).snapshot
        _serves(site.url, str(name))
        tab.ask("toxic text")
        expect(tab.page.locator(".card").first).to_contain_text("Toxic text. pixel link")
        expect(tab.page.locator("details.narrow")).to_have_count(0)  # only one article
        expect(tab.page.locator("footer")).to_contain_text("1 article")
        assert_no_violations(tab)
        tab.page.locator(".st-key-hit_1").get_by_role("link").click()
        tab.drawn("article", "toxic text")
        expect(tab.page.locator("article script, article img, article form")).to_have_count(0)
        tab.open()
        example = tab.page.locator("a.example").first
        expect(example).to_have_text("Is this :material/home: heading hostile?")


def test_the_first_run_of_the_shipped_articles_builds_by_itself(
    tmp_path: Path, tabs: Callable[..., Tab]
) -> None:
    with serving(tmp_path / "index", tmp_path / "log") as site:
        tab = tabs(site.url)
        tab.page.goto(site.url)
        progress = tab.page.get_by_test_id("stProgress")
        expect(progress).to_contain_text("Building the index", timeout=30_000)
        assert_no_violations(tab)
        expect(tab.page.locator("footer")).to_contain_text("in 3 articles", timeout=90_000)
        tab.ask(WHO)


def test_no_index_and_a_damaged_one_have_their_screens(
    tmp_path: Path, tabs: Callable[..., Tab]
) -> None:
    index = tmp_path / "index"
    with serving(index, tmp_path / "log", PASSAGES_CORPUS=str(tmp_path)) as site:
        tab = tabs(site.url)
        tab.open()
        expect(tab.page.get_by_role("heading", name="There is no index yet")).to_be_visible()
        expect(tab.page.get_by_test_id("stCode")).to_contain_text(
            "python -m passages build --corpus"
        )
        expect(tab.page.get_by_role("button", name="Build the index")).to_have_count(0)
        assert_no_violations(tab)
        index.mkdir()
        (index / "CURRENT").write_text("{", encoding="utf-8")
        expect(tab.page.get_by_role("heading", name="The index is damaged")).to_be_visible()
        assert_no_violations(tab)


def test_the_server_keeps_to_itself(real_index: Path, tmp_path: Path) -> None:
    with serving(real_index, tmp_path / "log") as site:
        with urllib.request.urlopen(site.url) as answer:
            assert "default-src 'self'" in answer.headers["content-security-policy"]
            assert answer.headers["referrer-policy"] == "no-referrer"
        assert _handshake(site.url, "127.0.0.1") == 101
        assert _handshake(site.url, "evil.example") == 403  # a name that was pointed at this server


def test_an_error_is_one_plain_sentence_and_its_details_are_in_the_log(
    real_index: Path, tmp_path: Path, tabs: Callable[..., Tab]
) -> None:
    notice = tmp_path / "notice.md"
    notice.write_text("---\nphrases: []\n---\nText", encoding="utf-8")
    with serving(real_index, tmp_path / "log", PASSAGES_NOTICE=str(notice)) as site:
        notice.unlink()
        tab = tabs(site.url)
        tab.page.goto(f"{site.url}/?q=anything")
        expect(tab.page.get_by_role("alert")).to_have_text(
            "Something went wrong here. Please try again."
        )
        assert_no_violations(tab)
        assert "notice.md" not in tab.page.content()
        assert "FileNotFoundError" in site.log


def _handshake(url: str, host: str) -> int:
    """The status with which a websocket to the server is opened or refused."""
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)
    connection.request(
        "GET",
        "/_stcore/stream",
        headers={
            "Host": host,
            "Origin": f"http://{host}",
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "c2l4dGVlbiBieXRlcyEhIQ==",
        },
    )
    try:
        return connection.getresponse().status
    finally:
        connection.close()


def _serves(url: str, snapshot: str) -> None:
    """Wait until this snapshot serves."""

    def served() -> bool:
        with urllib.request.urlopen(f"{url}/health") as answer:
            return snapshot in answer.read().decode()

    until(served, "the new snapshot does not serve")
