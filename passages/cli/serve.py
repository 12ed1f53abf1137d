"""Serve the page; it follows the index folder.

Every option of Streamlit can be set by `.streamlit/config.toml` in the working folder, or by an
environment variable (`STREAMLIT_SERVER_ADDRESS`).
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--corpus", type=Path, help="folder of articles (default: the index's)")
    parser.add_argument("--index", type=Path, help="folder of the index (default: index)")
    parser.add_argument("--port", type=int, help="port to listen on (default: 8501)")


def run(options: argparse.Namespace) -> int:
    """Exit status: 0 when the server was told to stop."""
    for name in ("corpus", "index"):
        if folder := getattr(options, name):
            os.environ[f"PASSAGES_{name.upper()}"] = str(folder)
    from passages.page.serve import serve

    serve([f"--server.port={options.port}"] if options.port is not None else [])
    return 0
