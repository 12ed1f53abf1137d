"""The HTTP API in the page's server."""

from __future__ import annotations

import asyncio
import threading

from starlette.types import ASGIApp, Receive, Scope, Send

from passages.page import state as server
from passages.service.operating.settings import api_settings

_PATHS = ("/metrics", "/static/passages-search.js")  # below /static Streamlit allows no route


class WithApi:
    """Hands requests to the API, and all others on.

    The API is imported for the first of them: the page should not wait for it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._api: ASGIApp | None = None
        self._making = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on."""
        path = scope["path"] if scope["type"] == "http" else ""
        if path.startswith("/api/") or path in _PATHS:
            api = await asyncio.to_thread(self._made)
            await api(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _made(self) -> ASGIApp:
        with self._making:
            if self._api is None:
                from passages.service.app import app

                self._api = app(lambda: server.live().index, api_settings())
            return self._api
