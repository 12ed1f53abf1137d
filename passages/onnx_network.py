"""A network in an ONNX file: one run a text, as many at a time as there are cores.

An int8 network rounds by the largest number of its batch: a text among others has another vector
than alone (cosine 0.995). Here every text is a run of its own: what comes of it depends on nothing
but the text, nothing is padded, and it is as fast as the best batch. (Sentences of the shipped
articles, 2 cores, texts a second: batches of 1, 8, 32 by two threads 280, 419, 353; single texts,
two at a time 420 to 470.)
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import ArrayLike, NDArray


class OnnxNetwork:
    """A network that takes token ids; safe to share between threads."""

    def __init__(self, network: Path | bytes) -> None:
        cores = len(os.sched_getaffinity(0))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        given = network if isinstance(network, bytes) else str(network)
        self._session = onnxruntime.InferenceSession(
            given, options, providers=["CPUExecutionProvider"]
        )
        self._inputs = [given.name for given in self._session.get_inputs()]
        self._threads = ThreadPoolExecutor(cores, thread_name_prefix="onnx")

    @property
    def dimension(self) -> int:
        """The last dimension of the output."""
        return int(self._session.get_outputs()[0].shape[-1])

    def run(self, texts: Iterable[Mapping[str, ArrayLike]]) -> list[NDArray[np.float32]]:
        """The first output for each text, given as its `input_ids` and so on, each (tokens,)."""
        return list(self._threads.map(self._run, texts))

    def _run(self, text: Mapping[str, ArrayLike]) -> NDArray[np.float32]:
        feeds = {name: np.asarray(text[name], np.int64)[np.newaxis] for name in self._inputs}
        output: NDArray[np.float32] = self._session.run(None, feeds)[0][0]
        return output
