"""Build or refresh the index: `python build_index.py` is `passages build`."""

from __future__ import annotations

import sys

from passages.cli.main import run

if __name__ == "__main__":
    sys.exit(run("build"))
