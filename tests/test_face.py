"""The face of the library: cheap to import, complete, and the same whatever was imported before."""

from __future__ import annotations

import subprocess
import sys

import pytest

import passages
from passages import errors
from tests.conftest import ROOT


def _fresh(code: str) -> str:
    """What a Python that has imported nothing yet prints."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_importing_the_package_imports_none_of_its_libraries() -> None:
    loaded = _fresh(
        "import sys; before = set(sys.modules); import passages\n"
        "print(sorted({name.split('.')[0] for name in set(sys.modules) - before}"
        " - sys.stdlib_module_names))"
    )
    assert loaded == "['passages']"


@pytest.mark.parametrize("before", ["passages", "passages.building.build", "passages.index.folder"])
def test_build_is_the_function_whatever_was_imported_before(before: str) -> None:
    shown = _fresh(f"import {before}, passages; print(passages.build.__module__, passages.build)")
    assert shown.startswith("passages.building.build <function build at ")


def test_every_name_of_the_face_is_there_under_its_own_name() -> None:
    for name in passages.__all__:
        assert getattr(passages, name).__name__ == name
        assert name in dir(passages)


def test_a_name_that_is_not_of_the_face_is_refused() -> None:
    with pytest.raises(AttributeError, match="module 'passages' has no attribute 'closed_index'"):
        passages.closed_index  # noqa: B018


def test_every_error_is_one_of_the_root_and_on_the_face() -> None:
    kinds = {
        name
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, BaseException)
    }
    assert all(issubclass(getattr(errors, name), passages.PassagesError) for name in kinds)
    assert kinds <= set(passages.__all__)


@pytest.mark.parametrize("address", ["gopher://host/index", "ftp://host/index"])
def test_an_address_that_cannot_be_opened_is_named(address: str) -> None:
    with pytest.raises(passages.BadSetting, match=f"{address}: an index is opened from a folder"):
        passages.open_index(address)


def test_what_paints_the_search_box_imports_neither_search_nor_numbers() -> None:
    loaded = _fresh(
        "import sys, streamlit; before = set(sys.modules)\n"
        "import passages.page.parts.asking, passages.page.notice.notice\n"
        "import passages.page.parts.chrome, passages.page.screens.missing\n"
        "new = set(sys.modules) - before\n"
        "print(sorted(new & {'numpy', 'faiss', 'onnxruntime', 'passages.search.searcher'}))"
    )
    assert loaded == "[]"
