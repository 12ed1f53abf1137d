"""Builds: what is encoded, what is carried over, what is published, what is reported."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from passages import IndexDamaged
from passages.articles.corpus import (
    MAX_FILE_BYTES,
    Article,
    Problem,
    SourceFile,
    read_article,
)
from passages.building.build import Report
from passages.building.changes import Changes, changes_since
from passages.building.cutting import CHUNKING
from passages.building.intake import read_synonyms
from passages.index import folder as store
from passages.index.manifest import FORMAT, read_manifest, sha256
from passages.index.snapshot import Snapshot
from passages.index.vectors.encode_once import Journal
from passages.index.vectors.pace import MOST
from passages.models.encoder import TextEncoder
from passages.models.supply import Model
from passages.search.query import look_up
from passages.search.searcher import Index
from tests.support.toy import BagOfWords, build


def _rebuild(corpus: Path, index: Path) -> tuple[Report, BagOfWords]:
    encoder = BagOfWords()
    return build(corpus, index, load=lambda model: encoder), encoder


def _never(model: Model) -> TextEncoder:
    raise AssertionError("the model was loaded")


def test_first_build_encodes_every_passage_and_sentence_once(corpus: Path, tmp_path: Path) -> None:
    report, encoder = _rebuild(corpus, tmp_path / "index")
    assert (report.articles, report.passages, report.embedded, report.reused) == (2, 5, 5, 0)
    assert report.added == ("coffee", "tea")
    assert report.published
    assert sorted(encoder.encoded) == sorted(
        [
            "Coffee > Beans\nCoffee beans are roasted.",
            "Coffee > Caffeine\nA cup of coffee holds 95 mg of caffeine.",
            "Tea\nTea is a drink.",
            "Tea > Green tea\nGreen tea is not fermented. It is bitter.",
            "Tea > Green tea\nGreen tea is not fermented.",
            "Tea > Green tea\nIt is bitter.",
            "Tea > Black tea\nBlack tea is fermented for hours.",
        ]
    )


def test_nothing_changed_loads_no_model_and_publishes_nothing(
    corpus: Path, index_folder: Path
) -> None:
    before = store.read_pointer(index_folder)
    report = build(corpus, index_folder, load=_never)
    assert (report.published, report.embedded, report.reused, report.unchanged) == (False, 0, 5, 2)
    assert store.read_pointer(index_folder) == before


def test_one_changed_sentence_encodes_only_its_texts(corpus: Path, index_folder: Path) -> None:
    tea = corpus / "tea.md"
    tea.write_text(tea.read_text("utf-8").replace("It is bitter", "It is sweet"), "utf-8")
    report, encoder = _rebuild(corpus, index_folder)
    assert (report.changed, report.embedded, report.reused) == (("tea",), 1, 4)
    assert sorted(encoder.encoded) == [
        "Tea > Green tea\nGreen tea is not fermented. It is sweet.",
        "Tea > Green tea\nIt is sweet.",
    ]


def test_rebuilt_index_equals_one_built_anew(
    corpus: Path, index_folder: Path, tmp_path: Path, open_toy: Callable[[Path], Index]
) -> None:
    (corpus / "milk.md").write_text("# Milk\n\nMilk comes from cows.\n", "utf-8")
    (corpus / "coffee.md").unlink()
    report, _ = _rebuild(corpus, index_folder)
    build(corpus, tmp_path / "anew")
    assert (report.added, report.removed) == (("milk",), ("coffee",))
    one, other = (open_toy(folder).source.snapshot for folder in (index_folder, tmp_path / "anew"))
    assert [one.passage(row) for row in range(len(one))] == [
        other.passage(row) for row in range(len(other))
    ]
    np.testing.assert_array_equal(one.vectors[:], other.vectors[:])
    np.testing.assert_array_equal(one.keys, other.keys)


def test_a_deleted_article_is_never_found_again(
    corpus: Path, index_folder: Path, open_toy: Callable[[Path], Index]
) -> None:
    question = "how much caffeine holds a cup of coffee"
    assert open_toy(index_folder).search(question).hits[0].passage.article.id == "coffee"
    (corpus / "coffee.md").unlink()
    _rebuild(corpus, index_folder)
    hits = open_toy(index_folder).search(question, k=100).hits
    assert {hit.passage.article.id for hit in hits} == {"tea"}


def test_dry_run_reports_and_writes_nothing(corpus: Path, index_folder: Path) -> None:
    (corpus / "milk.md").write_text("# Milk\n\nMilk comes from cows.\n", "utf-8")
    files = sorted(os.listdir(index_folder))
    encoder = BagOfWords()
    report = build(corpus, index_folder, dry_run=True, load=lambda model: encoder)
    assert (report.added, report.embedded, report.reused) == (("milk",), 1, 5)
    assert (report.published, encoder.encoded) == (False, [])
    assert sorted(os.listdir(index_folder)) == files


def test_one_bad_file_stops_nothing_and_is_named(corpus: Path, tmp_path: Path) -> None:
    (corpus / "bad.md").write_bytes(b"a\0b")
    report, _ = _rebuild(corpus, tmp_path / "index")
    assert report.articles == 2
    [problem] = report.problems
    assert (problem.file, problem.severity) == ("bad.md", "error")
    assert "NUL" in problem.problem


def test_an_unreadable_article_keeps_its_last_good_text_until_it_reads_or_is_gone(
    corpus: Path, index_folder: Path, open_toy: Callable[[Path], Index]
) -> None:
    tea = corpus / "tea.md"
    good = tea.read_bytes()
    tea.write_bytes(b"\0")
    report, encoder = _rebuild(corpus, index_folder)
    assert (report.kept, report.articles, encoder.encoded) == (("tea",), 2, [])
    assert "last good text is kept" in report.problems[0].problem
    index = open_toy(index_folder)
    assert index.search("is it bitter").hits[0].sentence == "It is bitter."
    assert index.source.snapshot.manifest.articles["tea"].kept is not None
    again, _ = _rebuild(corpus, index_folder)
    assert (again.published, again.kept) == (False, ("tea",))
    tea.write_bytes(good)
    mended, _ = _rebuild(corpus, index_folder)
    assert (mended.published, mended.kept, mended.problems) == (True, (), ())
    tea.write_bytes(b"\0")
    _rebuild(corpus, index_folder)
    tea.unlink()
    gone, _ = _rebuild(corpus, index_folder)
    assert (gone.removed, gone.articles) == (("tea",), 1)


def test_another_model_encodes_all_anew(corpus: Path, index_folder: Path) -> None:
    other = BagOfWords(Model("bag-of-words", "float32", "bag-2"))
    report = build(corpus, index_folder, model=other.model, load=lambda model: other)
    assert (report.published, report.embedded, report.reused) == (True, 5, 0)


def test_no_article_at_all_is_refused_and_the_old_snapshot_serves(
    corpus: Path, index_folder: Path, open_toy: Callable[[Path], Index]
) -> None:
    for path in corpus.iterdir():
        path.unlink()
    with pytest.raises(ValueError, match="no article in"):
        _rebuild(corpus, index_folder)
    assert open_toy(index_folder).about.passages == 5


def test_the_same_passage_in_two_articles_is_noted(corpus: Path, tmp_path: Path) -> None:
    (corpus / "mate.md").write_text("# Mate\n\nTea is a drink.\n", "utf-8")
    report, _ = _rebuild(corpus, tmp_path / "index")
    [note] = report.problems
    assert (note.file, note.severity) == ("mate, tea", "note")
    assert "same passage in 2 articles" in note.problem


def test_changes_since_a_build_are_seen_without_reading_what_did_not_change(
    corpus: Path,
    index_folder: Path,
    open_toy: Callable[[Path], Index],
) -> None:
    files = open_toy(index_folder).source.snapshot.manifest
    os.utime(corpus / "tea.md")  # a new time, the same bytes: looked at, not changed
    assert not changes_since(files, corpus)
    (corpus / "coffee.md").write_text("# Coffee\n\nOther.\n", "utf-8")
    (corpus / "milk.md").write_text("# Milk\n\nNew.\n", "utf-8")
    changes = changes_since(files, corpus)
    assert (changes.added, changes.changed, changes.removed) == (("milk",), ("coffee",), ())
    (corpus / "tea.md").unlink()
    assert changes_since(files, corpus).removed == ("tea",)


def _check(corpus: Path, index: Path) -> Changes:
    return changes_since(Snapshot(store.serving(index)).manifest, corpus)


def test_the_check_agrees_with_the_build_about_files_that_no_build_takes(
    corpus: Path, index_folder: Path
) -> None:
    bad = corpus / "bad.md"
    bad.write_bytes(b"\0")
    assert not _check(corpus, index_folder)
    report, _ = _rebuild(corpus, index_folder)
    assert (report.published, report.problems[0].file) == (False, "bad.md")
    bad.write_text("# Bad\n\nMended.\n", "utf-8")
    assert _check(corpus, index_folder).added == ("bad",)


def test_the_check_agrees_with_the_build_about_an_article_that_is_kept(
    corpus: Path, index_folder: Path
) -> None:
    tea = corpus / "tea.md"
    good = tea.read_bytes()
    tea.write_bytes(b"\0")
    assert _check(corpus, index_folder).changed == ("tea",)
    _rebuild(corpus, index_folder)
    for still_bad in (b"\0", b"\0\0"):
        tea.write_bytes(still_bad)
        assert not _check(corpus, index_folder)
        assert not _rebuild(corpus, index_folder)[0].published
    tea.write_bytes(good)
    assert _check(corpus, index_folder).changed == ("tea",)
    assert _rebuild(corpus, index_folder)[0].kept == ()
    assert not _check(corpus, index_folder)


def test_articles_of_a_folder_that_cannot_be_read_are_kept(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (corpus / "old").mkdir()
    (corpus / "old" / "milk.md").write_text("# Milk\n\nMilk comes from cows.\n", "utf-8")
    _rebuild(corpus, tmp_path / "index")
    scandir = os.scandir

    def refusing(path: str) -> object:
        if str(path).endswith("old"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return scandir(path)

    with monkeypatch.context() as patch:
        patch.setattr("os.scandir", refusing)
        report, _ = _rebuild(corpus, tmp_path / "index")
        assert (report.kept, report.removed) == (("old/milk",), ())
        assert not _check(corpus, tmp_path / "index")
        assert {problem.file for problem in report.problems} == {"old", "old/milk.md"}
    report, _ = _rebuild(corpus, tmp_path / "index")
    assert (report.published, report.kept, report.problems) == (True, (), ())


@pytest.mark.parametrize("what", ["linked out", "too long", "a folder"])
def test_an_article_whose_file_is_no_longer_to_be_read_is_kept(
    what: str, corpus: Path, index_folder: Path
) -> None:
    tea = corpus / "tea.md"
    if what == "too long":
        os.truncate(tea, MAX_FILE_BYTES + 1)
    else:
        tea.unlink()
    if what == "linked out":
        tea.symlink_to("/etc/hostname")
    elif what == "a folder":
        tea.symlink_to(corpus)
    report, encoder = _rebuild(corpus, index_folder)
    assert (report.kept, report.removed, encoder.encoded) == (("tea",), (), [])
    assert [problem.file for problem in report.problems] == ["tea.md"]
    assert not _check(corpus, index_folder)


def test_a_file_renamed_to_another_kind_is_read_again(corpus: Path, index_folder: Path) -> None:
    (corpus / "tea.md").rename(corpus / "tea.markdown")
    assert _check(corpus, index_folder).changed == ("tea",)
    report, encoder = _rebuild(corpus, index_folder)
    assert (report.changed, encoder.encoded) == (("tea",), [])
    assert not _check(corpus, index_folder)


def test_synonyms_that_cannot_be_read_stop_nothing(
    corpus: Path, tmp_path: Path, open_toy: Callable[[Path], Index]
) -> None:
    (corpus / "_synonyms.txt").write_text("bitter, acrid\n", "utf-8")
    _rebuild(corpus, tmp_path / "index")
    terms = look_up("acrid", open_toy(tmp_path / "index").source.words)
    assert [term.stem for term in terms if term.kind == "synonym"] == ["bitter"]
    (corpus / "_synonyms.txt").write_bytes(b"\0")
    report, _ = _rebuild(corpus, tmp_path / "index")
    [problem] = report.problems
    assert (report.published, problem.file, problem.severity) == (True, "_synonyms.txt", "error")
    assert problem.problem.endswith("no synonyms are used")
    assert not _check(corpus, tmp_path / "index")


def test_synonyms_outside_the_corpus_are_not_followed(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("bitter, acrid\n", "utf-8")
    (corpus / "_synonyms.txt").symlink_to(tmp_path / "secret")
    synonyms = read_synonyms(corpus)
    assert (synonyms.text, synonyms.sha256) == ("", "")
    assert "not followed" in str(synonyms.problem)


def test_passages_cut_in_another_way_take_the_vectors_of_the_same_texts(
    corpus: Path, index_folder: Path
) -> None:
    _rewrite(index_folder, chunking={**CHUNKING, "version": -1})
    report, encoder = _rebuild(corpus, index_folder)
    assert (report.published, report.reused, encoder.encoded) == (True, 5, [])


def test_another_version_of_the_readers_reads_every_file_again(
    corpus: Path, index_folder: Path
) -> None:
    _rewrite(index_folder, chunking={**CHUNKING, "readers": -1})
    files: list[str] = []

    def read(source: SourceFile, data: bytes, *, drafts: bool) -> tuple[Article, list[Problem]]:
        files.append(source.file)
        return read_article(source, data, drafts=drafts)

    report = build(corpus, index_folder, read=read)
    assert (report.published, report.reused, files) == (True, 5, ["coffee.md", "tea.md"])


def test_articles_of_headings_alone_make_an_index_that_stays(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "bare.md").write_text("# Bare\n", "utf-8")
    report, _ = _rebuild(corpus, tmp_path / "index")
    assert (report.published, report.passages) == (True, 0)
    assert build(corpus, tmp_path / "index", load=_never).published is False


def test_a_heading_that_no_question_finds_is_named(corpus: Path, tmp_path: Path) -> None:
    (corpus / "mate.md").write_text("# Mate\n\n## A\n\n### B\n\nx\n\n## C\n", "utf-8")
    report, _ = _rebuild(corpus, tmp_path / "index")
    [note] = report.problems
    assert (note.file, note.severity) == ("mate.md", "note")
    assert note.problem.startswith("no text below 'C'")


def test_a_calibration_of_another_version_is_damage_that_the_next_build_mends(
    corpus: Path, index_folder: Path, open_toy: Callable[[Path], Index]
) -> None:
    _rewrite(index_folder, calibration={"centre": 1})
    with pytest.raises(IndexDamaged, match=r"no calibration .*: build it with"):
        open_toy(index_folder)
    assert _rebuild(corpus, index_folder)[0].published
    assert open_toy(index_folder).search("is it bitter").hits[0].sentence == "It is bitter."


@pytest.mark.parametrize("number", [2, FORMAT - 1, 1, FORMAT + 1])
def test_an_older_format_is_refused_and_its_vectors_are_used_again(
    number: int, corpus: Path, index_folder: Path, open_toy: Callable[[Path], Index]
) -> None:
    folder = store.serving(index_folder)
    _rewrite(index_folder, format=number)
    refusal = f"has format {number}, this program reads {FORMAT}: build it with"
    with pytest.raises(IndexDamaged, match=refusal):
        open_toy(index_folder)
    known = 2 <= number < FORMAT
    report, encoder = _rebuild(corpus, index_folder)
    assert (report.published, report.reused) == (True, 5 if known else 0)
    assert (encoder.encoded == []) == known
    [note] = report.problems
    assert note.severity == "note"
    assert note.problem.startswith("the last snapshot was not used" + ", but its vectors" * known)
    assert open_toy(index_folder).search("is it bitter").hits[0].sentence == "It is bitter."
    assert not folder.exists()


def test_damaged_vectors_of_an_older_format_are_not_used(corpus: Path, index_folder: Path) -> None:
    vectors = store.serving(index_folder) / "vectors.f16"
    data = bytearray(vectors.read_bytes())
    data[7] ^= 1
    vectors.write_bytes(bytes(data))
    _rewrite(index_folder, format=2)
    report, _ = _rebuild(corpus, index_folder)
    assert (report.published, report.reused) == (True, 0)


def _rewrite(index: Path, **changes: Any) -> None:
    """Change what the serving snapshot's manifest says, and let the pointer name it."""
    folder = store.serving(index)
    replace(read_manifest(folder), **changes).write(folder)
    pointer = json.loads((index / "CURRENT").read_text("utf-8"))
    pointer["sha256"] = sha256(folder / "manifest.json")
    (index / "CURRENT").write_text(json.dumps(pointer), "utf-8")


