"""Runs the API in this process until it is told to stop."""

from __future__ import annotations

import logging

import uvicorn

from passages.service.app import Current, app
from passages.service.operating.settings import ApiSettings

SECONDS_TO_FINISH = 10
"""What requests that are being answered are given when the process is told to stop."""


def serve(current: Current, settings: ApiSettings, host: str, port: int) -> None:
    """Listen on `host` and `port` (0: any that is free; the log says which)."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    uvicorn.run(
        app(current, settings),
        host=host,
        port=port,
        access_log=False,  # it would hold query strings, so questions
        server_header=False,
        timeout_graceful_shutdown=SECONDS_TO_FINISH,
    )
