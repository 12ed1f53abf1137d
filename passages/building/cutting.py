"""Articles -> passages, those of unchanged articles reused from the last snapshot.

One article on which the cutter fails never stops the others.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from passages.articles.chunking import CHUNKER_VERSION, PASSAGE_TOKENS, Passage, chunk
from passages.articles.corpus import Problem
from passages.articles.readers import READERS_VERSION
from passages.building.intake import NOTHING, LastShard, Step, Taken, keep
from passages.errors import PassagesError
from passages.index.snapshot import Snapshot
from passages.index.words.term_list import BM25
from passages.language.words import WORDS_VERSION
from passages.models.encoder import TextEncoder

logger = logging.getLogger(__name__)

CHUNKING = {
    "readers": READERS_VERSION,
    "version": CHUNKER_VERSION,
    "words": WORDS_VERSION,
    "passage_tokens": PASSAGE_TOKENS,
    "heading_copies": BM25.heading_copies,
}
"""What a snapshot remembers of how it was made; where a value differs, every file is read again
and every article cut again."""

FAULT = "could not be cut into passages: a fault in Passages, please report"
"""What an editor is told of an article on which the cutter failed; the log has the traceback."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The articles that were cut, their passages in the same order, and why others were not cut.

    `carried` (passages,) are their rows in the last snapshot, -1 for those that it does not have.
    """

    taken: list[Taken]
    passages: list[Passage]
    problems: list[Problem]
    carried: list[int]


def cut(
    taken: Sequence[Taken],
    encoder: TextEncoder,
    last: LastShard = NOTHING,
    step: Step = lambda: None,
) -> Cut:
    """Cut all articles; one that cannot be cut is kept as the last snapshot has it, or left out.

    Args:
        taken: the articles of a shard.
        encoder: counts tokens.
        last: the shard in the last snapshot.
        step: called for each article.
    """
    before = {} if last.snapshot is None else last.snapshot.manifest.articles
    done = Cut([], [], [], [])
    for item in taken:
        step()
        passages, fault = _passages_of(item, encoder, last.passages)
        if fault is not None and item.article.id in before:
            name = item.article.id
            item = keep(last, name, replace(before[name], file=item.file.file, kept=fault))
            passages, fault = _passages_of(item, encoder, last.passages)
        if fault is not None:
            done.problems.append(Problem(item.file.file, fault))
            continue
        done.taken.append(item)
        done.passages.extend(passages)
        done.carried.extend(_rows(item, len(passages), last.passages))
    return done


def _passages_of(
    item: Taken, encoder: TextEncoder, last: Snapshot | None
) -> tuple[list[Passage], str | None]:
    """The passages of an article, or what is wrong."""
    try:
        if last is not None and item.row is not None:
            return [last.passage(row) for row in last.passage_rows(item.row)], None
        most = min(encoder.max_tokens, PASSAGE_TOKENS)
        return chunk(item.article, encoder.count_tokens, most), None
    except PassagesError:  # of the encoder or the snapshot, not of this article
        raise
    except Exception:  # one article never stops the others
        logger.exception("a fault in Passages: %s could not be cut", item.file.file)
        return [], FAULT


def _rows(item: Taken, passages: int, last: Snapshot | None) -> Sequence[int]:
    if last is None or item.row is None:
        return [-1] * passages
    return last.passage_rows(item.row)
