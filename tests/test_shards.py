"""Several shards in one folder: what a build writes anew, what it keeps, and how they answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from passages import BadSetting, IndexDamaged
from passages.building.changes import changes_since
from passages.cli.check import check
from passages.evaluation.heading_check import ask_headings
from passages.index import folder as store
from passages.index.collection import shard_of
from passages.index.generation import Generation, open_generation, whole_manifest
from passages.search.searcher import Index
from tests.conftest import BagOfWords, build

SHARDS = 4
NAMES = [f"drink-{number}" for number in range(10)]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for number, name in enumerate(NAMES):
        _write(folder, name, f"Drink {number} has {number} mg of caffeine. It is green.")
    (folder / "_synonyms.txt").write_text("green, verdant\n", "utf-8")
    return folder


def _write(corpus: Path, name: str, body: str) -> None:
    disclaimer = "Ask your doctor before you drink any of it."
    text = f"# {name}\n\n## Facts\n\n{body}\n\n## Advice\n\n{disclaimer}\n"
    (corpus / f"{name}.md").write_text(text, "utf-8")


def _open(index: Path) -> Generation:
    return open_generation(store.serving(index), verify=True)


def _answers(index: Index) -> list[object]:
    questions = ("how much caffeine has drink 3", "verdant", "ask a docter", "milk")
    answers = [index.search(question, k=30) for question in questions]
    return [[(hit.passage, hit.score) for hit in answer.hits] for answer in answers] + [
        (answer.confidence, answer.replaced) for answer in answers
    ]


def test_an_index_of_shards_says_and_answers_what_one_snapshot_does(
    corpus: Path, tmp_path: Path, open_toy: Callable[[Path], Index]
) -> None:
    one = build(corpus, tmp_path / "one")
    several = build(corpus, tmp_path / "several", shards=SHARDS)
    told = [
        (report.articles, report.passages, report.embedded, report.added, set(report.problems))
        for report in (one, several)
    ]
    assert told[0] == told[1]
    dry = build(corpus, tmp_path / "none", shards=SHARDS, dry_run=True)
    assert (dry.passages, set(dry.problems)) == (one.passages, set(one.problems))
    first, other = open_toy(tmp_path / "one"), open_toy(tmp_path / "several")
    assert _answers(other) == _answers(first)
    assert list(other.articles()) == list(first.articles())
    assert other.about.sections == first.about.sections
    manifests = [whole_manifest(store.serving(tmp_path / name)) for name in ("one", "several")]
    assert manifests[0].articles == manifests[1].articles
    assert not changes_since(manifests[1], corpus)
    asked = [
        [(one.places, one.answer) for one in ask_headings(index, _open(tmp_path / name))]
        for index, name in ((first, "one"), (other, "several"))
    ]
    assert asked[0] == asked[1]


def test_only_shards_with_a_changed_article_are_written_anew(
    corpus: Path, tmp_path: Path, open_toy: Callable[[Path], Index]
) -> None:
    index = tmp_path / "index"
    build(corpus, index, shards=SHARDS)
    before = [shard.name for shard in _open(index).shards]
    assert not build(corpus, index).published
    _write(corpus, NAMES[3], "Drink 3 has 300 mg of caffeine. It is blue.")
    encoder = BagOfWords()
    report = build(corpus, index, load=lambda model: encoder)
    assert (report.changed, report.embedded, report.published) == ((NAMES[3],), 1, True)
    assert [text.splitlines()[-1] for text in encoder.encoded] == [
        "Drink 3 has 300 mg of caffeine. It is blue.",
        "Drink 3 has 300 mg of caffeine.",
        "It is blue.",
    ]
    after = [shard.name for shard in _open(index).shards]
    home = shard_of(NAMES[3], SHARDS)
    assert [now != then for now, then in zip(after, before, strict=True)] == [
        number == home for number in range(SHARDS)
    ]
    build(corpus, tmp_path / "anew", shards=SHARDS)
    assert _answers(open_toy(index)) == _answers(open_toy(tmp_path / "anew"))
    store.rollback(index)
    assert [shard.name for shard in _open(index).shards] == before


def test_changed_synonyms_write_the_collection_alone(
    corpus: Path, tmp_path: Path, open_toy: Callable[[Path], Index]
) -> None:
    index = tmp_path / "index"
    build(corpus, index, shards=SHARDS)
    before = [shard.name for shard in _open(index).shards]
    (corpus / "_synonyms.txt").write_text("green, emerald\n", "utf-8")
    report = build(corpus, index)
    assert (report.published, report.embedded) == (True, 0)
    assert [shard.name for shard in _open(index).shards] == before
    assert open_toy(index).search("emerald").replaced == (("emerald", "green"),)


def test_an_article_that_moves_to_another_shard_is_not_encoded_again(
    corpus: Path, tmp_path: Path
) -> None:
    build(corpus, tmp_path / "index", shards=SHARDS)
    homes = {shard_of(name, SHARDS): name for name in NAMES}
    other = next(f"moved-{n}" for n in range(99) if shard_of(f"moved-{n}", SHARDS) not in (0, 1))
    (corpus / f"{homes[0]}.md").rename(corpus / f"{other}.md")
    encoder = BagOfWords()
    report = build(corpus, tmp_path / "index", load=lambda model: encoder)
    assert (report.added, report.removed) == ((other,), (homes[0],))
    assert encoder.encoded == []


def test_the_number_of_shards_is_fixed(corpus: Path, tmp_path: Path) -> None:
    build(corpus, tmp_path / "index", shards=SHARDS)
    with pytest.raises(BadSetting, match="has 4 shards, and that cannot be changed to 2"):
        build(corpus, tmp_path / "index", shards=2)
    with pytest.raises(BadSetting, match="1 shard or more, not 0"):
        build(corpus, tmp_path / "index", shards=0)
    assert not build(corpus, tmp_path / "index", shards=SHARDS).published


def test_more_shards_than_articles_leave_some_empty(
    corpus: Path, tmp_path: Path, open_toy: Callable[[Path], Index]
) -> None:
    for name in NAMES[1:]:
        (corpus / f"{name}.md").unlink()
    build(corpus, tmp_path / "index", shards=8)
    opened = open_toy(tmp_path / "index")
    assert [len(shard) for shard in _open(tmp_path / "index").shards].count(0) == 7
    assert opened.search("caffeine").hits[0].passage.article.id == NAMES[0]
    (corpus / f"{NAMES[0]}.md").rename(corpus / "renamed.md")
    assert build(corpus, tmp_path / "index").embedded == 0


def test_a_damaged_shard_alone_is_made_anew(
    corpus: Path, tmp_path: Path, open_toy: Callable[[Path], Index], capsys: pytest.CaptureFixture
) -> None:
    index = tmp_path / "index"
    build(corpus, index, shards=SHARDS)
    whole = _answers(open_toy(index))
    shards = _open(index).shards
    home = shard_of(NAMES[0], SHARDS)
    (shards[home].folder / "texts.bin").write_bytes(b"")
    with pytest.raises(IndexDamaged, match=r"texts\.bin has 0 bytes"):
        open_toy(index)
    assert check(corpus, index) == 1
    assert "texts.bin has 0 bytes" in capsys.readouterr().out
    report = build(corpus, index)
    assert report.published
    assert report.added == tuple(sorted(shards[home].manifest.articles))
    assert "the last snapshot was not used" in report.problems[0].problem
    assert _answers(open_toy(index)) == whole
    after = [shard.name for shard in _open(index).shards]
    assert [name == shard.name for name, shard in zip(after, shards, strict=True)] == [
        number != home for number in range(SHARDS)
    ]
