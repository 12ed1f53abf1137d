"""A service as an index: the same answers as the folder that it serves, to the last digit."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from passages.cli.evaluate import add_options, evaluate
from passages.errors import BadSetting, ServiceUnavailable
from passages.opening import follow, open_index
from passages.search.scoring import RANKINGS
from passages.search.searcher import Index
from passages.service.client import Client, url_of
from passages.service.operating.settings import ApiSettings
from tests.support.service import Service, serving
from tests.support.toy import build

QUESTIONS = (
    "how much caffeine is in a cup of coffee?",
    "is grene tea biter",
    "500 mg of caffeine",
    "what is zanzibar?",
    "tea",
    " ",
    "tea " * 700,
    "κόσμε \x00 ❤ <b>",
)


@pytest.fixture
def remote(service: Service) -> Index:
    return open_index(service.url)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_has_the_same_answer(index: Index, remote: Index, question: str) -> None:
    for k, articles in ((10, None), (1, ["tea"]), (3, ["tea", "milk"]), (3, ["milk"]), (0, None)):
        here, there = index.search(question, k, articles), remote.search(question, k, articles)
        assert there == here
        assert there.to_json() == here.to_json()
        assert [hit.signals for hit in there.hits] == [hit.signals for hit in here.hits]
        assert [hit.passage.encoder_text for hit in there.hits] == [
            hit.passage.encoder_text for hit in here.hits
        ]


def test_articles_and_passages_are_the_same(index: Index, remote: Index) -> None:
    assert (
        list(remote.articles()) == list(index.articles()) == [("coffee", "Coffee"), ("tea", "Tea")]
    )
    for article, _ in index.articles():
        assert remote.article(article) == index.article(article)
        assert remote.passages_of(article) == index.passages_of(article)
    assert remote.article("milk") is None
    assert remote.passages_of("milk") == []
    assert remote.about.name == index.about.name
    assert remote.about.passages == 5


def test_an_index_is_followed_over_a_new_snapshot(
    corpus: Path, index_folder: Path, open_toy: Callable[[Path], Index]
) -> None:
    serves = [open_toy(index_folder)]
    with serving(lambda: serves[-1]) as service:
        remote = open_index(service.url)
        before = remote.search("tea", 1)
        (corpus / "tea.md").write_text("# Tea\n\nTea is made of leaves.\n", encoding="utf-8")
        build(corpus, index_folder)
        serves.append(open_toy(index_folder))
        after = remote.search("tea", 1)
    assert before.hits[0].passage.text == "Tea is a drink."
    assert after.hits[0].passage.text == "Tea is made of leaves."
    assert remote.about.name == serves[-1].about.name


def test_another_ranking_than_the_services_is_refused(service: Service, remote: Index) -> None:
    said = f"^{service.url}: a service answers by its own ranking; --settings, --setting and "
    with pytest.raises(BadSetting, match=said):
        remote.ranked_by(RANKINGS["bm25"])
    with pytest.raises(BadSetting, match=said):
        remote.answers("tea", {"bm25": RANKINGS["bm25"]})


def _options(*words: str) -> Any:
    import argparse

    parser = argparse.ArgumentParser()
    add_options(parser)
    return parser.parse_args(words)


def test_the_evaluation_measures_a_service_as_a_folder(
    index: Index, service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = tmp_path / "questions.jsonl"
    judged = {"id": "c", "question": QUESTIONS[0], "relevant": [{"quote": "holds 95 mg"}]}
    questions.write_text(json.dumps(judged) + "\n", encoding="utf-8")
    shared = ("--questions", str(questions), "--json")
    measured = []
    for address in ("folder", service.url):
        options = _options("--index", address, *shared)
        assert evaluate(options, lambda at: open_index(at) if url_of(at) else index) == 0
        measured.append(json.loads(capsys.readouterr().out))
    here, there = ({k: v for k, v in each.items() if k != "measured"} for each in measured)
    for each in (here, there):
        for timed in ("milliseconds_median", "milliseconds_p95"):
            del each["measures"][timed]
        for line in each["per_question"]:
            del line["milliseconds"]
    assert there == here
    assert there["measures"]["nDCG@10"] == 1.0
    for words in (("--settings", "full,bm25"), ("--headings",), ("--no-rerank",)):
        more = shared if words != ("--headings",) else ("--json",)
        with pytest.raises(BadSetting, match=f"^{service.url}: .*index folder$"):
            evaluate(_options("--index", service.url, *words, *more), open_index)


def test_an_address_keeps_its_meaning_as_a_path() -> None:
    assert url_of(Path("https://search.example/house/")) == "https://search.example/house"
    assert url_of("HTTP://127.0.0.1:8501") == "http://127.0.0.1:8501"
    assert url_of("index") is None
    assert url_of("C:/index") is None
    for address in ("https://user:word@search.example", "https://search.example?q=1"):
        with pytest.raises(BadSetting, match="expected an address such as"):
            open_index(address)
    with pytest.raises(BadSetting, match="from a folder, https:// or s3://, not ftp://"):
        open_index("ftp://search.example")


def test_what_goes_wrong_on_the_way_is_one_sentence(index: Index, service: Service) -> None:
    with pytest.raises(ServiceUnavailable, match=r"/house: no Passages service there"):
        open_index(f"{service.url}/house")
    closed_to_strangers = serving(lambda: index, ApiSettings(token="opensesame"))
    refused = pytest.raises(BadSetting, match=r"answers 401: Send the token.*PASSAGES_API_TOKEN")
    with closed_to_strangers as closed, refused:
        open_index(closed.url)
    with pytest.raises(ServiceUnavailable, match=f"^{closed.url} does not answer: .*refused"):
        open_index(closed.url)
    with serving(lambda: None) as empty:
        following = follow(empty.url)
        assert following.looked.wait(60)
        following.stop()
        assert following.index is None
        assert following.problem is not None
        assert "There is no index to answer from yet" in str(following.problem)


def test_a_client_waits_as_long_as_it_is_told(index: Index) -> None:
    waited: list[float] = []
    with serving(lambda: index, ApiSettings(rate=1e-6, burst=1)) as service:
        client = Client(service.url, wait=waited.append)
        client.post("/api/search", {"question": "tea"})
        with pytest.raises(ServiceUnavailable, match="answers 429: Too many questions"):
            client.post("/api/search", {"question": "tea"})
    with serving(lambda: index, ApiSettings(rate=1.0, burst=1)) as service:
        client = Client(service.url, wait=waited.append)
        client.post("/api/search", {"question": "tea"})
        with pytest.raises(ServiceUnavailable, match="answers 429"):
            client.post("/api/search", {"question": "tea"})
    assert waited == [1.0] * 30


@pytest.mark.real_model
def test_the_command_line_asks_a_service_as_a_folder(real_index: Path) -> None:
    index = open_index(real_index)
    question = "who must not take ketamine, 500 mg?"
    with serving(lambda: index) as service:
        told = [
            subprocess.run(
                [sys.executable, "-m", "passages", question, "--json", "--index", address],
                capture_output=True,
                text=True,
                check=True,
                timeout=120,
            ).stdout
            for address in (str(real_index), service.url)
        ]
        posted = service.post({"question": question}).json
    assert json.loads(told[0]) == json.loads(told[1]) == posted == index.search(question).to_json()
    assert posted["hits"]
