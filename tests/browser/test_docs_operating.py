"""The systemd unit and the nginx site of docs/operating.md, tried with systemd and nginx."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from passages.opening import open_index
from tests.support import ROOT
from tests.support.site import Site, Tab, serving, until

QUESTION = "who must not take ketamine?"
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def _block(kind: str) -> str:
    text = (ROOT / "docs" / "operating.md").read_text("utf-8")
    [block] = re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)
    return block


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze")
def test_systemd_takes_the_unit_and_calls_it_safe(tmp_path: Path) -> None:
    unit = tmp_path / "passages.service"
    # Any program that is there: this one's own path may hold a space, which a unit has to quote.
    unit.write_text(_block("ini").replace("/srv/passages/.venv/bin/passages", "/bin/sh"))
    told = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True
    )
    assert (told.returncode, told.stderr) == (0, "")
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(unit)],
        capture_output=True,
        text=True,
    )
    assert judged.returncode == 0, judged.stdout[-300:]


@contextmanager
def _nginx(folder: Path, port: int, behind: str) -> Iterator[str]:
    """The documented site before a server, on loopback, with a certificate of its own."""
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")),
        ],
        check=True,
        capture_output=True,
    )
    site = _block("nginx")
    for told, here in (
        ("/etc/ssl/certs/search.example.pem", str(folder / "cert.pem")),
        ("/etc/ssl/private/search.example.key", str(folder / "key.pem")),
        ("/var/log/nginx/", f"{folder}/"),
        ("listen 443", f"listen 127.0.0.1:{port}"),
        ("server_name search.example", "server_name localhost"),
        ("http://127.0.0.1:8501", behind),
    ):
        assert told in site
        site = site.replace(told, here)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    conf = folder / "nginx.conf"
    conf.write_text(f"pid {folder}/pid;\ndaemon off;\nevents {{}}\nhttp {{\n{paths}\n{site}}}\n")
    assert NGINX is not None
    command = [NGINX, "-c", str(conf), "-e", str(folder / "start.log")]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    running = subprocess.Popen(command)
    try:
        until(lambda: _listens(port), "nginx does not listen")
        yield f"https://localhost:{port}"
    finally:
        running.terminate()
        running.wait(20)


def _listens(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.mark.skipif(NGINX is None, reason="no nginx")
def test_page_api_and_box_are_served_through_nginx_and_no_log_has_a_question(
    real_index: Path, tabs: Callable[..., Tab], tmp_path: Path
) -> None:
    site: Site
    with (
        serving(real_index, tmp_path / "server.log") as site,
        _nginx(tmp_path, _free_port(), site.url) as url,
    ):
        trusted = ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))

        def get(path: str) -> bytes:
            with urllib.request.urlopen(url + path, timeout=60, context=trusted) as answer:
                return bytes(answer.read())

        tab = tabs(url, ignore_https_errors=True)
        tab.open()
        tab.ask(QUESTION)
        best = open_index(real_index).search(QUESTION, 1).hits[0]
        expect(tab.page.locator("mark").first).to_have_text(best.sentence)
        assert json.loads(get("/health"))["snapshot"]
        assert b"passages-search" in get("/static/passages-search.js")
        assert json.loads(get("/api/search?q=glaucoma&k=1"))["hits"]
        told = subprocess.run(
            [sys.executable, "-m", "passages", QUESTION, "--json", "-k", "1", "--index", url],
            capture_output=True,
            text=True,
            timeout=120,
            env={**os.environ, "SSL_CERT_FILE": str(tmp_path / "cert.pem")},
        )
        assert told.returncode == 0, told.stderr
        assert json.loads(told.stdout)["hits"][0]["score"] == best.score
    log = (tmp_path / "passages.log").read_text("utf-8")
    assert "GET /api/search 200" in log
    for path in tmp_path.glob("*log"):
        assert "glaucoma" not in path.read_text("utf-8"), path
        assert "ketamine?" not in path.read_text("utf-8"), path
        assert "q=" not in path.read_text("utf-8"), path
