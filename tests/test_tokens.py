"""Late interaction: codes of tokens, what is written and carried over, and how passages compare."""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from passages import IndexDamaged, open_index
from passages.index.vectors.tokens import TokenJournal
from passages.models.supply import Model
from passages.models.token_codes import LEVELS, Projection, projection
from passages.models.token_encoder import token_encoder
from passages.search.scoring import RANKINGS, SHIPPED
from passages.search.searcher import Index
from passages.search.sources.late import late_interaction
from tests.conftest import BagOfWords, build


class TokensOfWords:
    """A token is a word, its code the bytes of hashes: a word is near to itself alone."""

    code_bytes = 36
    languages = ("en",)

    def __init__(self) -> None:
        self.model = Model("words", "float32", "words-1")
        self.encoded: list[str] = []

    def encode_passages(self, texts: Sequence[str]) -> list[np.ndarray]:
        self.encoded += texts
        return [self._codes(text) for text in texts]

    def encode_questions(
        self, texts: Sequence[str], light: Collection[str] = ()
    ) -> list[np.ndarray]:
        return [self.decode(self._codes(text)) for text in texts]

    def spans(self, text: str) -> list[tuple[int, int]]:
        return [found.span() for found in re.finditer(r"\S+", text)]

    def decode(self, codes: np.ndarray) -> np.ndarray:
        return projection().decode(codes)

    def _codes(self, text: str) -> np.ndarray:
        words = [word.strip(".,?#").encode() for word in text.lower().split()]
        hashes = [[zlib.crc32(word, seed) % 256 for seed in range(36)] for word in words]
        return np.array(hashes, np.uint8).reshape(-1, 36)


def test_codes_are_the_nearest_levels_of_the_projected_numbers() -> None:
    spread = np.array([0.5, 0.25, 0.5, 0.25, 0.5, 0.25, 0.5, 0.25], np.float32)
    plain = Projection(np.eye(8, dtype=np.float32), np.zeros(8, np.float32), spread)
    vectors = np.array([[0.6, -0.3, 0.1, 0, 0.5, 0.2, -0.5, 0.05]], np.float32)
    vectors /= np.linalg.norm(vectors)
    codes = plain.encode(vectors)
    assert codes.shape == (1, plain.code_bytes) == (1, 3)
    nearest = np.abs(LEVELS[:, np.newaxis] - vectors[0] / spread).argmin(axis=0)
    expected = LEVELS[nearest] * spread
    assert plain.decode(codes)[0] == pytest.approx(expected / np.linalg.norm(expected), abs=1e-6)


def test_late_interaction_by_hand() -> None:
    one, other = np.eye(3, dtype=np.float32)[:2], np.eye(3, dtype=np.float32)[2:]
    tokens = np.array([[1, 0, 0], [0.6, 0.8, 0], [0, 0, 1]], np.float32)
    found = late_interaction([one, other], tokens, np.array([2, 0, 1]))
    # The first passage: (1 + 0.8) / 2 for the first wording, 0 for the second; the third: 0 and 1.
    assert found[[0, 2]] == pytest.approx([0.45, 0.5])
    assert np.isnan(found[1])
    assert np.isnan(late_interaction([], tokens, np.array([3]))).all()


def _build(corpus: Path, index: Path, tokens: TokensOfWords) -> None:
    build(corpus, index, late_interaction=True, load_tokens=lambda: tokens)


def test_a_passage_is_encoded_once_and_carried_over(corpus: Path, tmp_path: Path) -> None:
    tokens = TokensOfWords()
    _build(corpus, tmp_path / "index", tokens)
    assert len(tokens.encoded) == 5
    before = open_index(tmp_path / "index", BagOfWords).source.snapshot
    (corpus / "coffee.md").write_text("# Coffee\n\n## Beans\n\nCoffee beans are green.\n", "utf-8")
    tokens.encoded.clear()
    _build(corpus, tmp_path / "index", tokens)
    assert tokens.encoded == ["Coffee > Beans\nCoffee beans are green."]
    after = open_index(tmp_path / "index", BagOfWords).source.snapshot
    kept = [before.tokens.of(np.array([row]))[0].tolist() for row in (2, 3, 4)]
    assert [after.tokens.of(np.array([row]))[0].tolist() for row in (1, 2, 3)] == kept


def test_tokens_are_added_to_an_index_without_and_left_out_again(
    corpus: Path, tmp_path: Path
) -> None:
    index, tokens = tmp_path / "index", TokensOfWords()
    build(corpus, index)
    assert open_index(index, BagOfWords).about.token_model is None
    _build(corpus, index, tokens)
    assert open_index(index, BagOfWords).about.token_model == tokens.model
    report = build(corpus, index, late_interaction=False)
    assert (report.published, report.embedded) == (True, 0)
    assert open_index(index, BagOfWords).about.token_model is None


