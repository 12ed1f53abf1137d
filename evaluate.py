"""Measure the index with judged questions: `python evaluate.py` is `passages evaluate`."""

from __future__ import annotations

import sys

from passages.cli.main import run

if __name__ == "__main__":
    sys.exit(run("evaluate"))
