"""What changed in a corpus since a snapshot was built from it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from passages.articles.corpus import SourceFile, read_article, scan
from passages.building.intake import Read, SynonymsFile, hidden_articles, read_synonyms, reason
from passages.index.manifest import ArticleFile, Manifest


@dataclass(frozen=True, slots=True)
class Changes:
    """Ids of the articles that differ from those of a snapshot, and whether the synonyms do."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    synonyms: bool = False

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed or self.synonyms)


def compare(
    files: Mapping[str, ArticleFile], synonyms: SynonymsFile, before: Manifest | None
) -> Changes:
    """Compare with a snapshot's files: by hash, and by whether the file can be read now."""
    if before is None:
        return Changes(added=tuple(sorted(files)))

    old = before.articles
    both = files.keys() & old.keys()
    return Changes(
        tuple(sorted(files.keys() - old.keys())),
        tuple(sorted(name for name in both if _state(files[name]) != _state(old[name]))),
        tuple(sorted(old.keys() - files.keys())),
        synonyms.sha256 != before.synonyms,
    )


def same_files(files: Mapping[str, ArticleFile], before: Mapping[str, ArticleFile]) -> bool:
    """Whether these are the same articles in the same words."""
    return files.keys() == before.keys() and all(
        _state(files[name]) == _state(before[name]) for name in files
    )


def _state(file: ArticleFile) -> tuple[str, str, str | None]:
    return file.file, file.sha256, file.kept


def changes_since(manifest: Manifest, corpus: Path, read: Read = read_article) -> Changes:
    """How the corpus differs now from what a snapshot was built from.

    Costs one look at the folder: a file of the same size and time is not read, and one that no
    build would take is no change.

    Args:
        manifest: of the snapshot.
        corpus: the folder of articles.
        read: makes an article of a file's bytes, as the build would.

    Raises:
        NoCorpus: there is no corpus folder.
    """
    files, problems = scan(corpus)
    now = hidden_articles(manifest.articles, {source.id for source in files}, problems)
    refused = {problem.file for problem in manifest.refused}
    built = datetime.fromisoformat(manifest.created).timestamp() * 1e9
    for source in files:
        before = manifest.articles.get(source.id)
        stamp = source.size, source.mtime_ns
        if before and before.kept is None and (before.size, before.mtime_ns) == stamp:
            now[source.id] = replace(before, file=source.file)
        elif before or source.file not in refused or source.mtime_ns > built:
            file = _as_built(source, before, read)
            if file is not None:
                now[source.id] = file
    return compare(now, read_synonyms(corpus), manifest)


def _as_built(source: SourceFile, before: ArticleFile | None, read: Read) -> ArticleFile | None:
    """What a build would make of the file now, as far as `compare` looks; None if nothing."""
    try:
        data = source.path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        if before is None or before.kept is not None:
            read(source, data, drafts=False)
        return ArticleFile(source.file, digest, source.size, source.mtime_ns)
    except Exception as error:  # a build would go on, and log it
        return before and replace(before, file=source.file, kept=reason(error))
