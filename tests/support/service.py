"""The API as others meet it: on a port of this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

import uvicorn

from passages.service.app import Current, app
from passages.service.operating.settings import ApiSettings


@dataclass(frozen=True)
class Got:
    """A response."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Service:
    """A running API."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, **headers: str) -> Got:
        return self.send("GET", path, None, headers)

    def post(self, value: Any, **headers: str) -> Got:
        body = json.dumps(value).encode()
        return self.send(
            "POST", "/api/search", body, {"Content-Type": "application/json"} | headers
        )

    def send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Got:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, named)
            response = connection.getresponse()
            headers = {name.lower(): value for name, value in response.getheaders()}
            return Got(response.status, headers, response.read())
        finally:
            connection.close()


class _Server(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = threading.Event()

    async def startup(self, *arguments: Any, **options: Any) -> None:
        await super().startup(*arguments, **options)
        self.listening.set()


@contextmanager
def serving(current: Current, settings: ApiSettings | None = None) -> Iterator[Service]:
    """The API on a free port, stopped at the end."""
    with serving_app(app(current, settings or ApiSettings(burst=10_000))) as service:
        yield service


@contextmanager
def serving_app(application: Any) -> Iterator[Service]:
    """Any application on a free port, stopped at the end."""
    config = uvicorn.Config(application, port=0, access_log=False, log_config=None)
    server = _Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert server.listening.wait(30)
    try:
        yield Service(server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(30)
