"""The HTTP API, asked on a port of this machine."""

from __future__ import annotations

import gzip
import json
import logging
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from passages.errors import BadSetting, IndexDamaged, PartMissing
from passages.search.answer import key
from passages.search.searcher import Index
from passages.service.operating.limits import TokenBuckets
from passages.service.operating.settings import ApiSettings, api_settings
from passages.service.problems import Problem
from passages.version import VERSION
from tests.support.service import Service, serving
from tests.support.toy import build

QUESTION = "how much caffeine is in a cup of coffee?"


def test_one_question_is_answered_with_the_json_of_the_search(
    index: Index, service: Service
) -> None:
    wanted = index.search(QUESTION, 3).to_json()
    assert service.post({"question": QUESTION, "k": 3}).json == wanted
    assert (
        service.get("/api/search?k=3&q=how+much+caffeine+is+in+a+cup+of+coffee%3F").json == wanted
    )
    assert wanted["hits"][0]["text"] == "A cup of coffee holds 95 mg of caffeine."


def test_many_questions_are_answered_in_their_order(index: Index, service: Service) -> None:
    questions = ["is green tea bitter?", QUESTION]
    got = service.post({"questions": questions, "k": 1, "articles": ["tea"]}).json
    assert got == {"answers": [index.search(q, 1, ["tea"]).to_json() for q in questions]}
    assert [hit["article"] for answer in got["answers"] for hit in answer["hits"]] == ["tea", "tea"]


def test_signals_are_given_to_who_wants_them(index: Index, service: Service) -> None:
    [hit] = service.post({"question": QUESTION, "k": 1, "whole": True}).json["hits"]
    best = index.search(QUESTION, 1).hits[0].signals
    assert best is not None
    assert hit["signals"]["bm25"] == best.bm25
    assert hit["signals"]["by_words"] == 1


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"{", 400, "not JSON"),
        (b"[" * 50_000, 400, "not JSON"),
        (b"\xff", 400, "not JSON"),
        (b"[]", 422, "JSON object"),
        (b"{}", 422, "either question or questions"),
        (b'{"question": " "}', 422, "something in it"),
        (b'{"question": "\\ud800"}', 422, "surrogate"),
        (b'{"question": 7}', 422, "something in it"),
        (b'{"question": "a", "k": 0}', 422, "from 1 to 100"),
        (b'{"question": "a", "k": 1e400}', 422, "from 1 to 100"),
        (b'{"question": "a", "k": NaN}', 422, "from 1 to 100"),
        (b'{"question": "a", "k": true}', 422, "from 1 to 100"),
        (b'{"question": "a", "top": 3}', 422, "No field 'top'"),
        (b'{"questions": []}', 422, "1 to 20"),
        (b'{"question": "a", "articles": ["milk"]}', 404, "no article 'milk'"),
        (json.dumps({"question": "a" * 2001}).encode(), 422, "2,000 characters"),
        (b" " * 200_001, 413, "200,000 bytes"),
    ],
)
def test_what_means_nothing_is_refused_and_named(
    service: Service, body: bytes, status: int, said: str
) -> None:
    got = service.send("POST", "/api/search", body, {"Content-Type": "application/json"})
    assert got.status == status
    assert got.headers["content-type"] == "application/problem+json"
    assert got.json["status"] == status
    assert said in got.json["detail"]


def test_refusals_of_the_router_are_problems_too(service: Service) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert service.send("POST", "/api/search", b"question=a", form).json["status"] == 415
    assert service.get("/api/nothing").json["title"] == "Not Found"
    refused = service.send("DELETE", "/api/search", None, {})
    assert (refused.status, set(refused.headers["allow"].split(", "))) == (
        405,
        {"GET", "HEAD", "POST"},
    )


def test_articles_are_listed_a_part_at_a_time(service: Service) -> None:
    first = service.get("/api/articles?limit=1").json
    assert first == {"articles": [{"id": "coffee", "title": "Coffee"}], "next": "coffee"}
    rest = service.get("/api/articles?limit=1&after=coffee").json
    assert rest == {"articles": [{"id": "tea", "title": "Tea"}], "next": None}


def test_an_article_comes_with_how_it_is_cut(index: Index, service: Service) -> None:
    got = service.get("/api/articles/tea").json
    assert got["text"].startswith("# Tea\n\nTea is a drink.")
    assert [each["headings"] for each in got["passages"]] == [[], ["Green tea"], ["Black tea"]]
    green = got["passages"][1]
    assert [green["words"][a:b] for a, b in green["sentences"]] == [
        "Green tea is not fermented.",
        "It is bitter.",
    ]
    assert service.get("/api/articles/milk").status == 404


