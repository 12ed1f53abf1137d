"""How much may be asked: by one address over time, and by all at once."""

from __future__ import annotations

import asyncio
import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from passages.service.problems import Problem

MAX_K = 100
"""Passages in one answer."""

MAX_QUESTIONS = 20
"""Questions in one request."""

MAX_BODY = 200_000
"""Bytes of a request's body."""

ADDRESSES = 10_000
"""Addresses that are kept count of; the one that asked longest ago is forgotten first."""

IPV6_PREFIX = 64
"""Bits of an IPv6 address that one customer of a provider has alone."""


class TokenBuckets:
    """One bucket of questions for each address: it holds `burst` and fills by `rate` a second."""

    def __init__(
        self, rate: float, burst: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = rate
        self._burst = float(burst)
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str, questions: int) -> None:
        """Take so many questions out of the address's bucket.

        Raises:
            Problem: 429, with the seconds after which there are enough.
        """
        key, now = _network(address), self._clock()
        left, last = self._buckets.pop(key, (self._burst, now))
        left = min(self._burst, left + (now - last) * self._rate)
        enough = left >= min(questions, self._burst)
        self._buckets[key] = (left - questions if enough else left, now)
        if len(self._buckets) > ADDRESSES:
            self._buckets.popitem(last=False)
        if not enough:
            wait = math.ceil((min(questions, self._burst) - left) / self._rate)
            raise Problem(429, "Too many questions from this address.", retry_after=max(1, wait))


class Gate:
    """Lets `concurrent` questions through at a time; `waiting` more may wait for their turn."""

    def __init__(self, concurrent: int, waiting: int) -> None:
        self._free = asyncio.Semaphore(concurrent)
        self._waiting = waiting
        self._queued = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn and hold it.

        Raises:
            Problem: 429, the queue is full.
        """
        if self._free.locked() and self._queued >= self._waiting:
            raise Problem(429, "Too many questions at once.", retry_after=1)
        self._queued += 1
        try:
            await self._free.acquire()
        finally:
            self._queued -= 1
        try:
            yield
        finally:
            self._free.release()


def _network(address: str) -> str:
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if ip.version == 4:
        return str(ip)
    mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    return str(mapped or ipaddress.ip_network(f"{ip}/{IPV6_PREFIX}", strict=False))
