"""The words of a collection with the postings of one shard of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from passages.index.words.postings import Postings
from passages.index.words.term_list import BM25, Bm25
from passages.index.words.vocabulary import Vocabulary, collect
from passages.language.languages import ENGLISH
from passages.language.synonyms import Synonyms
from passages.language.words import Word, words_of


@dataclass(frozen=True, slots=True)
class Lexicon:
    """A collection's words and where they stand; immutable, safe to share between threads."""

    vocabulary: Vocabulary
    postings: Postings

    @classmethod
    def build(
        cls,
        texts: Iterable[tuple[str, str] | tuple[str, str, str]],
        synonyms: Synonyms = (),
        constants: Bm25 = BM25,
    ) -> Lexicon:
        """The lexicon of a collection of one shard, as `postings_of` indexes it."""
        postings = postings_of(texts, constants)
        return cls(collect([postings], synonyms), postings)

    def __len__(self) -> int:
        """Passages of the shard."""
        return len(self.postings)


def postings_of(
    texts: Iterable[tuple[str, str] | tuple[str, str, str]], constants: Bm25 = BM25
) -> Postings:
    """Index passages, each given as its body, its title and heading path, and its language.

    The language is a code of ISO 639-1, English where it is left out.
    """

    def documents() -> Iterable[tuple[str, list[Word]]]:
        for body, heading, *language in texts:
            code = language[0] if language else ENGLISH
            copies = words_of(heading, code) * constants.heading_copies
            yield code, copies + words_of(body, code)

    return Postings.of(documents(), constants)
