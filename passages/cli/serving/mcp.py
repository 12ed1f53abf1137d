"""Serve the articles to assistants by the Model Context Protocol (MCP).

By default over standard input and output, for an assistant that starts this command itself.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from passages.errors import NoIndex
from passages.opening import follow
from passages.search.searcher import Index
from passages.service.mcp_server import server

PORT = 8502


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--index",
        default="index",
        help="folder of the index, or a service's address (default: index)",
    )
    parser.add_argument("--http", action="store_true", help="serve over HTTP, at /mcp")
    parser.add_argument("--host", default="127.0.0.1", help="address (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=PORT, help=f"port (default: {PORT})")
    parser.add_argument("--page", default="", help="address of the page, for links to passages")


def run(options: argparse.Namespace) -> int:
    """Exit status: 0 when the client left or the server was told to stop."""
    following = follow(options.index)

    def current() -> Index:
        following.looked.wait()
        if following.index is None:
            problem = following.problem or NoIndex(f"no index at {Path(options.index)}")
            raise problem.with_traceback(None)
        return following.index

    made = server(current, options.page)
    if options.http:
        made.run("streamable-http", host=options.host, port=options.port)
    else:
        made.run("stdio")
    return 0