class _Interrupted(Exception):
    pass


def test_an_interrupted_build_goes_on_where_it_was(corpus: Path, tmp_path: Path) -> None:
    parts = "".join(f"## Sort {number}\n\nGrown on hill {number}.\n\n" for number in range(40))
    (corpus / "sorts.md").write_text(f"# Sorts\n\n{parts}", "utf-8")
    index, encoder = tmp_path / "index", BagOfWords()

    def stop_after_a_batch(done: int, total: int) -> None:
        if done > 1:
            raise _Interrupted

    with pytest.raises(_Interrupted):
        build(corpus, index, load=lambda model: encoder, progress=stop_after_a_batch)
    journal = next(index.glob(".encoded-*"))
    with journal.open("ab") as stream:
        stream.write(b"torn record")
    report, second = _rebuild(corpus, index)
    assert (len(encoder.encoded), len(second.encoded)) == (1 + MOST, 47 - 1 - MOST)
    assert not set(encoder.encoded) & set(second.encoded)
    assert report.published
    assert not list(index.glob(".encoded-*"))


def test_a_damaged_journal_record_is_not_used(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "f", 2)
    keys = np.array([b"k" * 16, b"l" * 16], "S16")
    journal.append(keys, np.array([[1, 0], [0, 1]], np.float32))
    path = tmp_path / ".encoded-f"
    data = bytearray(path.read_bytes())
    data[17] ^= 1
    path.write_bytes(bytes(data))
    assert list(journal.read().find(keys)) == [-1, 0]
