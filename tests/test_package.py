"""The package's files agree with each other: pins, extras, version, licences."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest

from passages.errors import MissingExtra
from passages.extras import needs
from passages.models import catalogue
from passages.models.catalogue import ModelRecord
from passages.version import VERSION
from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]


def _pins(file: str) -> set[str]:
    lines = (ROOT / file).read_text("utf-8").splitlines()
    return {line.partition("#")[0].strip() for line in lines if "==" in line}


@pytest.mark.parametrize(
    ("file", "pins"),
    [
        (
            "requirements.txt",
            [
                *PROJECT["dependencies"],
                *EXTRAS["sentence-transformers"],
                *EXTRAS["page"],
                *EXTRAS["evaluate"],
            ],
        ),
        ("requirements-formats.txt", EXTRAS["formats"]),
        ("requirements-dev.txt", EXTRAS["dev"]),
    ],
)
def test_requirements_are_the_pins_of_the_project(file: str, pins: list[str]) -> None:
    assert _pins(file) == set(pins)


def test_every_dependency_is_pinned_and_all_holds_every_extra_of_a_reader() -> None:
    pins = [
        *PROJECT["dependencies"],
        *(pin for name in EXTRAS if name != "all" for pin in EXTRAS[name]),
    ]
    assert [pin for pin in pins if not re.fullmatch(r"[\w.\[\]-]+==[\w.]+", pin)] == []
    [everything] = EXTRAS["all"]
    named = set(re.findall(r"[\w-]+", everything.partition("[")[2]))
    assert named == EXTRAS.keys() - {"all", "cluster", "dev"}


def test_version_and_changelog_agree() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    released = re.findall(r"^## (\d+\.\d+\.\d+) \((\d{4}-\d\d-\d\d)\)$", text, re.MULTILINE)
    assert released[0][0] == VERSION
    days = [date.fromisoformat(day) for _, day in released]
    assert days == sorted(days, reverse=True)


def test_notice_names_every_model_with_its_licence() -> None:
    records = [value for value in vars(catalogue).values() if isinstance(value, ModelRecord)]
    assert len(records) >= 3
    notice = (ROOT / "NOTICE").read_text("utf-8")
    for record in records:
        assert re.search(rf"^  {re.escape(record.name)} .* {record.licence}$", notice, re.MULTILINE)


def test_a_missing_extra_is_one_sentence_and_a_missing_module_of_ours_is_a_bug() -> None:
    said = r"^the page needs the extra \[page\], and no_such is not installed: "
    with pytest.raises(MissingExtra, match=said), needs("page", "the page"):
        import no_such  # type: ignore[import-not-found]  # noqa: F401
    with pytest.raises(ModuleNotFoundError, match=r"passages\.no_such"), needs("page", "the page"):
        import passages.no_such  # type: ignore[import-not-found]  # noqa: F401


@pytest.mark.real_model
def test_the_base_imports_no_library_of_an_extra(corpus: Path, tmp_path: Path) -> None:
    # scipy and scikit-learn are not among them: bm25s and nltk take them where they are installed
    code = (
        "import sys; from passages.cli.main import main;"
        f"index = {str(tmp_path / 'index')!r};"
        f"assert main(['build', '--corpus', {str(corpus)!r}, '--index', index]) == 0;"
        "assert main(['is green tea bitter?', '--index', index]) == 0;"
        "extra = 'torch transformers sentence_transformers ir_measures streamlit';"
        "sys.exit(' '.join(name for name in extra.split() if name in sys.modules) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
