"""The API as an application: who may ask, what is logged, and which error becomes which status."""

from __future__ import annotations

import hmac
import logging
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from passages.errors import PartMissing, PassagesError
from passages.search.searcher import Index
from passages.service import problems
from passages.service.api import Api
from passages.service.operating import metrics
from passages.service.operating.health import health
from passages.service.operating.metrics import Metrics
from passages.service.operating.settings import ApiSettings
from passages.service.problems import Problem

logger = logging.getLogger(__name__)

Current = Callable[[], Index | None]
"""The index that serves at this moment, None while there is none."""

Handler = Callable[[Request], Awaitable[Response]]


_BOX = Path(__file__).resolve().with_name("static") / "passages-search.js"


def app(current: Current, settings: ApiSettings) -> Starlette:
    """The API, the search box's script, `/health` and `/metrics`."""
    return Starlette(
        routes=[
            *_routes(current, settings),
            Route("/static/passages-search.js", _box),
            Route("/health", lambda _: health(current())),
        ],
        exception_handlers={HTTPException: problems.of_http},
    )


def _routes(current: Current, settings: ApiSettings) -> list[BaseRoute]:
    counted = Metrics()
    guard = _Guard(settings, counted)
    api = Api(current, settings, counted)

    async def told(request: Request) -> Response:
        return Response(counted.text(current()), media_type=metrics.CONTENT_TYPE)

    def route(path: str, name: str, handler: Handler, *methods: str) -> Route:
        return Route(path, guard(name, handler), methods=list(methods or ("GET",)))

    inner = Starlette(
        routes=[
            route("/search", "search", api.search, "GET", "POST"),
            route("/articles", "articles", api.articles),
            route("/articles/{id:path}", "article", api.article),
            route("/passages/{key}", "passage", api.passage),
            route("/suggest", "suggest", api.suggest),
            route("/about", "about", api.about),
            route("/openapi.json", "openapi", api.openapi),
        ],
        middleware=_middleware(settings),
        exception_handlers={HTTPException: problems.of_http},
    )
    return [
        Mount("/api", app=inner),
        route("/metrics", "metrics", told),
    ]


def _middleware(settings: ApiSettings) -> list[Middleware]:
    compressed = Middleware(GZipMiddleware, minimum_size=1_000)
    if not settings.origins:
        return [compressed]
    cors = Middleware(
        CORSMiddleware,
        allow_origins=settings.origins,
        allow_methods=["GET", "POST"],
        allow_headers=["Authorization", "Content-Type"],
        expose_headers=["ETag", "Passages-Snapshot", "Retry-After"],
    )
    return [cors, compressed]


async def _box(request: Request) -> Response:
    """The search box, for pages of any origin."""
    headers = {
        "Cache-Control": "public, max-age=3600",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    return FileResponse(_BOX, headers=headers, media_type="text/javascript")


class _Guard:
    """Stands before every handler, and is the outermost handler of its errors."""

    def __init__(self, settings: ApiSettings, counted: Metrics) -> None:
        self._settings = settings
        self._counted = counted

    def __call__(self, name: str, handler: Handler) -> Handler:
        async def guarded(request: Request) -> Response:
            started = time.perf_counter()
            response = await self._answered(request, handler)
            self._counted.request(name, request.method, response.status_code)
            took = (time.perf_counter() - started) * 1000
            # The path only: a question stands in the query string.
            path, status = request.scope["path"], response.status_code
            logger.info(
                "%s %r %d %.0f ms%s", request.method, path, status, took, self._asked(request)
            )
            return response

        return guarded

    async def _answered(self, request: Request, handler: Handler) -> Response:
        try:
            self._admit(request)
            return await handler(request)
        except Problem as problem:
            return problem.response()
        except PartMissing as error:
            logger.warning("%s", error)
            self._counted.part_missing()
            said = f"The index cannot be asked now: {error}."
            return Problem(503, said, retry_after=5).response()
        except PassagesError as error:
            logger.warning("the index cannot be asked", exc_info=error)
            return Problem(503, "The index cannot be asked now.", retry_after=5).response()
        except HTTPException as error:
            return problems.of_http(request, error)
        except Exception as error:
            return problems.of_fault(request, error)

    def _admit(self, request: Request) -> None:
        host = request.headers.get("host", "").lower()
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        if "*" not in self._settings.hosts and name not in self._settings.hosts:
            raise Problem(400, "This service does not answer to that host name.")
        token = self._settings.token
        given = request.headers.get("authorization", "").encode("latin-1")
        if token and not hmac.compare_digest(given, f"Bearer {token}".encode()):
            raise Problem(401, "Send the token: Authorization: Bearer …")

    def _asked(self, request: Request) -> str:
        questions = getattr(request.state, "questions", ())
        return f" {list(questions)}" if self._settings.log_questions and questions else ""
