"""Servers that serve an index from object storage follow what is published there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from passages.building.stored import build_stored
from tests.support import ROOT
from tests.support.objects import BUCKET, storage
from tests.support.site import until

pytestmark = pytest.mark.real_model

URI = f"s3://{BUCKET}/tea"


@pytest.mark.parametrize("options", [[], ["--api", "--port", "0"]], ids=["page", "api"])
def test_a_server_serves_from_object_storage_and_follows_a_rebuild_there(
    options: list[str], tmp_path: Path
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    tea = corpus / "tea.md"
    tea.write_text("# Tea\n\n## Green tea\n\nGreen tea is bitter.\n", "utf-8")
    with storage():
        os.environ["XDG_CACHE_HOME"] = str(tmp_path / "cache")
        build_stored(corpus, URI)
        with _served(tmp_path, options) as address:
            until(lambda: _first(address) == "Green tea is bitter.", "it does not serve")
            tea.write_text("# Tea\n\n## Green tea\n\nGreen tea is sweet.\n", "utf-8")
            build_stored(corpus, URI)
            until(lambda: _first(address) == "Green tea is sweet.", "it does not follow")


def _first(address: str) -> str | None:
    asked = urllib.parse.urlencode({"q": "is green tea bitter"})
    try:
        with urllib.request.urlopen(f"{address}/api/search?{asked}", timeout=20) as answer:
            return json.load(answer)["hits"][0]["text"]
    except OSError:
        return None


@contextmanager
def _served(folder: Path, options: list[str]) -> Iterator[str]:
    """The address of `passages serve` with this index."""
    log = folder / "log"
    ours = {"PYTHONPATH": str(ROOT), "PASSAGES_INDEX": URI, "STREAMLIT_SERVER_PORT": "0"}
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "passages", "serve", *options],
            cwd=folder,
            env={**os.environ, **ours},
            stdout=output,
            stderr=subprocess.STDOUT,
        )

    def address() -> re.Match[str] | None:
        return re.search(r"http://127\.0\.0\.1:\d+", log.read_text("utf-8"))

    try:
        until(lambda: address() is not None, "the server does not listen")
        found = address()
        assert found
        yield found[0]
    finally:
        server.terminate()
        server.wait(20)
