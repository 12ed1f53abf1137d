"""`python -m passages` is the `passages` command."""

from __future__ import annotations

import sys

from passages.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
