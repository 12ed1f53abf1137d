"""Asks a service over HTTP: its token, its limits, and what goes wrong on the way."""

from __future__ import annotations

import json
import os
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, TypeVar
from urllib.parse import urlsplit

from passages.errors import BadSetting, ServiceUnavailable

T = TypeVar("T")

SECONDS = 30.0
"""So long an answer is waited for, and so long in all a service may ask to be left alone."""

_URL = re.compile(r"(https?):/+(?=[^/])", re.IGNORECASE)


def url_of(address: object) -> str | None:
    """The address as a URL, or None where it is none; a Path has made one slash of two."""
    text = str(address)
    scheme = _URL.match(text)
    return f"{scheme[1].lower()}://{text[scheme.end() :].rstrip('/')}" if scheme else None


@dataclass(frozen=True, slots=True)
class Got:
    """What a service answered, and the snapshot that the answer is from."""

    value: Any
    snapshot: str


class _Missing(Exception):
    """The service answers that there is no such thing."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is not followed: it would take the token elsewhere."""

    def redirect_request(self, *_: Any) -> None:
        """Refuse."""


class Client:
    """Asks the service at one address. Safe to share between threads."""

    def __init__(
        self,
        address: str,
        patience: float = SECONDS,
        wait: Callable[[float], object] = time.sleep,
    ) -> None:
        """Ask the service at `address`, with the token in PASSAGES_API_TOKEN if there is one.

        Args:
            address: scheme, host, and where needed port and path.
            patience: seconds in all for which a request waits where the service asks for it.
            wait: waits so many seconds.

        Raises:
            BadSetting: an address that is more or less than scheme, host, port and path.
        """
        parts = urlsplit(address)
        if not parts.hostname or parts.query or parts.fragment or "@" in parts.netloc:
            raise BadSetting(f"{address}: expected an address such as https://search.example")
        self.address = address
        self._patience = patience
        self._wait = wait
        self._headers = {"Accept": "application/json"}
        if token := os.environ.get("PASSAGES_API_TOKEN"):
            self._headers["Authorization"] = f"Bearer {token}"
        self._opener = urllib.request.build_opener(_NoRedirect)

    def get(self, path: str, read: Callable[[Any], T]) -> T:
        """What `read` makes of the answer to a GET.

        Raises:
            ServiceUnavailable: no answer, or none that `read` understands.
        """
        found = self.find(path, read)
        if found is None:
            raise ServiceUnavailable(
                f"{self.address}: no Passages service there: {path} is missing"
            )
        return found

    def find(self, path: str, read: Callable[[Any], T]) -> T | None:
        """The same; None if it does not exist.

        Raises:
            ServiceUnavailable: no answer, or none that `read` understands.
        """
        try:
            value = self._ask(path, None).value
        except _Missing:
            return None
        try:
            return read(value)
        except (KeyError, TypeError, ValueError) as error:
            raise ServiceUnavailable(
                f"{self.address}: {path} is not what a Passages service of this version answers"
            ) from error

    def post(self, path: str, value: Any) -> Got:
        """The answer to a POST.

        Raises:
            ServiceUnavailable: no answer.
            BadSetting: the service refuses what is asked.
        """
        try:
            return self._ask(path, json.dumps(value).encode())
        except _Missing as error:
            raise ServiceUnavailable(f"{error}: is it a Passages service?") from None

    def _ask(self, path: str, body: bytes | None) -> Got:
        left = self._patience
        while True:
            try:
                return self._once(path, body)
            except urllib.error.HTTPError as error:
                pause = _pause(error)
                if pause is None or pause > left:
                    raise self._refused(error) from error
                left -= pause
                self._wait(pause)
            except (OSError, HTTPException, ValueError) as error:
                reason = getattr(error, "reason", error)
                raise ServiceUnavailable(f"{self.address} does not answer: {reason}") from error

    def _once(self, path: str, body: bytes | None) -> Got:
        headers = {**self._headers, "Content-Type": "application/json"} if body else self._headers
        # The scheme is http or https: `url_of` and `open_index` see to that.
        request = urllib.request.Request(self.address + path, body, headers)  # noqa: S310
        with self._opener.open(request, timeout=SECONDS) as response:
            snapshot = response.headers.get("Passages-Snapshot", "")
            return Got(json.loads(response.read()), snapshot)

    def _refused(self, error: urllib.error.HTTPError) -> Exception:
        try:
            detail = str(json.loads(error.read())["detail"])
        except (OSError, ValueError, KeyError, TypeError, HTTPException):
            detail = str(error.reason)
        said = f"{self.address} answers {error.code}: {detail}"
        if error.code == 404:
            return _Missing(said)
        if error.code == 401:
            return BadSetting(f"{said} (set PASSAGES_API_TOKEN)")
        return BadSetting(said) if error.code in (413, 422) else ServiceUnavailable(said)


def _pause(error: urllib.error.HTTPError) -> float | None:
    """Seconds after which the service wants to be asked again; None where that would not help."""
    after = error.headers.get("Retry-After", "") if error.headers else ""
    return float(after) if error.code in (429, 503) and after.isdigit() else None
