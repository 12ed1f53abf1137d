"""A folder with `model.onnx` and a tokenizer -> an ordinary SentenceTransformer.

For models published as plain ONNX files, without the modules.json of sentence-transformers: the
network runs in onnxruntime, the sentence vector is that of the first token (CLS pooling).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule
from transformers import AutoTokenizer

from passages.onnx_network import OnnxNetwork

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
        self._network = OnnxNetwork(folder / "model.onnx")

    def get_embedding_dimension(self) -> int:
        """Numbers in a vector; sentence-transformers asks its last module."""
        return self._network.dimension

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
        arrays = {name: ids.numpy() for name, ids in features.items() if hasattr(ids, "numpy")}
        lengths = features["attention_mask"].sum(dim=1).tolist()
        texts = (
            {name: ids[row, :length] for name, ids in arrays.items()}
            for row, length in enumerate(lengths)
        )
        vectors = [tokens[0] for tokens in self._network.run(texts)]
        features["sentence_embedding"] = torch.from_numpy(np.stack(vectors))
        return features

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:
        """Not supported: the files are the package's own."""
        raise NotImplementedError("an ONNX folder is read, never written")
