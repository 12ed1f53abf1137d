"""The part of a snapshot in an older format that can still be used: its vectors.

They lie in the same two files since format 2, each under the hash of encoder and text.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from passages.index.arrays import Keys, RowFile, map_array
from passages.index.manifest import FILE, FORMAT, sha256
from passages.index.snapshot_files import KEYS, VECTORS
from passages.models.supply import Model

_OLDEST = 2


@dataclass(frozen=True, slots=True)
class OlderVectors:
    """The vectors of an older snapshot, by the hashes of their texts, and the model they are of."""

    model: Model
    keys: Keys
    vectors: RowFile


def older_vectors(folder: Path) -> OlderVectors | None:
    """The vectors of a snapshot in an older format; None where it is not one or is damaged."""
    try:
        about = json.loads((folder / FILE).read_text(encoding="utf-8"))
        if not _OLDEST <= about["format"] < FORMAT:
            return None
        if any(sha256(folder / name) != about["files"][name]["sha256"] for name in (KEYS, VECTORS)):
            return None
        count = about["passages"] + about["sentences"]
        return OlderVectors(
            model=Model(**about["model"]),
            keys=map_array(folder / KEYS, "S16", (count,)),
            vectors=RowFile(folder / VECTORS, "f2", (count, about["dimension"])),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):  # whatever a file may hold
        return None