def test_a_passage_in_another_language_has_no_tokens(tmp_path: Path) -> None:
    corpus, tokens = tmp_path / "corpus", TokensOfWords()
    corpus.mkdir()
    (corpus / "tee.md").write_text("---\nlang: de\n---\n# Tee\n\nGrüner Tee ist bitter.\n", "utf-8")
    (corpus / "tea.md").write_text("---\nlang: en\n---\n# Tea\n\nGreen tea is bitter.\n", "utf-8")
    _build(corpus, tmp_path / "index", tokens)
    assert tokens.encoded == ["Tea\nGreen tea is bitter."]
    snapshot = open_index(tmp_path / "index", BagOfWords).source.snapshot
    assert snapshot.tokens.of(np.array([0, 1]))[1].tolist() == [5, 0]


def test_articles_in_other_languages_alone_are_asked_without_tokens(tmp_path: Path) -> None:
    corpus, tokens = tmp_path / "corpus", TokensOfWords()
    corpus.mkdir()
    (corpus / "tee.md").write_text("---\nlang: de\n---\n# Tee\n\nGrüner Tee ist bitter.\n", "utf-8")
    _build(corpus, tmp_path / "index", tokens)
    opened = open_index(tmp_path / "index", BagOfWords)
    index = Index(opened.source, opened.encoder, tokens=lambda: tokens)
    assert index.search("Tee").hits[0].passage.text == "Grüner Tee ist bitter."


def test_a_search_scores_by_tokens_too(corpus: Path, tmp_path: Path) -> None:
    tokens = TokensOfWords()
    _build(corpus, tmp_path / "index", tokens)
    opened = open_index(tmp_path / "index", BagOfWords)
    index = Index(opened.source, opened.encoder, tokens=lambda: tokens)
    assert index.ranking == RANKINGS[SHIPPED]
    hit = index.search("roasted beans").hits[0]
    full = index.ranked_by(replace(index.ranking, late=0.0)).search("roasted beans").hits[0]
    assert hit.passage.text == full.passage.text == "Coffee beans are roasted."
    # Both words stand in the passage, so each finds its very own code.
    assert hit.score - full.score == pytest.approx(60.0, rel=1e-3)


def test_codes_of_another_model_are_refused(corpus: Path, tmp_path: Path) -> None:
    tokens, other = TokensOfWords(), TokensOfWords()
    _build(corpus, tmp_path / "index", tokens)
    other.model = Model("words", "float32", "words-2")
    opened = open_index(tmp_path / "index", BagOfWords)
    index = Index(opened.source, opened.encoder, tokens=lambda: other)
    with pytest.raises(IndexDamaged, match=r"from words words-1, this program has words-2"):
        index.search("tea")


def test_a_journal_keeps_all_but_a_torn_record(tmp_path: Path) -> None:
    codes = [np.full((count, 3), count, np.uint8) for count in (2, 1, 4)]
    keys = [f"{number:016}".encode() for number in range(3)]
    TokenJournal(tmp_path, "f", 3).append(keys[:2], codes[:2])
    TokenJournal(tmp_path, "f", 3).append(keys[2:], codes[2:])
    path = tmp_path / ".encoded-f"
    path.write_bytes(path.read_bytes()[:-1])
    torn = TokenJournal(tmp_path, "f", 3)
    assert [torn.known(key) is not None for key in keys] == [True, True, False]
    torn.append(keys[2:], codes[2:])
    whole = TokenJournal(tmp_path, "f", 3)
    assert [whole.known(key).tolist() for key in keys] == [each.tolist() for each in codes]


@pytest.mark.real_model
def test_the_token_encoder_finds_the_passage_that_answers() -> None:
    encoder = token_encoder()
    assert encoder.code_bytes == 36
    texts = ["Nausea is a side effect of ketamine.", "The moon is far away!"]
    codes = encoder.encode_passages(texts)
    # "nausea" and "ketamine" are cut into two and three tokens; the full stop has none.
    assert [len(each) for each in codes] == [9, 5]
    question = encoder.encode_questions(["does ketamine make you sick"])
    tokens = encoder.decode(np.concatenate(codes))
    near, far = late_interaction(question, tokens, np.array([9, 5]))
    assert near == pytest.approx(0.905, abs=0.02)
    assert far == pytest.approx(0.603, abs=0.05)


def test_the_light_words_of_a_question_count_half_and_punctuation_nothing() -> None:
    [plain], [weighted] = (
        token_encoder().encode_questions(["does it make you sick?"], light)
        for light in ((), {"it", "you"})
    )
    lengths = np.linalg.norm(weighted, axis=1)
    np.testing.assert_allclose(np.linalg.norm(plain, axis=1), np.ones(5), rtol=1e-5)
    np.testing.assert_allclose(lengths, np.array([2, 1, 2, 1, 2]) / 1.6, rtol=1e-5)
