"""What an operator sets for the HTTP API, all of it by environment variables."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from passages.errors import BadSetting

_VARIABLE = "PASSAGES_API_"


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """Limits and switches; docs/api.md lists the variables.

    `rate` questions a second are answered to one address in the long run, `burst` at once.
    `concurrent` questions are computed at a time, and `waiting` may wait for their turn. `origins`
    are the web sites whose pages may ask, `hosts` the host names that the service answers to
    (`*`: any). `suggestions` is a file of questions that an editor approved, one a line.
    """

    token: str | None = None
    origins: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    rate: float = 5.0
    burst: int = 20
    concurrent: int = 2
    waiting: int = 32
    log_questions: bool = False
    suggestions: Path | None = None


def api_settings(environment: Mapping[str, str] = os.environ) -> ApiSettings:
    """Read the environment.

    Raises:
        BadSetting: a number that is none, or is too small.
    """
    told = {
        name.removeprefix(_VARIABLE).lower(): value.strip()
        for name, value in environment.items()
        if name.startswith(_VARIABLE) and value.strip()
    }
    own = ApiSettings()
    return ApiSettings(
        token=told.get("token"),
        origins=tuple(told.get("origins", "").split()),
        hosts=tuple(told["hosts"].lower().split()) if "hosts" in told else own.hosts,
        rate=_number(told, "rate", own.rate),
        burst=int(_number(told, "burst", own.burst)),
        concurrent=int(_number(told, "concurrent", own.concurrent)),
        waiting=int(_number(told, "waiting", own.waiting)),
        log_questions=told.get("log_questions", "").lower() in ("1", "true", "yes"),
        suggestions=Path(told["suggestions"]).absolute() if "suggestions" in told else None,
    )


def _number(told: Mapping[str, str], name: str, default: float) -> float:
    whole = isinstance(default, int)
    try:
        value = (int if whole else float)(told.get(name, default))
    except ValueError:
        value = -1
    if not (1 if whole else 0) <= value < 1e9 or value == 0:
        kind = "a whole number from 1 on" if whole else "a number above 0"
        raise BadSetting(f"{_VARIABLE}{name.upper()}={told[name]}: expected {kind}")
    return value
