"""One Chromium and one server for most tests; a tab of its own for each."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.support import ROOT
from tests.support.chromium import MISSING
from tests.support.site import CHROMIUM, Site, Tab, launch, serving

QUESTIONS = """\
{"id": "who", "question": "who must not take ketamine?", "kind": "paraphrase", "relevant": \
[{"quote": "such as glaucoma, heart disease"}]}
{"id": "dose", "question": "standard dose", "kind": "keywords", "relevant": \
[{"quote": "typically involves 0.5 mg/kg of ketamine per session"}]}
{"id": "bread", "question": "how do I bake bread?", "relevant": []}
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip where there is no browser, but never on a machine that is there to test."""
    missing = CHROMIUM is None and not os.environ.get("CI")
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("real_model")
            if missing:
                item.add_marker(pytest.mark.skip(reason=MISSING))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def site(real_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The server of all tests that change nothing."""
    folder = tmp_path_factory.mktemp("site")
    questions = folder / "questions.jsonl"
    questions.write_text(QUESTIONS, encoding="utf-8")
    shutil.copytree(real_index, folder / "index")
    with serving(
        folder / "index",
        folder / "log",
        PASSAGES_QUESTIONS=str(questions),
        PASSAGES_FEEDBACK=str(folder / "feedback"),
        PASSAGES_CORPUS=str(ROOT / "corpus"),
    ) as running:
        yield running


@pytest.fixture
def copies(real_index: Path, tmp_path: Path) -> tuple[Path, Path]:
    """An index and the articles that it was built from, for a test that changes them."""
    shutil.copytree(real_index, tmp_path / "index")
    shutil.copytree(ROOT / "corpus", tmp_path / "corpus")
    return tmp_path / "index", tmp_path / "corpus"


@pytest.fixture
def tabs(browser: Browser) -> Iterator[Callable[..., Tab]]:
    """Opens tabs; at the end each is held to having asked no other host."""
    opened: list[Tab] = []

    def open_tab(url: str, **options: Any) -> Tab:
        opened.append(Tab(browser, url, **options))
        return opened[-1]

    yield open_tab
    for tab in opened:
        tab.close()


@pytest.fixture
def tab(tabs: Callable[..., Tab], site: Site) -> Tab:
    return tabs(site.url)
