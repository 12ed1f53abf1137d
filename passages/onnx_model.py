"""A folder with `model.onnx` and a tokenizer -> an ordinary SentenceTransformer.

For models published as plain ONNX files, without the modules.json of sentence-transformers: the
network runs in onnxruntime, the sentence vector is that of the first token (CLS pooling).

An int8 network rounds by the largest number of its batch: a text among others has another vector
than alone (cosine 0.995). Here every text is a run of its own, as many at a time as there are
cores: its vector depends on nothing but the text, nothing is padded, and it is as fast as the best
batch (`python -m benchmarks.encoder`).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule
from transformers import AutoTokenizer

QUERY_PROMPTS = {
    # https://huggingface.co/BAAI/bge-small-en#usage
    "bge_small_en": "Represent this sentence for searching relevant passages: ",
}


def load_onnx(folder: Path) -> SentenceTransformer:
    """Load the folder's ONNX model with the prompt that its authors give for questions."""
    prompts = {"query": QUERY_PROMPTS.get(folder.name, ""), "document": ""}
    return SentenceTransformer(modules=[OnnxModule(folder)], prompts=prompts, device="cpu")


class OnnxModule(InputModule):
    """Tokenizer and network in one module: texts in, vectors of shape (texts, dimension) out."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.tokenizer = AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
        self.max_seq_length = self.tokenizer.model_max_length
        cores = len(os.sched_getaffinity(0))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._names = [given.name for given in self._session.get_inputs()]
        self._threads = ThreadPoolExecutor(cores, thread_name_prefix="encoder")

    def get_embedding_dimension(self) -> int:
        """Numbers in a vector; sentence-transformers asks its last module."""
        return int(self._session.get_outputs()[0].shape[-1])

    def preprocess(
        self, inputs: Sequence[Any], prompt: str | None = None, **_: Any
    ) -> dict[str, Any]:
        """Texts -> token ids, padded to the longest."""
        texts = [(prompt or "") + text for text in inputs]
        return dict(
            self.tokenizer(
                texts,
                padding=True,
                truncation=True,
                max_length=self.max_seq_length,
                return_tensors="pt",
            )
        )

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Token ids -> vectors."""
        ids = [features[name].numpy() for name in self._names]
        lengths = features["attention_mask"].sum(dim=1).tolist()
        runs = [[array[row : row + 1, :n] for array in ids] for row, n in enumerate(lengths)]
        vectors = list(self._threads.map(self._run, runs))
        features["sentence_embedding"] = torch.from_numpy(np.stack(vectors))
        return features

    def _run(self, inputs: list[NDArray[np.int64]]) -> NDArray[np.float32]:
        """The vector of one text, given as arrays of shape (1, tokens)."""
        feeds = dict(zip(self._names, inputs, strict=True))
        vector: NDArray[np.float32] = self._session.run(None, feeds)[0][0, 0]
        return vector

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:
        """Not supported: the files are the package's own."""
        raise NotImplementedError("an ONNX folder is read, never written")
