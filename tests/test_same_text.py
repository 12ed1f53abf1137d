"""A text that stands in several places is one hit that names them, also where it is judged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from passages.cli.ask import as_text
from passages.evaluation.asking import Answered
from passages.evaluation.judgements import JudgedQuestion
from passages.evaluation.measures import per_question
from passages.evaluation.quotes import Place
from passages.search.searcher import Index
from passages.service.contract.wire import answer_json, answer_of
from tests.conftest import build

SAID = "Rinse the filter under warm water once a month and let it dry in the open air."


@pytest.fixture
def index(tmp_path: Path, open_toy: Callable[[Path], Index]) -> Index:
    corpus = tmp_path / "manuals"
    corpus.mkdir()
    for name in ("alpha", "beta"):
        (corpus / f"{name}.md").write_text(
            f"# Washer {name}\n\n## Filter\n\n{SAID}\n\n## Is {name} quiet?\n\nYes.\n", "utf-8"
        )
    (corpus / "tea.md").write_text("# Tea\n\n## Filter\n\nA filter of paper.\n", "utf-8")
    build(corpus, tmp_path / "index")
    return open_toy(tmp_path / "index")


def test_the_same_text_is_one_hit_that_names_its_other_places(index: Index) -> None:
    answer = index.search("rinse the filter of washer beta")
    first = answer.hits[0]
    assert first.passage.text == SAID
    assert first.passage.article.id == "beta"
    assert [place.article.id for place in first.other_places] == ["alpha"]
    assert [hit.passage.words for hit in answer.hits].count(SAID) == 1
    assert [hit.rank for hit in answer.hits] == list(range(1, len(answer.hits) + 1))
    assert "(also in: Washer alpha › Filter)" in as_text(answer)
    [told] = first.to_json()["other_places"]
    assert (told["article"], told["headings"], told["anchor"]) == ("alpha", ["Filter"], "filter")


def test_a_short_text_under_another_heading_says_something_else(index: Index) -> None:
    hits = index.search("is it quiet").hits
    assert [hit.passage.words for hit in hits].count("Yes.") == 2


def test_a_service_gives_the_other_places_too(index: Index) -> None:
    answer = index.search("rinse the filter")
    cut = {
        (passage.article.id, passage.start, passage.end): passage
        for name, _ in index.articles()
        for passage in index.passages_of(name)
    }
    told = answer_json(answer, whole=True)
    assert answer_of(told, lambda *place: cut[place]).hits == answer.hits


def test_a_judged_place_is_found_where_a_hit_names_it(index: Index) -> None:
    answer = index.search("rinse the filter of washer beta")
    other = answer.hits[0].other_places[0]
    place = Place("alpha", ((other.start, other.end),))
    values = per_question([Answered(JudgedQuestion("q", "q", "k", ()), (place,), answer)])
    assert values["nDCG@10"][0] == values["Success@1"][0] == values["marked"][0] == 1
