"""Which articles a build has: read anew, carried over from the last snapshot, or kept by need."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from passages.articles import Article, Problem, SourceFile, read_article, scan
from passages.index import Snapshot
from passages.manifest import ArticleFile, Manifest
from passages.readers.decoding import decode

SYNONYMS = "_synonyms.txt"


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
    """The editor's synonyms: the file's text and its SHA-256, both empty where there is none."""

    text: str = ""
    sha256: str = ""


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


def read_synonyms(corpus: Path) -> SynonymsFile:
    """Read `_synonyms.txt` of the corpus folder, if there is one.

    Raises:
        ValueError: it is no text.
    """
    path = corpus / SYNONYMS
    if not path.is_file():
        return SynonymsFile()
    data = path.read_bytes()
    try:
        return SynonymsFile(decode(data)[0], hashlib.sha256(data).hexdigest())
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


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

    Costs one look at the folder: a file of the same size and time is not read, and one that the
    build refused is no change until it is touched.

    Raises:
        FileNotFoundError: no corpus folder.
    """
    now: dict[str, ArticleFile] = {}
    refused = {problem.file for problem in manifest.refused}
    built = datetime.fromisoformat(manifest.created).timestamp() * 1e9
    for source in scan(corpus)[0]:
        before = manifest.articles.get(source.id)
        if before and (before.size, before.mtime_ns) == (source.size, source.mtime_ns):
            now[source.id] = replace(before, file=source.file)
        elif before:
            now[source.id] = replace(before, file=source.file, sha256=_digest_or_empty(source))
        elif source.file not in refused or source.mtime_ns > built:
            now[source.id] = ArticleFile(source.file, "", source.size, source.mtime_ns)
    return compare(now, read_synonyms(corpus), manifest)


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
