"""Question to hits: which passage comes first, with which score, and what odd questions do."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from passages import IndexDamaged, NoIndex, open_index
from passages.evaluation.fitting.sampling import Collection, index_of
from passages.index.words.term_list import BM25
from passages.models.calibration import FEATURES
from passages.models.supply import Model, find_model
from passages.search.query import read_as
from passages.search.scoring import RANKINGS
from passages.search.searcher import Index
from tests.conftest import CALIBRATION, BagOfWords, build


def test_a_hit_is_a_verbatim_slice_with_its_best_sentence(
    index_folder: Path, open_toy: Callable[[Path], Index]
) -> None:
    hit = open_toy(index_folder).search("is green tea bitter").hits[0]
    passage = hit.passage
    assert passage.text == "Green tea is not fermented. It is bitter."
    assert passage.article.text[passage.start : passage.end] == passage.text
    assert (passage.article.title, passage.headings, passage.anchor) == (
        "Tea",
        ("Green tea",),
        "green-tea",
    )
    assert passage.text[slice(*hit.span)] == hit.sentence


def test_scores_by_hand(index_folder: Path, open_toy: Callable[[Path], Index]) -> None:
    hits = open_toy(index_folder).search("caffeine").hits
    # Words of the passage as the encoder sees it: coffee caffeine / a cup of coffee holds 95 mg of
    # caffeine. It is one sentence, under the same headings.
    cosine = 2 / math.sqrt(2 * 2 + 2 * 2 + 2 * 2 + 5)  # coffee, caffeine and of twice, 5 others
    # BM25 counts headings twice and leaves out a, of, are, is, not, it, for: the caffeine passage
    # has 2 * (coffee caffeine) + cup coffee holds 95 mg caffeine, 3 times caffeine in 10 words.
    lengths = [7, 10, 4, 10, 10]
    relative = 10 / (sum(lengths) / len(lengths))
    bm25 = 3 / (
        3 + BM25.k1 * (1 - BM25.b + BM25.b * relative)
    )  # as a share of the question: without the idf
    assert hits[0].passage.anchor == "caffeine"
    assert hits[0].score == pytest.approx(
        cosine / CALIBRATION.spread + RANKINGS["full"].bm25 * bm25, rel=1e-3
    )
    assert [hit.score for hit in hits[1:]] == pytest.approx([0.0] * 4, abs=1e-3)


def test_the_encoder_is_asked_in_the_articles_words_too(
    corpus: Path, tmp_path: Path, open_toy: Callable[[Path], Index]
) -> None:
    (corpus / "_synonyms.txt").write_text("bitter, acrid\n", "utf-8")
    build(corpus, tmp_path / "index")
    index = open_toy(tmp_path / "index").ranked_by(RANKINGS["encoder"])
    acrid, bitter = (index.search(word).hits[0] for word in ("acrid", "bitter"))
    assert acrid.sentence == bitter.sentence == "It is bitter."
    # The mean of both wordings, at right angles here, is at half a right angle to each.
    assert acrid.score == pytest.approx(bitter.score / math.sqrt(2), rel=1e-3)


def test_a_calibration_is_fitted_on_articles_with_their_synonyms(
    corpus: Path, tmp_path: Path
) -> None:
    (corpus / "_synonyms.txt").write_text("bitter, acrid\n", "utf-8")
    index = index_of(Collection(corpus, []), BagOfWords(), tmp_path / "index")
    assert read_as("Acrid?", index.source.words).text == "bitter?"


def test_the_rise_without_a_lacking_word_by_hand(
    index_folder: Path, open_toy: Callable[[Path], Index]
) -> None:
    index = open_toy(index_folder)
    answer = index.search("is green tea bitter for babies")
    assert answer.hits[0].sentence == "It is bitter."
    # The sentence under its headings is tea green tea / it is bitter: length sqrt(4 + 1 + 3), and
    # it shares 2 * tea + green + is + bitter with the question, of 6 words or 5 without babies.
    cosines = [5 / math.sqrt(8 * words) for words in (6, 5)]
    rise = FEATURES.index("rise")
    assert answer.features[rise] == pytest.approx(
        (cosines[1] - cosines[0]) / CALIBRATION.spread, rel=1e-2
    )
    assert index.search("is green tea bitter").features[rise] == 0.0


def test_hits_are_ranked_by_score_and_limited_by_k(
    index_folder: Path, open_toy: Callable[[Path], Index]
) -> None:
    index = open_toy(index_folder)
    hits = index.search("fermented tea", k=3).hits
    assert [hit.rank for hit in hits] == [1, 2, 3]
    assert hits[0].score >= hits[1].score >= hits[2].score
    assert len(index.search("fermented tea", k=100).hits) == 5


def test_only_the_articles_asked_for(index_folder: Path, open_toy: Callable[[Path], Index]) -> None:
    index = open_toy(index_folder)
    answer = index.search("fermented tea", articles=["coffee", "unknown"])
    assert [hit.passage.article.id for hit in answer.hits] == ["coffee", "coffee"]
    assert index.search("fermented tea", articles=["unknown"]).hits == ()


@pytest.mark.parametrize("question", ["", "   ", "\0", "\ud800", "\n\t"])
def test_a_question_without_words_finds_nothing(
    question: str, index_folder: Path, open_toy: Callable[[Path], Index]
) -> None:
    answer = open_toy(index_folder).search(question)
    assert (answer.hits, answer.covered, answer.confidence) == ((), False, 0.0)


@pytest.mark.parametrize(
    ("question", "plain"),
    [
        ("tea " * 5000, "tea " * 500),
        ("👩‍⚕️ tea?", "tea"),
        ("tea\ud800", "tea"),
        ("<b>tea</b> & 'tea'", "b tea b tea"),
        ("Grüner\nTee?", "grüner tee"),
    ],
)
def test_odd_questions_are_answered_as_plain_ones(
    question: str, plain: str, index_folder: Path, open_toy: Callable[[Path], Index]
) -> None:
    index = open_toy(index_folder)
    odd, plainly = (index.search(asked, k=5) for asked in (question, plain))
    assert len(odd.hits) == 5
    assert [(hit.passage, hit.score) for hit in odd.hits] == [
        (hit.passage, hit.score) for hit in plainly.hits
    ]
    assert odd.confidence == plainly.confidence


def test_no_index_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(NoIndex, match=r"python -m passages build --index"):
        open_index(tmp_path / "none")


def test_a_model_with_other_weights_is_refused(corpus: Path, tmp_path: Path) -> None:
    weights = tmp_path / "model" / "weights"
    weights.parent.mkdir()
    weights.write_text("these", "utf-8")
    here = find_model(str(weights.parent), "float32")
    other = replace(here, fingerprint="other")
    build(corpus, tmp_path / "index", load=lambda _: BagOfWords(other))
    index = open_index(tmp_path / "index")
    said = f"built with .*/model other, this machine has {here.fingerprint}: build it"
    with pytest.raises(IndexDamaged, match=said):
        index.search("tea")


def test_an_index_may_not_bring_its_own_model(corpus: Path, tmp_path: Path) -> None:
    inside = Model(str(tmp_path / "index" / "model"), "float32", "x")
    build(corpus, tmp_path / "index", load=lambda _: BagOfWords(inside))
    with pytest.raises(IndexDamaged, match="a model inside itself"):
        open_index(tmp_path / "index").search("tea")


def test_an_index_can_be_moved_and_read_only(
    index_folder: Path, tmp_path: Path, open_toy: Callable[[Path], Index]
) -> None:
    moved = tmp_path / "elsewhere"
    shutil.move(index_folder, moved)
    for path in moved.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = sorted(path.name for path in moved.rglob("*"))
    assert open_toy(moved).search("bitter").hits[0].sentence == "It is bitter."
    assert sorted(path.name for path in moved.rglob("*")) == before


@pytest.mark.real_model
def test_the_done_when_questions(real_index: Path) -> None:
    index = open_index(real_index)
    first = index.search("who must not take ketamine?").hits[0].passage
    assert first.anchor == "the-contraindications-for-ketamine-treatment"
    found = {hit.passage.article.id for hit in index.search("what are the side effects").hits[:5]}
    assert len(found) == 3
