"""Generated articles and vectors of any number, for the benchmarks of scale.

Words are drawn by Zipf's law as in real text: a few stand everywhere, most are rare, and a larger
corpus always has new ones. Every article has a topic with words of its own, and the vector of a
text is the sum of those of its words but the usual ones: so vectors lie in clusters, and a question
of a few words of a passage is near to it without being it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from passages.models.encoder import Encoder, Vectors
from passages.models.supply import Model, find_model

WORDS = 400_000
TOPICS = 2_000
SECTIONS = 30  # of an article, each a passage
SENTENCES = 4  # of a section
SENTENCE = 13  # words
_OF_TOPIC = 200  # words that a topic has of its own
_TOPIC_SHARE = 0.35  # of the words of a text
_USUAL = 1_000  # words that stand everywhere and mean nothing
_MEANT = 24  # words that make the vector of a text, at most
_DIMENSION = 384
# As vectors of bge-small-en are, over 213,000 texts of Wikipedia, health pages and product FAQs:
# their mean has the length 0.69, and the variance of component i falls as i to the power -0.8.
_COMMON = 0.69
_SPECTRUM = 0.4
_SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]


def write_articles(corpus: Path, passages: int, seed: int = 0) -> None:
    """Write articles with about `passages` passages into a new folder."""
    corpus.mkdir(parents=True)
    words, chances = _vocabulary(), _zipf(WORDS)
    choose = np.random.default_rng(seed)
    size = SECTIONS * SENTENCES * SENTENCE
    for number in range(-(-passages // SECTIONS)):
        topic = _topic_words(int(choose.integers(TOPICS)))
        drawn = np.searchsorted(chances, choose.random(size)).clip(max=WORDS - 1)
        own = choose.random(size) < _TOPIC_SHARE
        drawn[own] = topic[(choose.random(own.sum()) ** 2 * _OF_TOPIC).astype(int)]
        rows = drawn.reshape(SECTIONS, SENTENCES, SENTENCE)
        sections = [f"# {words[topic[0]]} {number}\n"]
        for place, section in enumerate(rows):
            sentences = [" ".join(words[word] for word in sentence) for sentence in section]
            text = " ".join(f"{sentence.capitalize()}." for sentence in sentences)
            sections.append(f"## {words[topic[place % 9]]} {words[section[0, 0]]}\n\n{text}\n")
        folder = corpus / f"{number // 1000:03}"  # no folder with tens of thousands of files
        folder.mkdir(exist_ok=True)
        (folder / f"{number:06}.md").write_text("\n".join(sections), "utf-8")


def questions(texts: Sequence[str], seed: int = 1) -> Iterator[str]:
    """Of each text a question: three of its words among usual ones, one of them misspelt."""
    choose = np.random.default_rng(seed)
    ranks = _ranks()
    words = _vocabulary()
    for text in texts:
        own = sorted({word for word in _split(text) if ranks.get(word, 0) >= _USUAL})
        rare = choose.choice(own, 3, replace=False).tolist()
        usual = [words[rank] for rank in choose.integers(0, 300, 3)]
        if choose.random() < 0.2:
            rare[0] = rare[0][:2] + rare[0][3:]
        yield f"what is {usual[0]} {rare[0]} {rare[1]} {usual[1]} of {rare[2]} {usual[2]}?"


class GeneratedEncoder:
    """Vectors of generated texts; `seconds` is what they took.

    A question is encoded by the real encoder besides, for what that costs.
    """

    dimension = _DIMENSION
    max_tokens = 256

    def __init__(self, model: Model, real: bool = False) -> None:
        self.model = model
        self.seconds = 0.0
        self._ranks = _ranks()
        self._vectors = _word_vectors()
        self._real = Encoder(find_model()) if real else None

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Words and two more."""
        return [text.count(" ") + 3 for text in texts]

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """float32 of shape (len(texts), dimension), each row of length 1."""
        started = time.perf_counter()
        rows = np.full((len(texts), _MEANT), WORDS)  # the last vector is zero
        for place, text in enumerate(texts):
            ranks = (self._ranks.get(word, 0) for word in _split(text))
            meant = [rank for rank in ranks if rank >= _USUAL][:_MEANT]
            rows[place, : len(meant)] = meant
        sums = self._vectors[rows].sum(axis=1, dtype=np.float32)
        vectors: Vectors = sums / (np.linalg.norm(sums, axis=1, keepdims=True) + 1e-9)
        vectors *= np.sqrt(1 - _COMMON**2, dtype=np.float32)
        vectors[:, -1] += _COMMON
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        self.seconds += time.perf_counter() - started
        return vectors

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """As `encode_passages`."""
        if self._real:
            self._real.encode_questions(texts)
        return self.encode_passages(texts)


GENERATED = Model("generated", "float32", "generated-1")


def _split(text: str) -> list[str]:
    return text.lower().replace(".", " ").replace("?", " ").split()


def _zipf(count: int) -> NDArray[np.float64]:
    """Cumulative chances of the words by rank, after Zipf and Mandelbrot."""
    chances = 1 / (np.arange(count) + 2.7) ** 1.07
    cumulative: NDArray[np.float64] = np.cumsum(chances) / chances.sum()
    return cumulative


def _vocabulary() -> list[str]:
    """Words by rank, the frequent ones short; no two within one edit by design of their ends."""
    count, words = len(_SYLLABLES), []
    for rank in range(WORDS):
        left, syllables = rank, []
        while True:
            left, syllable = divmod(left, count)
            syllables.append(_SYLLABLES[syllable])
            if not left:
                break
            left -= 1
        words.append("".join(syllables) + "xqwy"[len(syllables) % 4])
    return words


def _ranks() -> dict[str, int]:
    return {word: rank for rank, word in enumerate(_vocabulary())}


def _topic_words(topic: int) -> NDArray[np.int64]:
    """Ranks of the words that a topic has of its own, neither usual nor the rarest."""
    return np.random.default_rng(topic).integers(2_000, 60_000, _OF_TOPIC)


def _word_vectors() -> NDArray[np.float16]:
    """(WORDS + 1, dimension), the last one zero: every word is near the words of one topic."""
    choose = np.random.default_rng(7)
    shape = np.arange(1, _DIMENSION + 1, dtype=np.float32) ** -_SPECTRUM
    centres = choose.standard_normal((TOPICS, _DIMENSION), np.float32)
    topics = choose.integers(0, TOPICS, WORDS)
    for topic in range(TOPICS):
        topics[_topic_words(topic)] = topic
    noise = choose.standard_normal((WORDS, _DIMENSION), np.float32)
    vectors = shape * (0.8 * centres[topics] + 0.6 * noise)
    return np.concatenate([vectors, np.zeros((1, _DIMENSION))]).astype(np.float16)