def test_a_permalink_finds_the_passage_after_an_edit(
    corpus: Path, index_folder: Path, open_toy: Callable[[Path], Index]
) -> None:
    before = key(open_toy(index_folder).passages_of("tea")[2])
    tea = corpus / "tea.md"
    tea.write_text(tea.read_text("utf-8").replace("a drink", "a very old drink"), encoding="utf-8")
    build(corpus, index_folder)
    index = open_toy(index_folder)
    with serving(lambda: index) as service:
        found = service.get(f"/api/passages/{before}?article=tea").json
        assert found["text"] == "Black tea is fermented for hours."
        assert found["key"] != before
        assert service.get("/api/passages/1-00000000?article=tea").status == 404
        assert service.get(f"/api/passages/{before}").status == 422


def test_suggestions_are_headings_and_approved_questions(index: Index, tmp_path: Path) -> None:
    approved = tmp_path / "approved.txt"
    approved.write_text("# for the box\nWhat is in green tea?\n", encoding="utf-8")
    with serving(lambda: index, ApiSettings(suggestions=approved)) as service:
        service.post({"question": "green apples"})
        found = service.get("/api/suggest?q=gre").json["suggestions"]
    assert [(each["kind"], each["text"]) for each in found] == [
        ("question", "What is in green tea?"),
        ("heading", "Green tea"),
    ]
    assert (found[1]["article"], found[1]["anchor"]) == ("tea", "green-tea")


def test_a_client_that_has_this_snapshots_answer_is_told_so(index: Index, service: Service) -> None:
    tag = service.get("/api/about").headers["etag"]
    assert tag == f'W/"{index.about.name}.{VERSION}"'
    assert service.get("/api/about").json["passages"] == 5
    for path in ("/api/about", "/api/search?q=tea", "/api/articles", "/api/articles/tea"):
        again = service.get(path, If_None_Match=tag)
        assert (again.status, again.body) == (304, b"")
    assert service.get("/api/about", If_None_Match='W/"other"').status == 200


def test_long_answers_are_compressed(index: Index, service: Service) -> None:
    got = service.post({"question": QUESTION}, Accept_Encoding="gzip")
    assert got.headers["content-encoding"] == "gzip"
    assert json.loads(gzip.decompress(got.body)) == index.search(QUESTION).to_json()


def test_who_asks_too_often_is_told_when_to_come_back(index: Index) -> None:
    with serving(lambda: index, ApiSettings(rate=0.01, burst=2)) as service:
        assert service.post({"questions": ["tea", "coffee"]}).status == 200
        refused = service.post({"question": "tea"})
    assert (refused.status, refused.json["title"]) == (429, "Too Many Requests")
    assert 98 <= int(refused.headers["retry-after"]) <= 100


def test_a_bucket_fills_with_time_for_each_network_alone() -> None:
    now = [0.0]
    buckets = TokenBuckets(2.0, 4, lambda: now[0])
    buckets.take("2001:db8::1", 4)
    buckets.take("2001:db8:0:1::1", 4)
    with pytest.raises(Problem, match="Too many questions") as refused:
        buckets.take("2001:db8::2", 3)
    assert refused.value.headers == {"Retry-After": "2"}
    now[0] = 1.5
    buckets.take("2001:db8::3", 3)


def test_when_all_are_busy_and_the_queue_is_full_one_more_is_refused(index: Index) -> None:
    asked, answer = threading.Semaphore(0), threading.Event()

    class Slow(Index):
        def search(self, *arguments: object, **options: object) -> object:  # type: ignore[override]
            asked.release()
            assert answer.wait(30)
            return index.search("tea")

    slow = Slow(index.source, index.encoder, index.ranking)
    settings = ApiSettings(burst=1000, concurrent=1, waiting=1)
    with serving(lambda: slow, settings) as service:
        statuses: list[int] = []
        ask = lambda: statuses.append(service.post({"question": "tea"}).status)  # noqa: E731
        clients = [threading.Thread(target=ask) for _ in range(3)]
        for client in clients:
            client.start()
        assert asked.acquire(timeout=30)
        refused = next(client for client in _ending(clients))
        answer.set()
        for client in clients:
            client.join(30)
        assert not refused.is_alive()
    assert sorted(statuses) == [200, 200, 429]


def _ending(clients: list[threading.Thread]) -> Iterator[threading.Thread]:
    """The clients as they end."""
    while True:
        for client in clients:
            client.join(0.05)
            if not client.is_alive():
                yield client


def test_a_token_opens_the_api_and_its_figures(index: Index) -> None:
    with serving(lambda: index, ApiSettings(token="opensesame")) as service:
        for path in ("/api/about", "/metrics"):
            refused = service.get(path)
            assert (refused.status, refused.headers["www-authenticate"]) == (401, "Bearer")
            assert service.get(path, Authorization="Bearer opensesam").status == 401
            assert service.get(path, Authorization="Bearer opensesame").status == 200
        assert service.get("/health").status == 200


