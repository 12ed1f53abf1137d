"""The projection behind the token codes: `python -m benchmarks.fit_tokens DIR [DIR …]`.

A DIR holds `corpus/`. The token vectors of every collection weigh the same. Writes the projection
into the program's own files, or with `--output` elsewhere: the principal components of the token
vectors, and mean and standard deviation of each number that is kept.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from passages.articles.chunking import PASSAGE_TOKENS, chunk
from passages.building.intake import read_corpus
from passages.models import token_codes
from passages.models.catalogue import TOKEN_ENCODER
from passages.models.engines.onnx_network import OnnxNetwork
from passages.models.supply import shipped_folder
from passages.models.token_codes import Projection, to_rows

KEPT = 96
SAMPLE = 20_000
"""Tokens of each collection."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("collections", type=Path, nargs="+")
    package = Path(token_codes.__file__).parent
    parser.add_argument("--output", type=Path, default=package / "token-projection.f32")
    options = parser.parse_args()
    network = OnnxNetwork(shipped_folder(TOKEN_ENCODER))
    vectors = np.concatenate([_sample(folder, network) for folder in options.collections])
    options.output.write_bytes(to_rows(_fitted(vectors)).tobytes())
    print(f"{options.output}: {KEPT} of {vectors.shape[1]} numbers, {len(vectors):,} tokens")


def _fitted(vectors: NDArray[np.float32]) -> Projection:
    """The principal components, about zero as cosines are."""
    _, components = np.linalg.eigh(vectors.T @ vectors)
    matrix = components[:, ::-1][:, :KEPT].astype(np.float32)
    nothing = np.zeros(KEPT, np.float32)
    kept = Projection(matrix, nothing, nothing).project(vectors)
    return Projection(matrix, kept.mean(axis=0), kept.std(axis=0))


def _sample(folder: Path, network: OnnxNetwork) -> NDArray[np.float32]:
    choose = np.random.default_rng(0)
    taken, _ = read_corpus(folder / "corpus")
    passages = [
        passage
        for item in taken
        for passage in chunk(item.article, network.count_tokens, PASSAGE_TOKENS)
    ]
    picked = choose.choice(len(passages), min(400, len(passages)), replace=False)
    texts = [passages[place].encoder_text for place in picked]
    vectors = np.concatenate([output[1:-1] for _, output in network.run_with_tokens(texts)])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors[choose.permutation(len(vectors))[:SAMPLE]]


if __name__ == "__main__":
    main()
