"""The shards of a build, each made of its own articles alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from passages.articles.boilerplate import Texts
from passages.articles.corpus import Problem
from passages.building.changes import same_files
from passages.building.cutting import CHUNKING, Cut, cut
from passages.building.intake import LastShard, Step, Taken
from passages.index.carried import Carried
from passages.index.manifest import ArticleFile
from passages.index.snapshot import Snapshot
from passages.index.vectors.older import OlderVectors
from passages.index.writer import Origin, SnapshotWriter
from passages.language.synonyms import Synonyms
from passages.models.encoder import TextEncoder
from passages.models.token_encoder import TokenTextEncoder
from passages.progress import Progress


@dataclass(frozen=True, slots=True)
class Tools:
    """What a build makes shards with.

    `vectors` are all snapshots whose vectors are used again: an article that was renamed may come
    from another shard. `index` is where the journals of an interrupted build are. `cut_one` is
    called for each article that is cut.
    """

    corpus: str
    index: Path
    encoder: TextEncoder
    load_tokens: Callable[[], TokenTextEncoder] | None
    vectors: Sequence[Snapshot | OlderVectors]
    progress: Progress
    cut_one: Step


@dataclass(frozen=True, slots=True)
class Made:
    """A shard: its articles, what is wrong with others, and what became of it.

    `snapshot` is the last one unless `is_new`, None where a new one was not to be written.
    """

    taken: list[Taken]
    problems: list[Problem]
    texts: Texts
    snapshot: Snapshot | None
    embedded: int = 0
    is_new: bool = False

    @property
    def passages(self) -> int:
        """How many it has."""
        return len(self.texts.passages)


def make_shard(taken: Sequence[Taken], last: LastShard, tools: Tools, folder: Path | None) -> Made:
    """Make one of several shards; it is left as it was if no article of it changed.

    Args:
        taken: its articles.
        last: the shard in the last snapshot.
        tools: what it is made with.
        folder: the folder to make and write into, None to write nothing.
    """
    done = cut(taken, tools.encoder, last, tools.cut_one)
    files = _files(done.taken)
    if last.passages is not None and is_as_it_was(done.taken, last):
        return Made(done.taken, done.problems, last.passages.texts(), last.passages)
    writer = writer_of(done, last, tools, part=True)
    if folder is None:
        return Made(done.taken, done.problems, writer.texts, None, writer.embedded, is_new=True)
    folder.mkdir()
    writer.write(folder, Origin(tools.corpus, files, CHUNKING, None), tools.progress)
    made = Snapshot(folder, verify=True)  # what cannot be opened is not published
    return Made(done.taken, done.problems, made.texts(), made, writer.embedded, is_new=True)


MakeShards = Callable[
    [Sequence[Sequence[Taken]], Sequence[LastShard], Tools, Path | None], list[Made]
]
"""The articles of each shard, the shards of last time, tools, and the folder to write into, None to
write nothing -> the shards."""


def one_after_another(
    taken: Sequence[Sequence[Taken]],
    last: Sequence[LastShard],
    tools: Tools,
    folder: Path | None,
) -> list[Made]:
    """Make all shards here; in a folder of its number each that is written."""
    return [
        make_shard(articles, shard, tools, folder and folder / str(number))
        for number, (articles, shard) in enumerate(zip(taken, last, strict=True))
    ]


def is_as_it_was(taken: Sequence[Taken], last: LastShard) -> bool:
    """Whether a shard of these articles need not be made anew."""
    return last.passages is not None and same_files(_files(taken), last.passages.manifest.articles)


def writer_of(
    done: Cut, last: LastShard, tools: Tools, synonyms: Synonyms = (), *, part: bool = False
) -> SnapshotWriter:
    """See which texts of a shard must be encoded."""
    own = () if last.vectors is None else (last.vectors,)
    carried = None
    if last.passages is not None:
        carried = Carried(last.passages, np.array(done.carried, np.int64))
    others = (one for one in tools.vectors if one is not last.vectors)
    return SnapshotWriter(
        [item.article for item in done.taken],
        done.passages,
        tools.encoder,
        tools.index,
        (*own, *others),
        synonyms,
        tools.load_tokens,
        part=part,
        carried=carried,
    )


def _files(taken: Sequence[Taken]) -> dict[str, ArticleFile]:
    return {item.article.id: item.file for item in taken}
