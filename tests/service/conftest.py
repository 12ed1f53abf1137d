"""A service over the toy index, for all tests of the API."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from passages.search.searcher import Index
from tests.support.service import Service, serving


@pytest.fixture
def index(index_folder: Path, open_toy: Callable[[Path], Index]) -> Index:
    return open_toy(index_folder)


@pytest.fixture
def service(index: Index) -> Iterator[Service]:
    with serving(lambda: index) as running:
        yield running
