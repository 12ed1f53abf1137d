"""Fixtures of all tests, and a closed network."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from passages.building import build as building
from passages.opening import open_index
from passages.search.scoring import RANKINGS
from passages.search.searcher import Index
from tests.support import ROOT
from tests.support.toy import (  # noqa: F401  # some for the tests
    CALIBRATION,
    TEA_AFTER,
    TEA_BEFORE,
    TOY,
    BagOfWords,
    build,
)

OFFLINE = Path(__file__).parent / "offline"


def pytest_configure() -> None:
    """Close the network, here and in every Python that the tests start."""
    importlib.import_module("tests.offline.sitecustomize")
    paths = [str(OFFLINE), os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, paths))


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Two articles with headings."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "tea.md").write_text(
        "# Tea\n\nTea is a drink.\n\n## Green tea\n\nGreen tea is not fermented. It is bitter.\n\n"
        "## Black tea\n\nBlack tea is fermented for hours.\n",
        encoding="utf-8",
    )
    (folder / "coffee.md").write_text(
        "# Coffee\n\n## Beans\n\nCoffee beans are roasted.\n\n## Caffeine\n\n"
        "A cup of coffee holds 95 mg of caffeine.\n",
        encoding="utf-8",
    )
    return folder


either_layout = pytest.mark.parametrize("shards", [1, 3], ids=["one", "three shards"])
"""Runs a test with an `index_folder` of one snapshot, and of several shards."""


@pytest.fixture
def shards() -> int:
    """In how many shards `index_folder` lies."""
    return 1


@pytest.fixture
def index_folder(corpus: Path, tmp_path: Path, shards: int) -> Path:
    """An index of `corpus`, built with the toy encoder."""
    folder = tmp_path / "index"
    build(corpus, folder, shards=shards)
    return folder


@pytest.fixture
def changed(corpus: Path, index_folder: Path) -> Path:
    """The corpus with one sentence changed, a file added and one gone since the index was built."""
    tea = corpus / "tea.md"
    tea.write_text(tea.read_text("utf-8").replace("It is bitter", "It is sweet"), "utf-8")
    (corpus / "milk.md").write_text("# Milk\n\nMilk comes from cows.\n", "utf-8")
    (corpus / "coffee.md").unlink()
    return corpus


@pytest.fixture
def open_toy() -> Callable[[Path], Index]:
    """Opens an index folder with the toy encoder and no cross-encoder."""
    return lambda folder: open_index(folder, load=BagOfWords).ranked_by(RANKINGS["full"])


@pytest.fixture(scope="session")
def real_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped corpus, built with the default model."""
    folder = tmp_path_factory.mktemp("real") / "index"
    building.build(ROOT / "corpus", folder)
    return folder


@pytest.fixture(scope="session")
def languages_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles in German, Japanese, Arabic and English, built with the default model."""
    folder = tmp_path_factory.mktemp("languages") / "index"
    building.build(ROOT / "tests" / "data" / "languages" / "corpus", folder)
    return folder
