"""The articles of a build: read, reused from the last snapshot, or kept where a file is unreadable.

One bad file never stops the others.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path, PurePosixPath
from typing import Protocol

from passages.articles.corpus import DRAFT, Article, Problem, SourceFile, read_article, scan
from passages.articles.left_out import SYNONYMS
from passages.articles.readers.decoding import decode
from passages.errors import DraftLeftOut, NoArticles, PassagesError, UnreadableFile
from passages.index.manifest import ArticleFile
from passages.index.snapshot import Snapshot
from passages.index.vectors.older import OlderVectors
from passages.language.languages import language
from passages.models.catalogue import MULTILINGUAL
from passages.progress import Progress

logger = logging.getLogger(__name__)


class Read(Protocol):
    """Makes an article of a file's bytes, and tells its problems: `corpus.read_article` does."""

    def __call__(
        self, source: SourceFile, data: bytes, *, drafts: bool
    ) -> tuple[Article, list[Problem]]:
        """The article and what is wrong with its file."""
        ...


FAULT = "could not be read: a fault in Passages, please report"
"""What an editor is told of a file on which a reader failed; the log has the traceback."""


@dataclass(frozen=True, slots=True)
class LastShard:
    """What a build can use again of a shard of the last snapshot.

    `vectors` are its vectors where they are of this build's encoder, `passages` is the snapshot
    where its passages are cut as this build cuts.
    """

    snapshot: Snapshot | None = None
    vectors: Snapshot | OlderVectors | None = None
    passages: Snapshot | None = None


NOTHING = LastShard()
"""Where there was no snapshot."""


@dataclass(frozen=True, slots=True)
class Taken:
    """An article of this build and its file.

    `row` is the article's row in the last snapshot where the passages there are still right.
    """

    article: Article
    file: ArticleFile
    row: int | None = None


@dataclass(frozen=True, slots=True)
class SynonymsFile:
    """The editor's synonyms: the file's text and its SHA-256, both empty where there is none.

    `problem` says why a file that is there cannot be used.
    """

    text: str = ""
    sha256: str = ""
    problem: Problem | None = None


Step = Callable[[], object]
"""Called whenever one more is done."""


def steps(progress: Progress, total: int) -> Step:
    """Counts the steps for `progress`, over all shards."""
    done = count(1)
    return lambda: progress(next(done), total)


@dataclass(frozen=True, slots=True)
class Intake:
    """The articles that one shard takes in, and the problems with files that are none.

    `kept` are the files of which the last good text is kept.
    """

    taken: list[Taken]
    problems: list[Problem]
    kept: frozenset[str]


def take_in(
    files: Sequence[SourceFile],
    problems: Sequence[Problem],
    last: LastShard,
    *,
    drafts: bool = False,
    step: Step = lambda: None,
    read: Read = read_article,
) -> Intake:
    """Read the files of one shard, in the order of article ids; one bad file never stops the rest.

    Args:
        files: those whose articles belong to the shard.
        problems: what was found wrong with the folder they lie in.
        last: the shard in the last snapshot.
        drafts: whether articles that their authors have not published yet are taken in.
        step: called after each file.
        read: makes an article of a file's bytes.
    """
    before = last.snapshot.manifest.articles if last.snapshot is not None else {}
    taken, refused = [], []
    kept = hidden_articles(before, {source.id for source in files}, problems)
    for source in files:
        try:
            taken.append(_take(source, last.passages, drafts, read))
        except DraftLeftOut as error:
            refused.append(Problem(source.file, str(error), "note"))
        except Exception as error:  # one file never stops the others
            if reason(error) == FAULT:
                logger.exception("a fault in Passages: %s could not be read", source.file)
            if source.id in before:
                kept[source.id] = replace(before[source.id], file=source.file, kept=reason(error))
            else:
                refused.append(Problem(source.file, reason(error)))
        step()
    taken += [keep(last, name, file) for name, file in kept.items()]
    taken.sort(key=lambda item: item.article.id)
    return Intake(taken, refused, frozenset(file.file for file in kept.values()))


