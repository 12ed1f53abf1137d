"""Errors as problem details (RFC 9457)."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

logger = logging.getLogger(__name__)


class Problem(Exception):
    """What is wrong with a request, or why it cannot be answered now."""

    def __init__(self, status: int, detail: str, retry_after: int | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        if status == HTTPStatus.UNAUTHORIZED:
            self.headers["WWW-Authenticate"] = "Bearer"

    def response(self) -> Response:
        """The problem as `application/problem+json`."""
        body = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
        }
        return Response(
            json.dumps(body), self.status, self.headers, media_type="application/problem+json"
        )


def of_problem(request: Request, error: Exception) -> Response:
    """The response to a `Problem`."""
    assert isinstance(error, Problem)  # noqa: S101
    return error.response()


def of_http(request: Request, error: Exception) -> Response:
    """The response to what the router refuses: no such path, another method."""
    assert isinstance(error, HTTPException)  # noqa: S101
    response = Problem(error.status_code, error.detail).response()
    response.headers.update(error.headers or {})
    return response


def of_fault(request: Request, error: Exception) -> Response:
    """The response to a bug: one plain sentence; the traceback is for the log."""
    logger.error("a fault in Passages: %s", request.scope["path"], exc_info=error)
    return Problem(500, "Something went wrong; the log of the service says what.").response()
