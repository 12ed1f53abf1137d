"""A rebuild reads the words of what is new or gone alone, and makes what a first build would."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from passages.articles.chunking import Passage
from passages.index import folder as store
from passages.index.carried import Carried, postings_for
from passages.index.manifest import read_manifest
from passages.index.snapshot import Snapshot
from passages.index.words.carrying import carry_over
from passages.index.words.lexicon import postings_of
from tests.conftest import build

_WORDS = st.lists(
    st.sampled_from(("Tea", "tea", "teas", "green", "Cup", "cups", "mg", "für", "drinking")),
    max_size=6,
).map(" ".join)
_TEXT = st.tuples(_WORDS, _WORDS, st.sampled_from(("en", "de")))
_FIELDS = ("starts", "rows", "frequencies", "most", "shortest", "lengths")


@settings(max_examples=100, deadline=None)
@given(
    before=st.lists(_TEXT, max_size=6),
    now=st.lists(st.one_of(st.integers(0, 5), _TEXT), max_size=8),
)
def test_postings_carried_over_are_those_of_all_passages_indexed_anew(
    before: list[tuple[str, str, str]], now: list[int | tuple[str, str, str]]
) -> None:
    kept = iter(sorted({row for row in now if isinstance(row, int) and row < len(before)}))
    rows = [next(kept, None) if isinstance(item, int) else -1 for item in now]
    carried = [(item, row) for item, row in zip(now, rows, strict=True) if row is not None]
    texts = [before[row] if row >= 0 else item for item, row in carried]
    fresh = [item for item, row in carried if row < 0]
    gone = [text for row, text in enumerate(before) if row not in {row for _, row in carried}]
    found = carry_over(
        *map(postings_of, (before, fresh, gone)), np.array([row for _, row in carried], np.int64)
    )
    expected = postings_of(texts)
    assert list(found.words) == list(expected.words)
    assert list(found.forms) == list(expected.forms)
    assert (found.longest, found.languages) == (expected.longest, expected.languages)
    for name in _FIELDS:
        one, other = getattr(found, name), getattr(expected, name)
        assert (one.tolist(), one.dtype) == (other.tolist(), other.dtype), name


_SENTENCE = st.sampled_from(
    ("Tea is green.", "Coffee is black.", "Milk is white.", "Ask your doctor about tea first.")
)
_CORPUS = st.dictionaries(st.sampled_from("abcde"), st.lists(_SENTENCE, min_size=1, max_size=4))


def _write(corpus: Path, articles: dict[str, list[str]]) -> None:
    corpus.mkdir(exist_ok=True)
    for path in corpus.iterdir():
        path.unlink()
    for name, sentences in articles.items():
        sections = "".join(f"## {text}\n\n{text}\n\n" for text in sentences)
        (corpus / f"{name}.md").write_text(f"# {name}\n\n{sections}", "utf-8")


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    versions=st.lists(_CORPUS.filter(bool), min_size=2, max_size=3), shards=st.sampled_from([1, 2])
)
def test_a_rebuilt_snapshot_has_the_files_of_a_first_build(
    versions: list[dict[str, list[str]]], shards: int
) -> None:
    with tempfile.TemporaryDirectory() as name:
        corpus, index, anew = (Path(name) / part for part in ("corpus", "index", "anew"))
        for articles in versions:
            _write(corpus, articles)
            build(corpus, index, shards=shards)
        build(corpus, anew, shards=shards)
        assert _files(index) == _files(anew)


def _files(index: Path) -> list[dict[str, bytes]]:
    """The files of what serves, without the manifests, which tell when it was built."""
    folder = store.serving(index)
    shards = [index / shard.name for shard in read_manifest(folder).shards]
    return [
        {name: (one / name).read_bytes() for name in read_manifest(one).files}
        for one in (folder, *shards)
    ]


class _Counting(Sequence[Passage]):
    """Passages, and which of them were read."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages, self.read = passages, []

    def __len__(self) -> int:
        return len(self._passages)

    def __getitem__(self, row: int) -> Passage:
        self.read.append(row)
        return self._passages[row]


def test_of_a_hundred_articles_with_one_changed_the_words_of_one_are_read(tmp_path: Path) -> None:
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    _write(corpus, {f"a{n:03}": ["Tea is green.", f"It has {n} mg."] for n in range(100)})
    build(corpus, index)
    last = Snapshot(store.serving(index))
    rows = np.arange(len(last))
    rows[20:22] = -1
    passages = _Counting(list(last.passages()))
    postings = postings_for(passages, Carried(last, rows))
    assert passages.read == [20, 21]
    assert len(postings) == 200
    assert list(postings.words) == list(last.postings.words)
    assert np.array_equal(postings.rows, last.postings.rows)
