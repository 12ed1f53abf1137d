"""The Python in docs/api.md runs; that for other libraries where they are installed."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from passages.search.searcher import Index
from tests.conftest import ROOT

BLOCKS = re.findall(
    r"```python\n(.*?)```", (ROOT / "docs" / "api.md").read_text("utf-8"), re.DOTALL
)
COVERED = "how much caffeine is in a cup of coffee?"
NOT_COVERED = "who painted the Night Watch?"


def _run(library: str) -> dict[str, Any]:
    """The names that the block about a library defines."""
    [block] = [block for block in BLOCKS if f"from {library}" in block]
    names: dict[str, Any] = {"__name__": "documented"}
    exec(compile(block, "docs/api.md", "exec", dont_inherit=True), names)
    return names


@pytest.fixture
def index(index_folder: Path, open_toy: Callable[[Path], Index]) -> Index:
    return open_toy(index_folder)


@pytest.mark.real_model
def test_the_library_is_used_as_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "corpus", tmp_path / "corpus")
    (tmp_path / "questions.jsonl").write_text(
        '{"id": "who", "question": "who must not take ketamine?", "relevant": '
        '[{"quote": "such as glaucoma, heart disease"}]}\n',
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    names = _run("passages import build")
    answer = names["answer"]
    assert answer.hits[0].passage.headings[-1] == "The Contraindications for Ketamine Treatment"
    measures = {name: each["measures"] for name, each in names["measured"].items()}
    assert measures["shipped"]["nDCG@10"] == 1.0
    assert set(measures) == {"shipped", "bm25"}
    told = capsys.readouterr().out
    assert "glaucoma" in told
    assert told.splitlines()[-1].startswith("1.0 [")


def _in_langchain(index: Index, question: str) -> list[tuple[str, Any]]:
    made = _run("langchain_core")["PassagesRetriever"](index=index, k=1)
    return [(each.page_content, each.metadata) for each in made.invoke(question)]


def _in_llama_index(index: Index, question: str) -> list[tuple[str, Any]]:
    made = _run("llama_index")["PassagesRetriever"](index, k=1)
    found = made.retrieve(question)
    return [(each.node.get_content(), each.node.metadata) for each in found]


def _in_haystack(index: Index, question: str) -> list[tuple[str, Any]]:
    from haystack import Pipeline  # type: ignore[import-not-found]

    pipeline = Pipeline()
    pipeline.add_component("articles", _run("haystack")["PassagesRetriever"](index, k=1))
    found = pipeline.run({"articles": {"query": question}})["articles"]["documents"]
    return [(each.content, each.meta) for each in found]


@pytest.mark.parametrize(
    ("library", "asked"),
    [
        ("langchain_core", _in_langchain),
        ("llama_index.core", _in_llama_index),
        ("haystack", _in_haystack),
    ],
)
def test_other_libraries_retrieve_what_the_search_finds(
    index: Index, library: str, asked: Callable[[Index, str], list[tuple[str, Any]]]
) -> None:
    pytest.importorskip(library)
    [(text, about)] = asked(index, COVERED)
    assert text == "A cup of coffee holds 95 mg of caffeine."
    assert about["headings"] == ["Caffeine"]
    assert about["score"] == index.search(COVERED, 1).hits[0].score
    assert asked(index, NOT_COVERED) == []
