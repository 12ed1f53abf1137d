"""A running API, held to its OpenAPI document by schemathesis."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from passages.search.searcher import Index
from passages.service.operating.settings import ApiSettings
from tests.support.service import serving

EXAMPLES = 40
"""Requests that are made up for each operation and phase."""


@pytest.mark.slow
def test_every_response_is_as_the_document_says(
    index_folder: Path, open_toy: Callable[[Path], Index], tmp_path: Path
) -> None:
    index = open_toy(index_folder)
    with serving(lambda: index, ApiSettings(rate=1e8, burst=10**8)) as service:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", "run"),
                f"{service.url}/api/openapi.json",
                "--checks=all",
                f"--max-examples={EXAMPLES}",
                "--generation-deterministic",
                "--no-color",
            ],
            capture_output=True,
            text=True,
            timeout=600,
            cwd=tmp_path,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No issues found" in done.stdout, done.stdout
