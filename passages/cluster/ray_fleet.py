"""Replicas that are actors of Ray."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ray
from ray.exceptions import RayError, RayTaskError

from passages.cluster.fleet import Given
from passages.search.sources.fleet import Call


class ToActors:
    """The way to actors of `ShardGroup`."""

    def send(self, replica: Any, generation: str, call: Call, given: Given) -> Any:
        """Ask an actor; the reference of its answer."""
        return replica.ask.remote(generation, call, given)

    def ended(self, sent: Sequence[Any], seconds: float) -> Sequence[Any]:
        """Those that have ended, as soon as any has; none after so many seconds."""
        ready: list[Any] = ray.wait(sent, timeout=seconds)[0]
        return ready

    def received(self, sent: Any) -> Any | None:
        """What an actor answered; None where it was lost.

        Raises:
            PassagesError: it refused.
        """
        try:
            return ray.get(sent)
        except RayTaskError as error:
            raise error.cause from error
        except RayError:
            return None
