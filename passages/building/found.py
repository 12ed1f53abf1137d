"""What a corpus holds now, shard by shard, and how that differs from what was published last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from passages.articles.corpus import Problem, SourceFile, read_article, scan
from passages.building.changes import Changes, compare
from passages.building.intake import (
    Read,
    SynonymsFile,
    Taken,
    no_articles,
    read_synonyms,
    steps,
    take_in,
    unserved,
)
from passages.building.last import Last
from passages.errors import NoArticles
from passages.index.collection import shard_of
from passages.index.manifest import ArticleFile
from passages.language.synonyms import Synonyms, parse_synonyms
from passages.models.supply import languages_of
from passages.progress import Progress


@dataclass(frozen=True, slots=True)
class Found:
    """The articles of each shard, the files that are none, and what changed."""

    shards: tuple[list[Taken], ...]
    synonyms: SynonymsFile
    refused: tuple[Problem, ...]
    changes: Changes

    @property
    def files(self) -> dict[str, ArticleFile]:
        """The file of each article, in the order of the ids."""
        return files_of(self.shards)

    @property
    def languages(self) -> dict[str, int]:
        """How many articles each language has, by its code, the most first."""
        codes = Counter(item.article.code for taken in self.shards for item in taken)
        return dict(codes.most_common())

    @property
    def groups(self) -> Synonyms:
        """The editor's synonyms in the languages of the articles."""
        return parse_synonyms(self.synonyms.text, sorted(self.languages))


def find(
    corpus: Path, last: Last, reading: Progress, *, drafts: bool, read: Read = read_article
) -> Found:
    """Read the corpus folder, or reuse what was published last.

    Raises:
        NoCorpus: there is no corpus folder.
        NoArticles: not one article can be read.
    """
    files, problems = scan(corpus)
    parts: list[list[SourceFile]] = [[] for _ in last.shards]
    for source in files:
        parts[shard_of(source.id, len(parts))].append(source)
    step = steps(reading, len(files))
    taken = [
        take_in(part, problems, shard, drafts=drafts, step=step, read=read)
        for part, shard in zip(parts, last.shards, strict=True)
    ]
    problems = [*problems, *(problem for one in taken for problem in one.problems)]
    shards = tuple(one.taken for one in taken)
    if not any(shards):
        raise no_articles(corpus, problems)
    kept = frozenset[str]().union(*(one.kept for one in taken))
    refused = [problem for problem in problems if problem.file not in kept]  # it says so itself
    synonyms = read_synonyms(corpus)
    refused += [*last.damage, *([synonyms.problem] if synonyms.problem else [])]
    articles = [item.article for one in shards for item in one]
    refused += unserved(articles, last.model.name, languages_of(last.model.name))
    return _compared(shards, synonyms, tuple(refused), last)


def after_cutting(
    found: Found, shards: Sequence[list[Taken]], problems: Sequence[Problem], last: Last
) -> Found:
    """What is found once articles that cannot be cut are left out.

    Raises:
        NoArticles: that is nothing.
    """
    if not any(shards):
        listed = "".join(f"; {problem.file}: {problem.problem}" for problem in problems)
        raise NoArticles(f"no article can be cut into passages{listed}")
    return _compared(tuple(shards), found.synonyms, (*found.refused, *problems), last)


def files_of(shards: Sequence[Sequence[Taken]]) -> dict[str, ArticleFile]:
    """The file of each article, in the order of the ids."""
    return dict(sorted((item.article.id, item.file) for taken in shards for item in taken))


def _compared(
    shards: tuple[list[Taken], ...],
    synonyms: SynonymsFile,
    refused: tuple[Problem, ...],
    last: Last,
) -> Found:
    changes = compare(files_of(shards), synonyms, last.manifest)
    return Found(shards, synonyms, refused, changes)
