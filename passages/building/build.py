"""Corpus folder -> snapshot: the stages in order, reusing all that the last snapshot holds."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from passages.articles.corpus import Problem
from passages.building.intake import compare, read_synonyms, take_in, unserved
from passages.errors import IndexDamaged, NoIndex
from passages.evaluation.fitting import calibration_for
from passages.index import folder as store
from passages.index.encode_once import Progress, forget_journals
from passages.index.manifest import ArticleFile, Manifest
from passages.index.snapshot import Snapshot
from passages.index.writer import CHUNKING, Draft, cut
from passages.language.synonyms import parse_synonyms
from passages.models.calibration import Calibration
from passages.models.catalogue import DEFAULT_MODEL
from passages.models.encoder import Encoder, TextEncoder
from passages.models.supply import Model, find_model, languages_of


@dataclass(frozen=True, slots=True)
class Report:
    """What a build found and did; `added`, `changed`, `removed` and `kept` are article ids.

    `embedded` of the `passages` were encoded in this build, `reused` carried over. `snapshot` is
    the one that serves now, None where nothing was ever published; `published` says whether this
    build made it.
    """

    snapshot: str | None
    published: bool
    model: str
    articles: int
    passages: int
    embedded: int
    reused: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]
    unchanged: int
    problems: tuple[Problem, ...]
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """The fields as JSON values."""
        return asdict(self)


def build(
    corpus: Path,
    index: Path,
    model_name: str | None = None,
    *,
    dry_run: bool = False,
    progress: Progress = lambda done, total: None,
    load: Callable[[Model], TextEncoder] = Encoder,
) -> Report:
    """Bring the index up to date with the corpus and publish it as a new snapshot.

    Where nothing changed, the model is not loaded and nothing is published.

    Args:
        corpus: the folder of articles.
        index: the folder of snapshots, made if there is none.
        model_name: the encoder; by default that of the last snapshot, or `DEFAULT_MODEL`.
        dry_run: report what a build would do, and publish nothing.
        progress: called while texts are encoded.
        load: makes the encoder when one is needed.

    Raises:
        FileNotFoundError: no corpus folder.
        ValueError: no article in the corpus can be read, or the model cannot be loaded.
        BuildRunning: another build holds the lock.
        OSError: the index cannot be written; the old snapshot still serves.
    """
    started = time.perf_counter()
    with nullcontext(index) if dry_run else store.building(index) as staging:
        last, damage = _last_snapshot(index)
        model = _choose_model(model_name, last)
        encoded = last if last is not None and last.manifest.model == model else None
        cut_alike = encoded is not None and encoded.manifest.chunking == CHUNKING
        alike = encoded if cut_alike else None
        taken, refused = take_in(corpus, last, passages_hold=alike is not None)
        refused += damage
        files = {item.article.id: item.file for item in taken}
        synonyms = read_synonyms(corpus)
        refused += [synonyms.problem] if synonyms.problem else []
        articles = [item.article for item in taken]
        refused += unserved(articles, model.name, languages_of(model.name))
        changes = compare(files, synonyms, None if last is None else last.manifest)
        snapshot = None if last is None else last.folder.name
        if alike is not None and not changes:
            made, embedded = alike.manifest, 0
        else:
            encoder = load(model)
            passages = cut(taken, alike, encoder)
            groups = parse_synonyms(synonyms.text, sorted({each.code for each in articles}))
            draft = Draft(articles, passages, encoder, encoded, index, groups)
            made = replace(_manifest(draft, files, corpus, refused), synonyms=synonyms.sha256)
            embedded = draft.embedded
            if not dry_run:
                calibration = _calibration(encoder, encoded)  # of an unknown encoder takes a while
                made = replace(made, calibration=calibration.to_json())
                draft.write(staging, made, progress)
                _verified(staging)  # what cannot be opened is not published
                snapshot = store.publish(index, staging, last_is_whole=last is not None)
        if not dry_run:
            forget_journals(index)
    return Report(
        snapshot=snapshot,
        published=not dry_run and (alike is None or bool(changes)),
        model=model.name,
        articles=len(files),
        passages=made.passages,
        embedded=embedded,
        reused=made.passages - embedded,
        added=changes.added,
        changed=changes.changed,
        removed=changes.removed,
        kept=tuple(name for name, file in files.items() if file.kept is not None),
        unchanged=len(files) - len(changes.added) - len(changes.changed),
        problems=replace(made, refused=tuple(refused)).problems,
        seconds=round(time.perf_counter() - started, 3),
    )


def _manifest(
    draft: Draft, files: dict[str, ArticleFile], corpus: Path, refused: Sequence[Problem]
) -> Manifest:
    """What the snapshot will say of itself."""
    return Manifest(
        created=datetime.now(UTC).isoformat(),
        corpus=str(corpus.resolve()),
        model=draft.encoder.model,
        dimension=draft.encoder.dimension,
        chunking=CHUNKING,
        articles=files,
        passages=len(draft.passages),
        sentences=draft.sentences,
        refused=tuple(refused),
        repeated=tuple(draft.repeated),
    )


def _calibration(encoder: TextEncoder, last: Snapshot | None) -> Calibration:
    before = None if last is None else Calibration.from_json(last.manifest.calibration)
    return calibration_for(encoder, before)


def _last_snapshot(index: Path) -> tuple[Snapshot | None, list[Problem]]:
    """The serving snapshot if it can be opened, and a note if it is damaged."""
    try:
        return _verified(store.serving(index)), []
    except NoIndex:
        return None, []
    except IndexDamaged as error:
        return None, [Problem(index.name, f"the last snapshot was not used: {error}", "note")]


def _verified(folder: Path) -> Snapshot:
    snapshot = Snapshot(folder)
    if not snapshot.verified:
        snapshot.verify()
    return snapshot


def _choose_model(name: str | None, last: Snapshot | None) -> Model:
    before = None if last is None else last.manifest.model
    if before and name in (None, before.name):
        return find_model(before.name, before.precision)
    return find_model(name or DEFAULT_MODEL)
