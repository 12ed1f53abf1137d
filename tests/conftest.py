"""What the tests share: an encoder to be worked out by hand, and a closed network."""

from __future__ import annotations

import importlib
import os
import re
import zlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from passages.building import build as building
from passages.models.calibration import Calibration
from passages.models.encoder import Vectors
from passages.models.supply import Model
from passages.opening import open_index
from passages.search.scoring import RANKINGS
from passages.search.searcher import Index

ROOT = Path(__file__).parent.parent

TEA_BEFORE = "Green tea is not fermented. It is bitter."
TEA_AFTER = "Green tea is not fermented. It is sweet."
OFFLINE = Path(__file__).parent / "offline"

TOY = Model("bag-of-words", "float32", "bag-1")
CALIBRATION = Calibration(0.1, 0.1, (0.5, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0), -3.0, 0.5, "by hand")


def pytest_configure() -> None:
    """Close the network, here and in every Python that the tests start."""
    importlib.import_module("tests.offline.sitecustomize")
    paths = [str(OFFLINE), os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, paths))


class BagOfWords:
    """Counts words into buckets by a hash: texts that share words are near, always the same way."""

    def __init__(
        self, model: Model | None = None, dimension: int = 64, max_tokens: int = 40
    ) -> None:
        self.model = model or TOY
        self.dimension = dimension
        self.max_tokens = max_tokens
        self.encoded: list[str] = []

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Words and punctuation marks, and two special tokens as BERT has them."""
        return [len(re.findall(r"\w+|[^\w\s]", text)) + 2 for text in texts]

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.encoded += texts
        return self.encode_questions(texts)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()):
                vectors[row, zlib.crc32(word.encode()) % self.dimension] += 1
            vectors[row, 0] += 1e-3  # a text without words has a direction too
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors


build = partial(building.build, model=TOY, load=BagOfWords, calibrate=lambda *_: CALIBRATION)
"""A build with the toy encoder and a calibration by hand."""


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


@pytest.fixture
def index_folder(corpus: Path, tmp_path: Path) -> Path:
    """An index of `corpus`, built with the toy encoder."""
    folder = tmp_path / "index"
    build(corpus, folder)
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
