"""Every line that a server logs is explained in docs/operating.md."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.conftest import ROOT

SERVERS = ("page", "service", "search", "evaluation/files")


def _logged() -> Iterator[str]:
    """The formats of all that is logged."""
    for room in SERVERS:
        for path in (ROOT / "passages" / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                    continue
                if isinstance(node.func.value, ast.Name) and node.func.value.id == "logger":
                    yield ast.literal_eval(node.args[0])


def test_every_line_of_the_log_is_explained() -> None:
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    explained = page[page.index("### What the log says") :]
    formats = list(_logged())
    assert len(formats) >= 12
    for each in formats:
        words = max(re.split(r"%\S+", each), key=len).strip(" :")
        assert words in explained, each
