"""Starts the server in this process, with the project's own options of Streamlit as defaults."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from streamlit.web import cli

from passages.page.serving.asgi import SCRIPT

_CONFIG = (
    SCRIPT.with_name("streamlit.toml"),  # in an installed package
    SCRIPT.parents[2] / ".streamlit" / "config.toml",  # in a clone: the same file
)
_OPERATORS_CONFIG = Path(".streamlit", "config.toml")


def serve(flags: Sequence[str]) -> None:
    """Serve the page until the process is told to stop.

    An option of Streamlit is taken from `flags`, else from the environment, else from
    `.streamlit/config.toml` in the working folder, else from the project's own file.

    Args:
        flags: as `streamlit run` takes them.
    """
    own = _options(next(path for path in _CONFIG if path.is_file()))
    theirs = _options(_OPERATORS_CONFIG) if _OPERATORS_CONFIG.is_file() else {}
    defaults = {name: value for name, value in own.items() if name not in theirs}
    cli.main(["run", str(SCRIPT), *flags], "streamlit", default_map={"run": defaults})


def _options(config: Path) -> dict[str, Any]:
    """Options by the names that Streamlit's commands have for them: `server_port`."""
    return _joined(tomllib.loads(config.read_text(encoding="utf-8")))


def _joined(table: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """`{"server": {"port": 1}}` -> `{"server_port": 1}`."""
    names: dict[str, Any] = {}
    for name, value in table.items():
        inner = isinstance(value, dict)
        names |= _joined(value, f"{prefix}{name}_") if inner else {prefix + name: value}
    return names
