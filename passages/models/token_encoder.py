"""Texts -> a vector for every token, for late interaction (Khattab and Zaharia 2020).

A question is compared with a passage token by token: each token of the question finds the token of
the passage that is nearest to it.
"""

from __future__ import annotations

import string
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np

from passages.models.catalogue import TOKEN_ENCODER
from passages.models.supply import Model, model_of, shipped_folder
from passages.models.token_codes import Codes, TokenVectors, projection

MAX_PASSAGE_TOKENS = 256
"""Tokens of a passage that are kept; the longest passage has no more."""

LIGHT = 0.5
"""What a word such as "the" or "will" counts in a question, where another counts 1."""

# What separates words answers no question, and asks none.
_PUNCTUATION = frozenset(string.punctuation) | frozenset("‘’“”–—…•·")


class TokenTextEncoder(Protocol):
    """What the index needs from a token encoder."""

    @property
    def model(self) -> Model: ...  # noqa: D102
    @property
    def code_bytes(self) -> int: ...  # noqa: D102
    @property
    def languages(self) -> Collection[str]: ...  # noqa: D102
    def encode_passages(self, texts: Sequence[str]) -> list[Codes]: ...  # noqa: D102
    def encode_questions(  # noqa: D102
        self, texts: Sequence[str], light: Collection[str] = ()
    ) -> list[TokenVectors]: ...
    def decode(self, codes: Codes) -> TokenVectors: ...  # noqa: D102
    def spans(self, text: str) -> list[tuple[int, int]]: ...  # noqa: D102


class TokenEncoder:
    """The token encoder of the catalogue; safe to share between threads."""

    def __init__(self) -> None:
        """Load the model.

        Raises:
            ModelUnavailable: its files cannot be found, or are others than those of its record.
        """
        from passages.models.engines.onnx_network import OnnxNetwork  # loads onnxruntime

        self.model = token_model()
        self._network = OnnxNetwork(shipped_folder(TOKEN_ENCODER))
        self._projection = projection()
        self.code_bytes = self._projection.code_bytes
        self.languages = TOKEN_ENCODER.languages

    def encode_passages(self, texts: Sequence[str]) -> list[Codes]:
        """The codes of each text's tokens, (tokens, code_bytes): those of words, in their order."""
        return [
            self._projection.encode(vectors[_of_words(tokens)][:MAX_PASSAGE_TOKENS])
            for tokens, vectors in self._network.run_with_tokens(texts)
        ]

    def encode_questions(
        self, texts: Sequence[str], light: Collection[str] = ()
    ) -> list[TokenVectors]:
        """The vectors of each text's tokens, (tokens, dimension): those of words, in their order.

        The words `light` count less. A vector is as long as its token counts, 1 in the mean.
        """
        weighted = []
        for tokens, vectors in self._network.run_with_tokens(texts):
            places = _of_words(tokens)
            own = self._projection.project(vectors[places])
            weighted.append(_weighted(own, [tokens[place] for place in places], light))
        return weighted

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where each token that `encode_questions` gives a vector stands in a text."""
        tokens, spans = self._network.tokens_of(text)
        return [spans[place] for place in _of_words(tokens)]

    def decode(self, codes: Codes) -> TokenVectors:
        """Codes -> vectors, (tokens, dimension), each of length 1."""
        return self._projection.decode(codes)


def _weighted(vectors: TokenVectors, tokens: Sequence[str], light: Collection[str]) -> TokenVectors:
    """Unit vectors, longer or shorter by what each token counts, and of length 1 in the mean."""
    counts = np.array([LIGHT if token in light else 1.0 for token in tokens], np.float32)
    weighted: TokenVectors = vectors * (counts / counts.mean())[:, np.newaxis]
    return weighted


def token_model() -> Model:
    """Which model and projection the codes come from; loads neither.

    Raises:
        ModelUnavailable: the model's files cannot be found.
    """
    return model_of(TOKEN_ENCODER, projection().matrix.tobytes())


@lru_cache(maxsize=1)
def token_encoder() -> TokenEncoder:
    """The token encoder, loaded at the first call."""
    return TokenEncoder()


def _of_words(tokens: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The places of the tokens between the special ones that are no punctuation."""
    inner = range(1, len(tokens) - 1)
    places = [place for place in inner if tokens[place] not in _PUNCTUATION]
    return np.array(places or list(inner), np.int64)
