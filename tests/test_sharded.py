"""Several shards answer as one snapshot does: order, scores, sentences, confidence, all of it."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from passages.articles.boilerplate import find_boilerplate
from passages.articles.chunking import chunk
from passages.articles.corpus import Article
from passages.index.collection import Collection, shard_of
from passages.index.manifest import ArticleFile
from passages.index.snapshot import Snapshot
from passages.index.words.vocabulary import collect
from passages.index.writer import Origin, write_snapshot
from passages.language.synonyms import parse_synonyms
from passages.models.encoder import LazyEncoder
from passages.search.answer import Answer
from passages.search.scoring import RANKINGS
from passages.search.searcher import CANDIDATES, Index
from passages.search.sources.fleet import Call, LocalFleet
from passages.search.sources.shard import Shard
from passages.search.sources.sharded import ShardedSource
from passages.search.sources.single import SingleSource
from passages.search.sources.source import Source
from tests.conftest import CALIBRATION, BagOfWords
from tests.test_tokens import TokensOfWords

SHARDS = (1, 2, 3, 5, 8)
SYNONYMS = "bitter, acrid\ngreen tea, sencha"
WORDS = ("tea", "green", "bitter", "coffee", "roasted", "cup", "fermented", "hours", "sencha", "mg")
DISCLAIMER = "Ask your doctor about tea before you drink any more of it."

_SENTENCE = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(
    lambda words: " ".join(words).capitalize() + "."
)
_SECTION = st.lists(st.one_of(_SENTENCE, st.just(DISCLAIMER)), min_size=1, max_size=3)
_ARTICLE = st.lists(_SECTION, min_size=1, max_size=4)
_QUESTION = st.lists(
    st.sampled_from((*WORDS, "acrid", "fermentd", "cofee", "zzyzx", "the")), min_size=1, max_size=5
).map(" ".join)


def _articles(corpus: Sequence[Sequence[Sequence[str]]]) -> list[Article]:
    made = []
    for number, sections in enumerate(corpus):
        text = "".join(f"## Part {n}\n\n{' '.join(s)}\n\n" for n, s in enumerate(sections))
        language = "de" if number % 4 == 3 else None  # which has no codes of tokens
        made.append(Article(f"a{number:03}", f"Drink {number % 3}", text, language=language))
    return made


def _snapshot(folder: Path, articles: Sequence[Article]) -> Snapshot:
    encoder = BagOfWords()
    passages = [passage for one in articles for passage in chunk(one, encoder.count_tokens, 40)]
    files = {one.id: ArticleFile(f"{one.id}.md", "0" * 64, 1, 1) for one in articles}
    origin = Origin("corpus", files, {}, CALIBRATION)
    groups = parse_synonyms(SYNONYMS, ("en", "de"))
    return write_snapshot(
        folder, articles, passages, encoder, origin, synonyms=groups, tokens=TokensOfWords()
    )


class _Pickling(LocalFleet):
    """Shards as those of another process are asked."""

    def ask(self, call: Call, given: Mapping[int, tuple[Any, ...]]) -> dict[int, Any]:
        replies = super().ask(call, pickle.loads(pickle.dumps(given)))
        return pickle.loads(pickle.dumps(replies))


def _sharded(whole: Snapshot, folder: Path, shards: int) -> ShardedSource:
    parts: list[list[Article]] = [[] for _ in range(shards)]
    for article in whole.articles():
        parts[shard_of(article.id, shards)].append(article)
    snapshots = [
        _snapshot(folder / f"{shards}-{number}", part) for number, part in enumerate(parts)
    ]
    groups = parse_synonyms(SYNONYMS, ("en", "de"))
    vocabulary = collect([one.postings for one in snapshots], groups)
    articles = len(whole.manifest.articles)
    boilerplate, _ = find_boilerplate([one.texts() for one in snapshots], articles)
    fleet = _Pickling([Shard(snapshot) for snapshot in snapshots])
    collection = Collection(vocabulary, boilerplate)
    return ShardedSource(SingleSource(whole).about, collection, fleet)


def _index(source: Source) -> Index:
    encoder = BagOfWords()
    lazy = LazyEncoder(encoder.model, lambda: encoder)
    ranking = replace(RANKINGS["full+late"], rerank_without_tokens=0.0)
    return Index(source, lazy, ranking, tokens=TokensOfWords)


def _all_of(answer: Answer) -> tuple[object, ...]:
    hits = [(hit.rank, hit.score, hit.passage, hit.sentence, hit.span) for hit in answer.hits]
    # Bit by bit, for a feature that was not measured is no number, which equals nothing.
    features = None if answer.features is None else answer.features.tobytes()
    told = answer.covered, answer.confidence, answer.wording, answer.replaced, answer.stems
    return hits, features, told


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    corpus=st.lists(_ARTICLE, min_size=1, max_size=9),
    questions=st.lists(_QUESTION, min_size=1, max_size=4),
    chosen=st.sets(st.integers(0, 8)),
)
@example(
    corpus=[[["Green tea.", DISCLAIMER]]] * 9, questions=["doctor green tea"], chosen={1, 2, 7}
)
@example(corpus=[[["Tea."]]], questions=["the"], chosen=set())
def test_shards_answer_as_one(
    corpus: list[list[list[str]]], questions: list[str], chosen: set[int]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole = _snapshot(folder / "whole", _articles(corpus))
        one = _index(SingleSource(whole))
        within = [f"a{number:03}" for number in sorted(chosen)]
        for shards in SHARDS:
            several = _index(_sharded(whole, folder, shards))
            assert list(several.articles()) == list(one.articles())
            for question in questions:
                for articles in (None, within):
                    assert _all_of(several.search(question, articles=articles)) == _all_of(
                        one.search(question, articles=articles)
                    )


@pytest.mark.parametrize("shards", SHARDS)
def test_more_equal_passages_than_candidates_are_taken_in_order(
    shards: int, tmp_path: Path
) -> None:
    corpus = [[["Green tea."], ["Bitter tea."], [f"Coffee of {n} mg."]] for n in range(130)]
    whole = _snapshot(tmp_path / "whole", _articles(corpus))
    one, several = _index(SingleSource(whole)), _index(_sharded(whole, tmp_path, shards))
    for question in ("green tea", "bitter", "is tea green or bitter", "coffee 17 mg", "drink"):
        expected = one.search(question, k=200)
        named = sum(1 + len(hit.other_places) for hit in expected.hits)
        assert named >= CANDIDATES
        assert _all_of(several.search(question, k=200)) == _all_of(expected)


def test_an_article_and_its_passages_are_found_in_their_shard(tmp_path: Path) -> None:
    whole = _snapshot(tmp_path / "whole", _articles([[["Green tea."], ["Bitter."]]] * 5))
    one, several = SingleSource(whole), _sharded(whole, tmp_path, 3)
    for name in ("a000", "a003", "none"):
        assert several.article(name) == one.article(name)
        assert several.passages_of(name) == one.passages_of(name)
    places = [7, 0, 3]
    assert [each.passage for each in several.read(places)] == [
        each.passage for each in one.read(places)
    ]
    assert several.verified
