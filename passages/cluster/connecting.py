"""The way into a cluster: with a token, or not at all; and no usage reports."""

from __future__ import annotations

import os

import ray
from ray.exceptions import AuthenticationError

from passages.errors import BadSetting, ServiceUnavailable

NAMESPACE = "passages"
"""Actors have names in it."""


def connect(address: str) -> None:
    """Connect this process to a cluster.

    Args:
        address: that of its head, `auto` on a node of it.

    Raises:
        BadSetting: the cluster would be reached without a token.
        ServiceUnavailable: there is none at this address, or it refuses this token.
    """
    demand_token()
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    try:
        ray.init(address=address, namespace=NAMESPACE, log_to_driver=False)
    except (AuthenticationError, ConnectionError, RuntimeError) as error:
        what = " ".join(str(error).split())[:200]
        raise ServiceUnavailable(
            f"the cluster at {address} cannot be reached, or refuses this token ({what}): "
            f"RAY_AUTH_TOKEN must be that of its head"
        ) from error


def demand_token() -> None:
    """Refuse a cluster without authentication: whoever reaches that runs code on its nodes.

    Raises:
        BadSetting: `RAY_AUTH_MODE` is not `token` here.
    """
    if os.environ.get("RAY_AUTH_MODE", "").lower() != "token":
        raise BadSetting(
            "a cluster without authentication lets whoever reaches it run code: set "
            "RAY_AUTH_MODE=token and RAY_AUTH_TOKEN here and on every node"
        )
