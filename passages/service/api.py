"""The routes of the HTTP API, below `/api`."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from itertools import islice
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from passages.search.answer import Answer, resolve
from passages.search.searcher import Index
from passages.service.contract import asked, wire
from passages.service.contract.asked import Asked
from passages.service.contract.openapi import document
from passages.service.operating.limits import MAX_BODY, Gate, TokenBuckets
from passages.service.operating.metrics import Metrics
from passages.service.operating.settings import ApiSettings
from passages.service.problems import Problem
from passages.service.suggestions import Suggestions
from passages.version import VERSION

MAX_LISTED = 1_000
"""Articles in one list."""

MAX_SUGGESTED = 20


class Api:
    """The handlers; each answers from the index that serves when the request comes."""

    def __init__(
        self, current: Callable[[], Index | None], settings: ApiSettings, metrics: Metrics
    ) -> None:
        self._current = current
        self._metrics = metrics
        self._buckets = TokenBuckets(settings.rate, settings.burst)
        self._gate = Gate(settings.concurrent, settings.waiting)
        self._suggestions = Suggestions(settings.suggestions)

    async def search(self, request: Request) -> Response:
        """`POST /api/search`, `GET /api/search`: a question, or several."""
        posted = request.method == "POST"
        wanted = asked.from_body(await _body(request)) if posted else self._from_query(request)
        request.state.questions = wanted.questions
        index = self._index()
        if not posted and (unchanged := _unchanged(request, index)):
            return unchanged
        self._buckets.take(request.client.host if request.client else "", len(wanted.questions))
        async with self._gate.turn():
            answers = await run_in_threadpool(self._answers, index, wanted)
        shown = [wire.answer_json(answer, whole=wanted.whole) for answer in answers]
        return _json({"answers": shown} if wanted.many else shown[0], index, tagged=not posted)

    async def articles(self, request: Request) -> Response:
        """`GET /api/articles`: ids and titles, from the one after `after` on."""
        index = self._index()
        limit = asked.whole(request.query_params, "limit", MAX_LISTED, MAX_LISTED)
        after = request.query_params.get("after", "")
        if unchanged := _unchanged(request, index):
            return unchanged

        def listed() -> list[tuple[str, str]]:
            following = (entry for entry in index.articles() if entry[0] > after)
            return list(islice(following, limit + 1))

        found = await run_in_threadpool(listed)
        entries = [{"id": article, "title": title} for article, title in found[:limit]]
        more = entries[-1]["id"] if len(found) > limit else None
        return _json({"articles": entries, "next": more}, index)

    async def article(self, request: Request) -> Response:
        """`GET /api/articles/{id}`: an article and its passages."""
        index = self._index()
        wanted = request.path_params["id"]
        if unchanged := _unchanged(request, index):
            return unchanged
        article = await run_in_threadpool(index.article, wanted)
        if article is None:
            raise Problem(404, "There is no such article.")
        passages = await run_in_threadpool(index.passages_of, wanted)
        return _json(wire.article_json(article, passages), index)

    async def passage(self, request: Request) -> Response:
        """`GET /api/passages/{key}?article=`: a passage by its permalink, after edits too."""
        index = self._index()
        article = request.query_params.get("article", "")
        if not article:
            raise Problem(422, "Send the id of the article as the parameter article.")
        if unchanged := _unchanged(request, index):
            return unchanged
        passages = await run_in_threadpool(index.passages_of, article)
        if not passages:
            raise Problem(404, "There is no such article.")
        found = resolve(request.path_params["key"], passages)
        if found is None:
            raise Problem(404, "The article no longer has these words.")
        own = {"article": article, "title": found.article.title, "text": found.text}
        return _json(own | wire.passage_json(found), index)

    async def suggest(self, request: Request) -> Response:
        """`GET /api/suggest?q=`: headings and approved questions."""
        index = self._index()
        n = asked.whole(request.query_params, "n", 10, MAX_SUGGESTED)
        typed = request.query_params.get("q", "")
        found = await run_in_threadpool(self._suggestions.find, index, typed, n)
        return _json({"suggestions": [each.to_json() for each in found]}, index)

    async def about(self, request: Request) -> Response:
        """`GET /api/about`: what serves."""
        index = self._index()
        return _unchanged(request, index) or _json(wire.about_json(index.about, VERSION), index)

    async def openapi(self, request: Request) -> Response:
        """`GET /api/openapi.json`: all of this, described."""
        return Response(json.dumps(document()), media_type="application/json")

    def _index(self) -> Index:
        index = self._current()
        if index is None:
            raise Problem(503, "There is no index to answer from yet.", retry_after=5)
        return index

    def _from_query(self, request: Request) -> Asked:
        return asked.from_query(request.query_params)

    def _answers(self, index: Index, wanted: Asked) -> list[Answer]:
        for article in wanted.articles or ():
            if index.article(article) is None:
                raise Problem(404, f"There is no article {article!r}.")
        answers = []
        for question in wanted.questions:
            started = time.perf_counter()
            answers.append(index.search(question, wanted.k, wanted.articles))
            self._metrics.answered(answers[-1], time.perf_counter() - started)
        return answers


async def _body(request: Request) -> bytes:
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise Problem(415, "Send the question as application/json.")
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY:
            raise Problem(413, f"The body may have {MAX_BODY:,} bytes.")
    return bytes(body)


def _tag(index: Index) -> str:
    # Weak: the same answer goes out compressed and not.
    return f'W/"{index.about.name}.{VERSION}"'


def _unchanged(request: Request, index: Index) -> Response | None:
    """304 where the client has what this snapshot answers; its tag is the snapshot's name."""
    known = [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]
    if _tag(index) in known or known == ["*"]:
        return Response(None, 304, _headers(index, tagged=True))
    return None


def _headers(index: Index, *, tagged: bool) -> dict[str, str]:
    headers = {"Passages-Snapshot": index.about.name}
    if tagged:
        return {**headers, "ETag": _tag(index), "Cache-Control": "private, no-cache"}
    return {**headers, "Cache-Control": "no-store"}


def _json(value: Any, index: Index, *, tagged: bool = True) -> Response:
    body = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    headers = _headers(index, tagged=tagged)
    return Response(body.encode(), 200, headers, media_type="application/json")
