"""A folder with `model.onnx` and its tokenizer: one run per text, in parallel on all cores.

An int8 network scales its rounding by the largest number in the batch, so a text encoded among
others gets a slightly different vector than alone. Here every text is a run of its own: its vector
depends on nothing but the text, nothing is padded, and it is as fast as the best batch.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from passages.models.engines.loading import loading
from passages.processor import usable_cores


class OnnxNetwork:
    """A tokenizer and the network that takes its tokens; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        with loading(folder):
            config = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
            self.max_tokens = int(config["model_max_length"])
            self._tokenizer = self._load_tokenizer()
            self._session = onnxruntime.InferenceSession(
                str(folder / "model.onnx"),
                options,
                providers=["CPUExecutionProvider"],
                disabled_optimizers=["SkipLayerNormFusion"],  # slower fused than its parts
            )
        self._tokenizer.enable_truncation(self.max_tokens)
        self._inputs = [given.name for given in self._session.get_inputs()]
        self._threads = ThreadPoolExecutor(usable_cores(), thread_name_prefix="onnx")

    @cached_property
    def _counter(self) -> Tokenizer:
        """A tokenizer of its own, for truncation is a tokenizer's state; only builds count."""
        return self._load_tokenizer()

    def _load_tokenizer(self) -> Tokenizer:
        tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    @property
    def dimension(self) -> int:
        """The last dimension of the output."""
        return int(self._session.get_outputs()[0].shape[-1])

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text has, special tokens included, before any truncation."""
        return [len(counted.ids) for counted in self._counter.encode_batch(list(texts))]

    def run(self, texts: Sequence[str | tuple[str, str]]) -> list[NDArray[np.float32]]:
        """The first output for each text or pair of texts, truncated to `max_tokens`."""
        return list(self._threads.map(self._run, self._tokenizer.encode_batch(list(texts))))

    def run_with_tokens(
        self, texts: Sequence[str]
    ) -> Iterator[tuple[list[str], NDArray[np.float32]]]:
        """For each text its tokens, special ones included, and the first output."""
        encoded = self._tokenizer.encode_batch(list(texts))
        outputs = self._threads.map(self._run, encoded)
        return zip((tokens.tokens for tokens in encoded), outputs, strict=True)

    def tokens_of(self, text: str) -> tuple[list[str], list[tuple[int, int]]]:
        """The tokens of a text, special ones included, and where each stands in it."""
        encoded = self._tokenizer.encode(text)
        return encoded.tokens, encoded.offsets

    def _run(self, tokens: Encoding) -> NDArray[np.float32]:
        known = {
            "input_ids": tokens.ids,
            "attention_mask": tokens.attention_mask,
            "token_type_ids": tokens.type_ids,
        }
        feeds = {name: np.array([known[name]], np.int64) for name in self._inputs}
        output: NDArray[np.float32] = self._session.run(None, feeds)[0][0]
        return output