def test_no_other_site_may_ask_but_those_that_are_named(index: Index, service: Service) -> None:
    preflight = {
        "Origin": "https://clinic.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    allowed = "access-control-allow-origin"
    assert allowed not in service.post({"question": "tea"}, Origin="https://clinic.example").headers
    assert allowed not in service.send("OPTIONS", "/api/search", None, preflight).headers
    with serving(lambda: index, ApiSettings(origins=("https://clinic.example",))) as open_to_one:
        got = open_to_one.send("OPTIONS", "/api/search", None, preflight)
        assert (got.status, got.headers[allowed]) == (200, "https://clinic.example")
        other = open_to_one.post({"question": "tea"}, Origin="https://other.example")
        assert allowed not in other.headers


def test_a_host_name_that_is_not_served_is_refused(index: Index, service: Service) -> None:
    assert service.get("/api/about", Host="evil.example").status == 400
    assert service.get("/api/about", Host="localhost:8501").status == 200
    assert service.get("/api/about", Host="[::1]:8501").status == 200


def test_without_an_index_health_and_questions_say_so() -> None:
    with serving(lambda: None) as service:
        assert (service.get("/health").status, service.get("/health").json) == (
            503,
            {"snapshot": None},
        )
        refused = service.post({"question": "tea"})
        assert (refused.status, refused.headers["retry-after"]) == (503, "5")


def test_a_fault_is_one_sentence_and_its_traceback_is_logged(
    index: Index, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(Index):
        def search(self, *arguments: object, **options: object) -> object:  # type: ignore[override]
            raise errors.pop()

    errors = [RuntimeError("a secret path"), IndexDamaged("a secret path")]
    broken = Broken(index.source, index.encoder)
    with serving(lambda: broken) as service:
        assert service.post({"question": "tea"}).status == 503
        got = service.post({"question": "tea"})
    assert (got.status, b"secret" in got.body) == (500, False)
    assert "RuntimeError: a secret path" in caplog.text


def test_a_shard_that_cannot_be_asked_is_named_and_counted(index: Index) -> None:
    class Missing(Index):
        def search(self, *arguments: object, **options: object) -> object:  # type: ignore[override]
            raise PartMissing("part 3 of 64 cannot be asked")

    with serving(lambda: Missing(index.source, index.encoder)) as service:
        got = service.post({"question": "tea"})
        metrics = service.get("/metrics").body.decode()
    assert (got.status, got.headers["retry-after"]) == (503, "5")
    assert got.json["detail"] == "The index cannot be asked now: part 3 of 64 cannot be asked."
    assert "passages_part_missing_total 1.0" in metrics
    [built] = [line for line in metrics.splitlines() if line.startswith("passages_built_seconds ")]
    created = datetime.fromisoformat(index.about.created).timestamp()
    assert float(built.split()[1]) == created


@pytest.mark.parametrize("switched_on", [False, True])
def test_a_question_is_in_the_log_only_where_that_is_switched_on(
    index: Index, caplog: pytest.LogCaptureFixture, switched_on: bool
) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(lambda: index, ApiSettings(log_questions=switched_on)) as service:
        service.get("/api/search?q=zanzibar")
        service.post({"question": "zanzibar"})
    assert [line.count("/api/search") for line in caplog.messages if "/api/search" in line] == [
        1,
        1,
    ]
    assert ("zanzibar" in caplog.text) is switched_on


def test_the_search_box_is_small_and_may_be_used_by_other_sites(service: Service) -> None:
    got = service.get("/static/passages-search.js")
    assert got.headers["content-type"] == "text/javascript; charset=utf-8"
    assert got.headers["cross-origin-resource-policy"] == "cross-origin"
    assert b'customElements.define("passages-search"' in got.body
    assert len(got.body) <= 15_000


def test_prometheus_is_told_what_was_asked_and_what_serves(service: Service) -> None:
    service.post({"questions": [QUESTION, "zanzibar"]})
    got = service.get("/metrics")
    lines = got.body.decode().splitlines()
    assert got.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'passages_requests_total{method="POST",route="search",status="200"} 1.0' in lines
    assert "passages_search_seconds_count 2.0" in lines
    assert "passages_passages 5.0" in lines


def test_settings_are_read_from_the_environment() -> None:
    told = api_settings(
        {
            "PASSAGES_API_TOKEN": "t",
            "PASSAGES_API_ORIGINS": "https://a.example https://b.example",
            "PASSAGES_API_RATE": "0.5",
            "PASSAGES_API_BURST": "7",
            "PASSAGES_API_LOG_QUESTIONS": "yes",
        }
    )
    origins = ("https://a.example", "https://b.example")
    assert told == ApiSettings("t", origins, rate=0.5, burst=7, log_questions=True)
    for name, value in (("RATE", "0"), ("BURST", "1.5"), ("WAITING", "many"), ("RATE", "nan")):
        with pytest.raises(BadSetting, match=f"^PASSAGES_API_{name}={value}: expected"):
            api_settings({f"PASSAGES_API_{name}": value})