def read_corpus(corpus: Path, *, drafts: bool = False) -> tuple[list[Taken], list[Problem]]:
    """Read all of a corpus folder anew, in the order of article ids.

    Raises:
        NoCorpus: there is no corpus folder.
        NoArticles: not one article can be read.
    """
    files, problems = scan(corpus)
    found = take_in(files, problems, NOTHING, drafts=drafts)
    problems = [*problems, *found.problems]
    if not found.taken:
        raise no_articles(corpus, problems)
    return found.taken, problems


def no_articles(corpus: Path, problems: Sequence[Problem]) -> NoArticles:
    """Not one article can be read, and why."""
    listed = "".join(f"; {problem.file}: {problem.problem}" for problem in problems)
    return NoArticles(f"no article in {corpus}: put .md files there{listed}")


def read_synonyms(corpus: Path) -> SynonymsFile:
    """Read `_synonyms.txt` of the corpus folder, if there is one."""
    path = corpus / SYNONYMS
    try:
        if not path.is_file():
            return SynonymsFile()
        if not path.resolve().is_relative_to(corpus.resolve()):
            raise UnreadableFile("symbolic link that leads out of the corpus folder: not followed")
        data = path.read_bytes()
        return SynonymsFile(decode(data)[0], hashlib.sha256(data).hexdigest())
    except (OSError, UnreadableFile) as error:
        problem = Problem(SYNONYMS, f"{reason(error)}; no synonyms are used")
        return SynonymsFile(problem=problem)


def hidden_articles(
    before: Mapping[str, ArticleFile], listed: Collection[str], problems: Sequence[Problem]
) -> dict[str, ArticleFile]:
    """Articles of a snapshot whose file is there but, by itself or its folder, not to be had."""
    errors = {problem.file: problem.problem for problem in problems if problem.severity == "error"}
    hidden = {}
    for name in before.keys() - set(listed):
        file = before[name]
        for place in (file.file, *map(str, PurePosixPath(file.file).parents)):
            if place in errors:
                hidden[name] = replace(file, kept=errors[place])
                break
    return hidden


def _take(source: SourceFile, last: Snapshot | None, drafts: bool, read: Read) -> Taken:
    data = source.path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    row = last.article_row(source.id) if last is not None else None
    if last is not None and row is not None:
        before = last.manifest.articles[source.id]
        same = (before.file, before.sha256, before.kept) == (source.file, digest, None)
        draft = any(problem.problem.startswith(DRAFT) for problem in before.problems)
        if same and (drafts or not draft):
            now = replace(before, size=source.size, mtime_ns=source.mtime_ns)
            return Taken(last.article(row), now, row)
    article, problems = read(source, data, drafts=drafts)
    file = ArticleFile(source.file, digest, source.size, source.mtime_ns, tuple(problems))
    return Taken(article, file)


def keep(last: LastShard, name: str, file: ArticleFile) -> Taken:
    """The article as the last snapshot has it, and what is wrong with its file now.

    Raises:
        KeyError: it has none.
    """
    row = last.snapshot.article_row(name) if last.snapshot is not None else None
    if last.snapshot is None or row is None:
        raise KeyError(name)
    problem = Problem(file.file, f"{file.kept}; its last good text is kept in the index")
    file = replace(file, problems=(problem,))
    return Taken(last.snapshot.article(row), file, None if last.passages is None else row)


def reason(error: Exception) -> str:
    """What an editor is told of a file that cannot be read."""
    if isinstance(error, PassagesError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"cannot be read: {error.strerror}"
    return FAULT


def unserved(
    articles: Sequence[Article], model: str, languages: Collection[str] | None
) -> list[Problem]:
    """A warning for each language of the articles that the encoder does not serve.

    Args:
        articles: all articles of the corpus.
        model: the encoder's name.
        languages: the codes of those that it serves, None where they are not known.
    """
    warnings: list[Problem] = []
    of_languages: dict[str, list[str]] = {}
    for article in articles:
        of_languages.setdefault(article.code, []).append(article.id)
    for code, ids in sorted(of_languages.items()):
        if languages is None or code in languages:
            continue
        name = language(code).name or code
        warnings.append(
            Problem(
                ids[0],
                f"{'an article' if len(ids) == 1 else f'the first of {len(ids)} articles'} in "
                f"{name} ({code}), which {model} does not serve: they are found by their words "
                f"alone. Build with --model {' or '.join(MULTILINGUAL)}",
                "warning",
            )
        )
    return warnings
