"""Nearest passages by FAISS: every vector where that is fast, else the lists around the question.

The only importer of faiss. What it finds are candidates, scored by their exact vectors afterwards,
so codes of 8 bits are enough. `benchmarks/README.md` says under "Scale" how many of the exactly
nearest passages are among them.
"""

from __future__ import annotations

from math import isqrt
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from passages.errors import IndexNotWritten
from passages.processor import usable_cores

EXACT = 50_000
"""Up to so many passages every vector is compared, in 16 bits: milliseconds."""
PROBES = 128
"""Lists that are searched: of sqrt(passages) lists, so the cost grows as the square root too."""
_SAMPLE = 64
"""Vectors a list that its centre is found from: FAISS asks for at least 39."""
_BLOCK = 1 << 16


def write_nearest(path: Path, vectors: NDArray[np.float16]) -> None:
    """Write the index of `vectors`, (passages, dimension), each of length 1.

    Raises:
        IndexNotWritten: no space, or no permission.
    """
    passages, dimension = vectors.shape
    kind = "SQfp16" if passages <= EXACT else f"IVF{isqrt(passages)},SQ8"
    faiss.omp_set_num_threads(usable_cores())
    index: Any = faiss.index_factory(dimension, kind, faiss.METRIC_INNER_PRODUCT)
    if passages > EXACT:
        index.cp.niter = 10  # more rounds move no centre that a question would notice
        index.cp.max_points_per_centroid = _SAMPLE
        rows = np.linspace(0, passages - 1, _SAMPLE * isqrt(passages), dtype=np.int64)
        index.train(vectors[rows].astype(np.float32))
    for start in range(0, passages, _BLOCK):
        index.add(vectors[start : start + _BLOCK].astype(np.float32))
    try:
        faiss.write_index(index, str(path))
    except RuntimeError as error:  # FAISS knows no other
        raise IndexNotWritten(f"{path} cannot be written: make room or give permission") from error


class Nearest:
    """An index that `write_nearest` wrote, mapped from disk; safe to share between threads."""

    def __init__(self, path: Path, passages: int, dimension: int) -> None:
        """Open it.

        Raises:
            ValueError: it is of another kind or size.
        """
        flags = faiss.IO_FLAG_MMAP_IFC if passages <= EXACT else faiss.IO_FLAG_MMAP
        self._index = faiss.read_index(str(path), flags)
        exact = type(self._index) is faiss.IndexScalarQuantizer
        known = exact or type(self._index) is faiss.IndexIVFScalarQuantizer
        found = self._index.ntotal, self._index.d, self._index.metric_type
        if not known or found != (passages, dimension, faiss.METRIC_INNER_PRODUCT):
            raise ValueError(
                f"{path.name} is {type(self._index).__name__} {found}, "
                f"expected inner products of {passages} vectors of {dimension}"
            )
        self._parameters = None if exact else faiss.SearchParametersIVF(nprobe=PROBES)  # type: ignore[call-arg]

    def search(
        self, question: NDArray[np.float32], n: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The `n` vectors nearest to `question` (dimension,), nearest first, of equals the first.

        Returns:
            Their rows, and how near they are by the codes of the index.
        """
        # In this thread alone: sharing so little work with a second thread, and waiting for it,
        # costs many times what it saves while other work keeps the cores busy.
        faiss.omp_set_num_threads(1)
        asked = question[np.newaxis]
        near, rows = (one[0] for one in self._index.search(asked, n + 1, params=self._parameters))
        near, rows = near[rows >= 0], rows[rows >= 0]
        if len(rows) > n and near[n] == near[n - 1]:  # of equals FAISS takes any
            least = float(np.nextafter(near[n], np.float32(-np.inf)))
            _, near, rows = self._index.range_search(asked, least, params=self._parameters)
        order = np.lexsort((rows, -near))[:n]
        return rows[order], near[order]
