"""What is true of all articles together, and so in no shard's own files.

Written anew by each build, and small: words with the number of passages they stand in, the hashes
of boilerplate, an editor's synonyms.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from passages.articles.boilerplate import Boilerplate, Hashes
from passages.index.arrays import map_array, write_array
from passages.index.words.vocabulary import Vocabulary

_PASSAGES, _SENTENCES = "boilerplate.passages", "boilerplate.sentences"


@dataclass(frozen=True, slots=True)
class Collection:
    """The words of all shards and the texts that stand in many articles."""

    vocabulary: Vocabulary
    boilerplate: Boilerplate

    def save(self, folder: Path) -> None:
        """Write the collection into `folder`."""
        self.vocabulary.save(folder)
        write_array(folder / _PASSAGES, self.boilerplate.passages.astype("<u8"))
        write_array(folder / _SENTENCES, self.boilerplate.sentences.astype("<u8"))

    @classmethod
    def open(cls, folder: Path) -> Collection:
        """Open what `save` wrote.

        Raises:
            ValueError: the files are not those of a collection.
        """
        vocabulary = Vocabulary.open(folder)
        boilerplate = Boilerplate(_hashes(folder / _PASSAGES), _hashes(folder / _SENTENCES))
        return cls(vocabulary, boilerplate)

    def verify(self) -> None:
        """Read all that a question might stumble over.

        Raises:
            ValueError: it is not as `save` writes it.
        """
        self.vocabulary.verify()


def shard_of(article_id: str, shards: int) -> int:
    """The number of the shard that an article belongs to, by the hash of its id."""
    digest = hashlib.blake2b(article_id.encode(), digest_size=8).digest()
    return int.from_bytes(digest) % shards


def _hashes(path: Path) -> Hashes:
    """Hashes in memory: they are few."""
    size = path.stat().st_size // 8
    return np.array(map_array(path, "<u8", (size,)), np.uint64)
