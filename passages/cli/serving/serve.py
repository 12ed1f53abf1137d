"""Serve the page and the HTTP API, or the API alone; it follows the index folder.

Every option of Streamlit can be set by `.streamlit/config.toml` in the working folder, or by an
environment variable (`STREAMLIT_SERVER_ADDRESS`).
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from passages.extras import needs
from passages.index.storage.uri import uri_of

PORT = 8501


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--corpus", type=Path, help="folder of articles (default: the index's)")
    parser.add_argument("--index", type=Path, help="folder of the index (default: index)")
    parser.add_argument("--host", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, help=f"port to listen on (default: {PORT})")
    parser.add_argument("--api", action="store_true", help="the HTTP API alone, without the page")
    parser.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help="deploy the HTTP API on a Ray cluster: the address of its head, `auto` on a node",
    )


def run(options: argparse.Namespace) -> int:
    """Exit status: 0 when the server was told to stop."""
    if options.cluster:
        with needs("cluster", "`passages serve --cluster`"):
            from passages.cluster.front import deploy
            from passages.cluster.place import Place

            told = options.index or os.environ.get("PASSAGES_INDEX") or "index"
            place = Place(uri_of(told) or str(Path(told).absolute()))
            deploy(options.cluster, place, options.host or "127.0.0.1", _port(options))
        return 0
    if options.api:
        with needs("api", "`passages serve --api`"):
            _serve_api(options)
        return 0
    for name in ("corpus", "index"):
        if folder := getattr(options, name):
            os.environ[f"PASSAGES_{name.upper()}"] = str(folder)
    with needs("page", "`passages serve`"):
        from passages.page.serving.serve import serve

        flags = {"address": options.host, "port": options.port}
        serve([f"--server.{name}={value}" for name, value in flags.items() if value is not None])
    return 0


def _serve_api(options: argparse.Namespace) -> None:
    from passages.opening import follow
    from passages.service.operating.settings import api_settings
    from passages.service.serving import serve

    settings = api_settings()
    folder = options.index or Path(os.environ.get("PASSAGES_INDEX") or "index")
    following = follow(folder)
    serve(
        lambda: following.index,
        settings,
        options.host or "127.0.0.1",
        _port(options),
    )


def _port(options: argparse.Namespace) -> int:
    return PORT if options.port is None else int(options.port)
