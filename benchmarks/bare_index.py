"""The barest index there is, to measure Passages by: one vector a passage, in FAISS.

`all-MiniLM-L6-v2` runs in sentence-transformers, `bge-small-en` in a loop over onnxruntime. Nothing
is checked, kept or explained. `python -m benchmarks.bare_index MODEL FOLDER QUESTION` opens one in
a new process and asks it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from passages.models.catalogue import DEFAULT_MODEL
from passages.models.supply import model_folder, record_of

HITS = 5
_FILE = "vectors.faiss"
Encode = Callable[[Sequence[str], bool], NDArray[np.float32]]
"""Texts, and whether they are questions -> unit vectors (texts, dimension)."""


def build(encode: Encode, texts: Sequence[str], folder: Path) -> None:
    """Encode the passages and write their index."""
    vectors = encode(texts, False)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    faiss.write_index(index, str(folder / _FILE))


def open_index(encode: Encode, folder: Path) -> Callable[[str], NDArray[np.int64]]:
    """What answers a question with the rows of the nearest passages, (HITS,)."""
    index = faiss.read_index(str(folder / _FILE))
    return lambda question: index.search(encode([question], True), HITS)[1][0]


def load(model: str) -> Encode:
    """The encoder with nothing around it."""
    folder = str(model_folder(model))
    return _onnx_loop(folder) if model == DEFAULT_MODEL else _sentence_transformers(folder)


def _sentence_transformers(folder: str) -> Encode:
    from sentence_transformers import SentenceTransformer

    model: Any = SentenceTransformer(folder, device="cpu", local_files_only=True)
    return lambda texts, questions: model.encode(
        list(texts), normalize_embeddings=True, show_progress_bar=False
    )


def _onnx_loop(folder: str) -> Encode:
    import onnxruntime
    from tokenizers import Tokenizer

    record = record_of(DEFAULT_MODEL)
    assert record
    prompts = record.prompts
    tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
    tokenizer.no_padding()
    tokenizer.enable_truncation(512)
    session = onnxruntime.InferenceSession(f"{folder}/model.onnx")
    names = [given.name for given in session.get_inputs()]

    def vector(text: str) -> NDArray[np.float32]:
        tokens = tokenizer.encode(text)
        given = {
            "input_ids": tokens.ids,
            "attention_mask": tokens.attention_mask,
            "token_type_ids": tokens.type_ids,
        }
        feeds = {name: np.array([given[name]], np.int64) for name in names}
        first: NDArray[np.float32] = session.run(None, feeds)[0][0, 0]
        return first / np.linalg.norm(first)

    return lambda texts, questions: np.stack(
        [vector((prompts.question if questions else prompts.passage) + text) for text in texts]
    )


if __name__ == "__main__":
    model, folder, question = sys.argv[1:]
    print(open_index(load(model), Path(folder))(question))
