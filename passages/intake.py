"""Which articles a build has: read anew, carried over from the last snapshot, or kept by need."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from passages.articles import Article, Problem, SourceFile, read_article, scan
from passages.index import Snapshot
from passages.manifest import ArticleFile


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
    """Ids of the articles that differ from those of a snapshot."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.added) + len(self.changed) + len(self.removed)


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
        FileNotFoundError: no corpus folder.
        ValueError: not one article can be read.
    """
    files, problems = scan(corpus)
    taken = []
    for source in files:
        row = last.article_row(source.id) if last else None
        try:
            taken.append(_take(source, last if passages_hold else None, row))
        except (OSError, ValueError) as error:
            reason = str(error)
            if last is None or row is None:
                problems.append(Problem(source.file, reason))
            else:
                taken.append(_keep(source, reason, last, row, passages_hold))
    if not taken:
        listed = "".join(f"; {problem.file}: {problem.problem}" for problem in problems)
        raise ValueError(f"no article in {corpus}: put .md files there{listed}")
    return taken, problems


def compare(files: Mapping[str, ArticleFile], before: Mapping[str, ArticleFile]) -> Changes:
    """Compare article files by their hashes, and by whether they are kept by need."""

    def state(file: ArticleFile) -> tuple[str, str, str | None]:
        return file.file, file.sha256, file.kept

    both = files.keys() & before.keys()
    return Changes(
        tuple(sorted(files.keys() - before.keys())),
        tuple(sorted(name for name in both if state(files[name]) != state(before[name]))),
        tuple(sorted(before.keys() - files.keys())),
    )


def changes_since(files: Mapping[str, ArticleFile], corpus: Path) -> Changes:
    """How the corpus differs now from the files of a snapshot.

    Costs one look at the folder: a file of the same size and time is not read.

    Raises:
        FileNotFoundError: no corpus folder.
    """
    now: dict[str, ArticleFile] = {}
    for source in scan(corpus)[0]:
        before = files.get(source.id)
        if before and (before.size, before.mtime_ns) == (source.size, source.mtime_ns):
            now[source.id] = replace(before, file=source.file)
        elif before:
            now[source.id] = replace(before, file=source.file, sha256=_digest_or_empty(source))
        else:
            now[source.id] = ArticleFile(source.file, "", source.size, source.mtime_ns)
    return compare(now, files)


def _take(source: SourceFile, last: Snapshot | None, row: int | None) -> Taken:
    data = source.path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    before = last.manifest.articles[source.id] if last and row is not None else None
    if last and row is not None and before and before.sha256 == digest and before.kept is None:
        now = replace(before, size=source.size, mtime_ns=source.mtime_ns)
        return Taken(last.article(row), now, row)
    article, problems = read_article(source, data)
    file = ArticleFile(source.file, digest, source.size, source.mtime_ns, tuple(problems))
    return Taken(article, file)


def _keep(source: SourceFile, reason: str, last: Snapshot, row: int, passages_hold: bool) -> Taken:
    before = last.manifest.articles[source.id]
    problem = Problem(source.file, f"{reason}; its last good text is kept in the index")
    file = replace(
        before,
        file=source.file,
        size=source.size,
        mtime_ns=source.mtime_ns,
        problems=(problem,),
        kept=reason,
    )
    return Taken(last.article(row), file, row if passages_hold else None)


def _digest_or_empty(source: SourceFile) -> str:
    try:
        return hashlib.sha256(source.path.read_bytes()).hexdigest()
    except OSError:
        return ""
