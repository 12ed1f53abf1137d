"""`passages serve` from a folder that is no clone: what it serves, and whose options count."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from passages.page.serving.asgi import SCRIPT
from tests.support import ROOT
from tests.support.site import until

pytestmark = pytest.mark.real_model


def test_the_page_is_served_from_any_folder(tmp_path: Path) -> None:
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "config.toml").write_text('[server]\nbaseUrlPath = "house"\n')
    log = tmp_path / "log"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "STREAMLIT_SERVER_PORT": "0"}
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "passages", "serve"],
            cwd=tmp_path,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        until(lambda: "URL:" in log.read_text("utf-8"), "the server does not listen")
        found = re.search(r"http://127\.0\.0\.1:\d+/house", log.read_text("utf-8"))
        assert found, log.read_text("utf-8")
        with urllib.request.urlopen(f"{found[0]}/_stcore/health", timeout=20) as answer:
            assert answer.read() == b"ok"
            assert answer.headers["referrer-policy"] == "no-referrer"
    finally:
        server.terminate()
        server.wait(20)
    assert sorted(os.listdir(tmp_path)) == [".streamlit", "log"]


def test_no_module_of_the_page_hides_one_that_a_library_may_import() -> None:
    """Streamlit puts the folder of its script before all others that are searched."""
    names = [path.stem for path in SCRIPT.parent.iterdir() if path.stem.isidentifier()]
    assert [name for name in names if importlib.util.find_spec(name)] == []
