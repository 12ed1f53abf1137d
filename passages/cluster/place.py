"""What a cluster is told to serve."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from passages.errors import BadSetting

REPLICAS = 2
"""Actors that hold the same shards, and fronts: where one is lost, the other answers."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the index is, and by how many actors its shards are held.

    `groups` is one for each node that holds shards; 0 is one for each node that is there.
    """

    index: str
    groups: int = 0
    replicas: int = REPLICAS

    @classmethod
    def of(cls, told: Mapping[str, str]) -> Place:
        """From the arguments of a Serve application.

        Raises:
            BadSetting: no index is named, an argument is unknown, or a number is none.
        """
        unknown = told.keys() - {"index", "groups", "replicas"}
        if unknown or "index" not in told:
            raise BadSetting(
                f"the front of a cluster takes index, groups and replicas, not {sorted(told)}"
            )
        try:
            numbers = {name: int(told[name]) for name in ("groups", "replicas") if name in told}
        except ValueError as error:
            raise BadSetting(f"groups and replicas are numbers: {error}") from error
        return cls(told["index"], **numbers)
