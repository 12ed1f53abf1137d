"""Which articles a build has: read anew, carried over from the last snapshot, or kept by need."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath

from passages.articles.corpus import Article, Problem, SourceFile, read_article, scan
from passages.articles.left_out import SYNONYMS
from passages.articles.readers.decoding import decode
from passages.errors import NoArticles, PassagesError, UnreadableFile
from passages.index.manifest import ArticleFile, Manifest
from passages.index.snapshot import Snapshot
from passages.language.languages import language
from passages.models.catalogue import MULTILINGUAL

logger = logging.getLogger(__name__)

FAULT = "could not be read: a fault in Passages, please report"
"""What an editor is told of a file on which a reader failed; the log has the traceback."""


@dataclass(frozen=True, slots=True)
class Taken:
    """An article of this build and its file.

    `row` is the article's row in the last snapshot where the passages there are still right.
    """

    article: Article
    file: ArticleFile
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """Ids of the articles that differ from those of a snapshot, and whether the synonyms do."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    synonyms: bool = False

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed or self.synonyms)


@dataclass(frozen=True, slots=True)
class SynonymsFile:
    """The editor's synonyms: the file's text and its SHA-256, both empty where there is none.

    `problem` says why a file that is there cannot be used.
    """

    text: str = ""
    sha256: str = ""
    problem: Problem | None = None


def take_in(
    corpus: Path, last: Snapshot | None, passages_hold: bool
) -> tuple[list[Taken], list[Problem]]:
    """Read the corpus, in the order of article ids; one bad file never stops the others.

    Args:
        corpus: the folder of articles.
        last: the serving snapshot, if any.
        passages_hold: whether passages of `last` can be carried over as they are.

    Returns:
        The articles, and the problems with files that are none.

    Raises:
        NoCorpus: there is no corpus folder.
        NoArticles: not one article can be read.
    """
    files, problems = scan(corpus)
    before = last.manifest.articles if last is not None else {}
    taken = []
    kept = _hidden(before, {source.id for source in files}, problems)
    for source in files:
        try:
            taken.append(_take(source, last if passages_hold else None))
        except Exception as error:  # one file never stops the others
            if _reason(error) == FAULT:
                logger.exception("a fault in Passages: %s could not be read", source.file)
            if source.id in before:
                kept[source.id] = replace(before[source.id], file=source.file, kept=_reason(error))
            else:
                problems.append(Problem(source.file, _reason(error)))
    if last is not None:
        rows = ((row, kept[name]) for row, name in enumerate(before) if name in kept)
        taken += [_keep(last, row, file, passages_hold) for row, file in rows]
    if not taken:
        listed = "".join(f"; {problem.file}: {problem.problem}" for problem in problems)
        raise NoArticles(f"no article in {corpus}: put .md files there{listed}")
    of_kept = {file.file for file in kept.values()}  # an article that is kept says so itself
    problems = [problem for problem in problems if problem.file not in of_kept]
    return sorted(taken, key=lambda item: item.article.id), problems


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
        problem = Problem(SYNONYMS, f"{_reason(error)}; no synonyms are used")
        return SynonymsFile(problem=problem)


def compare(
    files: Mapping[str, ArticleFile], synonyms: SynonymsFile, before: Manifest | None
) -> Changes:
    """Compare with a snapshot's files: by their hashes, and by whether they are kept by need."""
    if before is None:
        return Changes(added=tuple(sorted(files)))

    def state(file: ArticleFile) -> tuple[str, str, str | None]:
        return file.file, file.sha256, file.kept

    old = before.articles
    both = files.keys() & old.keys()
    return Changes(
        tuple(sorted(files.keys() - old.keys())),
        tuple(sorted(name for name in both if state(files[name]) != state(old[name]))),
        tuple(sorted(old.keys() - files.keys())),
        synonyms.sha256 != before.synonyms,
    )


def changes_since(manifest: Manifest, corpus: Path) -> Changes:
    """How the corpus differs now from what a snapshot was built from.

    Costs one look at the folder: a file of the same size and time is not read, and one that no
    build would take is no change.

    Raises:
        NoCorpus: there is no corpus folder.
    """
    files, problems = scan(corpus)
    now = _hidden(manifest.articles, {source.id for source in files}, problems)
    refused = {problem.file for problem in manifest.refused}
    built = datetime.fromisoformat(manifest.created).timestamp() * 1e9
    for source in files:
        before = manifest.articles.get(source.id)
        stamp = source.size, source.mtime_ns
        if before and before.kept is None and (before.size, before.mtime_ns) == stamp:
            now[source.id] = replace(before, file=source.file)
        elif before or source.file not in refused or source.mtime_ns > built:
            file = _as_built(source, before)
            if file is not None:
                now[source.id] = file
    return compare(now, read_synonyms(corpus), manifest)


def _as_built(source: SourceFile, before: ArticleFile | None) -> ArticleFile | None:
    """What a build would make of the file now, as far as `compare` looks; None if nothing."""
    try:
        data = source.path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        if before is None or before.kept is not None:
            read_article(source, data)
        return ArticleFile(source.file, digest, source.size, source.mtime_ns)
    except Exception as error:  # a build would go on, and log it
        return before and replace(before, file=source.file, kept=_reason(error))


def _hidden(
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


def _take(source: SourceFile, last: Snapshot | None) -> Taken:
    data = source.path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    row = last.article_row(source.id) if last is not None else None
    if last is not None and row is not None:
        before = last.manifest.articles[source.id]
        same = (before.file, before.sha256, before.kept) == (source.file, digest, None)
        if same:
            now = replace(before, size=source.size, mtime_ns=source.mtime_ns)
            return Taken(last.article(row), now, row)
    article, problems = read_article(source, data)
    file = ArticleFile(source.file, digest, source.size, source.mtime_ns, tuple(problems))
    return Taken(article, file)


def _keep(last: Snapshot, row: int, file: ArticleFile, passages_hold: bool) -> Taken:
    """The article as the last snapshot has it, and what is wrong with its file now."""
    problem = Problem(file.file, f"{file.kept}; its last good text is kept in the index")
    file = replace(file, problems=(problem,))
    return Taken(last.article(row), file, row if passages_hold else None)


def _reason(error: Exception) -> str:
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
