"""The server around the page: it warms up in the background, keeps browsers in, reports health."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from passages.page import state as server
from passages.page.appearance import file_of, read_appearance
from passages.page.notice.notice import read_notice
from passages.page.serving.api import WithApi
from passages.page.serving.early_style import EarlyStyle
from passages.page.serving.suggesting import suggest
from passages.page.settings import default_corpus, notice_of, settings
from passages.page.wording import tr
from passages.service.operating.health import health as service_health
from passages.service.operating.settings import api_settings

logger = logging.getLogger(__name__)

POLICY = (
    # Streamlit draws with inline styles and scripts; no other host is ever asked for anything.
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' ws: wss:; worker-src 'self' blob:; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)


def headers(frame_ancestors: Sequence[str]) -> dict[bytes, bytes]:
    """What every response carries; the pages of `frame_ancestors` may show it in a frame."""
    return {
        b"content-security-policy": " ".join([POLICY, *frame_ancestors]).encode(),
        b"referrer-policy": b"no-referrer",  # a question stands in the address
        b"x-content-type-options": b"nosniff",
    }


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """Load library, index and encoder in the background: the server answers meanwhile.

    A notice that cannot be read stops the start: it would be missing when it is needed. So does a
    setting of the page or of the API that means nothing.
    """
    corpus = settings().corpus or default_corpus()
    if (named := notice_of(corpus)) is not None:
        read_notice(named)
    if (looks := file_of(corpus)) is not None:
        read_appearance(looks)
    if (log := server.question_log()) is not None:
        await asyncio.to_thread(log.drop_old)
    api_settings()
    warming = asyncio.create_task(asyncio.to_thread(server.live))
    yield
    warming.cancel()


def on_script_error(error: Exception) -> bool:
    """One plain sentence for the reader; the details are for the log."""
    logger.error("a page could not be drawn", exc_info=error)
    st.error(tr("Something went wrong here. Please try again."), icon=None)
    return True


def health(request: Request) -> JSONResponse:
    """Whether questions can be answered: 200 and the snapshot that serves, or 503."""
    return service_health(server.live().index)


class SafeHeaders:
    """Adds `headers` to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._headers = headers(settings().frame_ancestors).items()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with the headers added where a response starts."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *self._headers]
            await send(message)

        passed: Callable[[Message], Awaitable[None]] = send_with_headers
        await self._app(scope, receive, passed if scope["type"] == "http" else send)


SCRIPT = Path(__file__).resolve().parents[1] / "script.py"
SERVER: dict[str, Any] = {
    "lifespan": lifespan,
    "middleware": [Middleware(SafeHeaders), Middleware(EarlyStyle), Middleware(WithApi)],
    "routes": [Route("/health", health), Route("/suggest", suggest)],
    "on_script_error": on_script_error,
}
"""What `st.App` takes beside the script."""
