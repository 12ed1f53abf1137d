"""A sentence-transformers model, by its folder; the only importer of that library."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from transformers.utils import logging

from passages.models.catalogue import Prompts
from passages.models.engines.loading import loading


class SentenceTransformerModel:
    """Any model that sentence-transformers loads, with its own prompts or those given."""

    def __init__(self, folder: Path, precision: str, prompts: Prompts) -> None:
        logging.disable_progress_bar()  # a bar for reading one local file would litter every answer
        with loading(folder):
            model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        given = {"query": prompts.question, "document": prompts.passage}
        model.prompts.update({name: prompt for name, prompt in given.items() if prompt})
        self._model = model.bfloat16() if precision == "bfloat16" else model

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        return int(self._model.get_embedding_dimension() or 0)

    @property
    def max_tokens(self) -> int:
        """The longest text, in tokens with special tokens and prompt, that is not truncated."""
        limits = (
            self._model.max_seq_length,
            getattr(self._model.tokenizer, "model_max_length", None),
        )
        return min(int(limit) for limit in limits if limit)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each passage has, special tokens and prompt included."""
        prompt = self._model.prompts.get("document") or ""
        prompted = [prompt + text for text in texts]
        encoded = self._model.tokenizer(prompted, truncation=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]

    def encode(self, texts: Sequence[str], *, questions: bool) -> NDArray[np.float32]:
        """Vectors of shape (len(texts), dimension)."""
        encode = self._model.encode_query if questions else self._model.encode_document
        tensor = encode(list(texts), convert_to_tensor=True, show_progress_bar=False)
        vectors: NDArray[np.float32] = tensor.float().numpy()
        return vectors
