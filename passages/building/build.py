"""Corpus folder -> snapshot: the stages in order, reusing all that the last snapshot holds."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from passages.articles.chunking import Passage
from passages.articles.corpus import Problem, read_article
from passages.building.changes import Changes, compare
from passages.building.cutting import CHUNKING, cut
from passages.building.intake import Read, SynonymsFile, Taken, read_synonyms, take_in, unserved
from passages.building.last import Last, open_last
from passages.errors import ModelUnavailable
from passages.index import folder as store
from passages.index.manifest import ArticleFile
from passages.index.snapshot import Snapshot
from passages.index.vectors.encode_once import Progress, forget_journals, silent
from passages.index.writer import Origin, SnapshotWriter
from passages.language.synonyms import parse_synonyms
from passages.models.calibration import Calibration
from passages.models.encoder import Encoder, TextEncoder
from passages.models.supply import Model, languages_of, record_of
from passages.models.token_encoder import TokenTextEncoder, token_encoder

Calibrate = Callable[[TextEncoder, Calibration | None], Calibration]
"""An encoder, and the calibration that the last snapshot has for it -> its calibration."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a build found and did; `added`, `changed`, `removed` and `kept` are article ids.

    `embedded` of the `passages` were encoded in this build, `reused` carried over. `snapshot` is
    the one that serves now, None where nothing was ever published; `published` says whether this
    build made it. `languages` has how many articles each language has, by its code.
    """

    snapshot: str | None
    published: bool
    model: str
    articles: int
    languages: Mapping[str, int]
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


@dataclass(frozen=True, slots=True)
class _Intake:
    """What the corpus holds, and how that differs from the last snapshot."""

    taken: list[Taken]
    synonyms: SynonymsFile
    refused: tuple[Problem, ...]
    changes: Changes

    @property
    def files(self) -> dict[str, ArticleFile]:
        return {item.article.id: item.file for item in self.taken}


@dataclass(frozen=True, slots=True)
class _Made:
    """What came of it: the snapshot that serves now and its passages."""

    snapshot: str | None
    passages: int
    embedded: int
    repeated: tuple[Problem, ...]
    published: bool = False


def known_calibration(encoder: TextEncoder, before: Calibration | None) -> Calibration:
    """The calibration of the encoder's record or of the last snapshot.

    Raises:
        ModelUnavailable: neither has one.
    """
    record = record_of(encoder.model.name)
    found = (record.calibration if record else None) or before
    if found is None:
        raise ModelUnavailable(
            f"{encoder.model.name} has no calibration: build with "
            f"`calibrate=passages.evaluation.fitting.calibration_for`, as the command does"
        )
    return found


def build(
    corpus: Path,
    index: Path,
    model: str | Model | None = None,
    *,
    dry_run: bool = False,
    drafts: bool = False,
    progress: Progress = silent,
    reading: Progress = silent,
    cutting: Progress = silent,
    read: Read = read_article,
    load: Callable[[Model], TextEncoder] = Encoder,
    calibrate: Calibrate | None = None,
    late_interaction: bool | None = None,
    load_tokens: Callable[[], TokenTextEncoder] = token_encoder,
) -> Report:
    """Bring the index up to date with the corpus and publish it as a new snapshot.

    Where nothing changed, the model is not loaded and nothing is published.

    Args:
        corpus: the folder of articles.
        index: the folder of snapshots, made if there is none.
        model: the encoder or its name; by default that of the last snapshot, or `DEFAULT_MODEL`.
        drafts: take in what its author has not published yet.
        dry_run: report what a build would do, and publish nothing.
        progress: called while texts are encoded.
        reading: called while files are read.
        cutting: called while articles are cut.
        read: makes an article of a file's bytes.
        load: makes the encoder when one is needed.
        calibrate: gives the encoder's calibration, by default that of its record or of the last
            snapshot; `passages.evaluation.fitting.calibration_for` fits one for any other.
        late_interaction: whether passages are compared with questions token by token too; by
            default with the encoders of the catalogue.
        load_tokens: makes the encoder of tokens when one is needed.

    Raises:
        FileNotFoundError: no corpus folder.
        ValueError: no article in the corpus can be read, or the model cannot be loaded.
        BuildRunning: another build holds the lock.
        OSError: the index cannot be written; the old snapshot still serves.
    """
    started = time.perf_counter()
    calibrate = calibrate or known_calibration
    with nullcontext() if dry_run else store.building(index) as staging:
        last = open_last(index, model, late_interaction)
        found = _take_in(corpus, last, reading, drafts, read)
        if (made := _nothing_to_do(found, last)) is None:
            encoder = load(last.model)
            found, passages = _cut(found, last, encoder, cutting)
            made = _nothing_to_do(found, last)  # where all that is new cannot be cut
        if made is None:
            tokens = load_tokens() if last.token_model and not dry_run else None
            writer = _plan(found, passages, last, encoder, tokens, index)
            made = _planned(writer, last)
            if staging is not None:
                calibration = calibrate(encoder, last.calibration)  # may take minutes to fit
                writer.write(staging, _origin(corpus, found, calibration), progress)
                made = _publish(index, staging, made, last)
        if not dry_run:
            forget_journals(index)
    return _report(last.model, found, made, time.perf_counter() - started)


def _take_in(corpus: Path, last: Last, progress: Progress, drafts: bool, read: Read) -> _Intake:
    hold = last.passages is not None
    taken, refused = take_in(
        corpus, last.snapshot, hold, drafts=drafts, progress=progress, read=read
    )
    synonyms = read_synonyms(corpus)
    refused += [*last.damage, *([synonyms.problem] if synonyms.problem else [])]
    articles = [item.article for item in taken]
    refused += unserved(articles, last.model.name, languages_of(last.model.name))
    return _compared(taken, synonyms, refused, last)


def _compared(
    taken: list[Taken], synonyms: SynonymsFile, refused: Sequence[Problem], last: Last
) -> _Intake:
    files = {item.article.id: item.file for item in taken}
    before = None if last.snapshot is None else last.snapshot.manifest
    return _Intake(taken, synonyms, tuple(refused), compare(files, synonyms, before))


def _cut(
    found: _Intake, last: Last, encoder: TextEncoder, progress: Progress
) -> tuple[_Intake, list[Passage]]:
    """Cut the articles: what cannot be cut is kept as it was, or refused."""
    hold = last.passages is not None
    done = cut(found.taken, encoder, last.snapshot, passages_hold=hold, progress=progress)
    refused = (*found.refused, *done.problems)
    return _compared(done.taken, found.synonyms, refused, last), done.passages


def _nothing_to_do(found: _Intake, last: Last) -> _Made | None:
    """What serves, where it is what a build of these articles would make."""
    if last.passages is None or found.changes:
        return None
    manifest = last.passages.manifest
    return _Made(last.passages.name, manifest.passages, 0, manifest.repeated)


def _plan(
    found: _Intake,
    passages: list[Passage],
    last: Last,
    encoder: TextEncoder,
    tokens: TokenTextEncoder | None,
    index: Path,
) -> SnapshotWriter:
    """See which texts must be encoded."""
    articles = [item.article for item in found.taken]
    codes = sorted({article.code for article in articles})
    groups = parse_synonyms(found.synonyms.text, codes)
    return SnapshotWriter(articles, passages, encoder, index, last.vectors, groups, tokens)


def _planned(writer: SnapshotWriter, last: Last) -> _Made:
    """What is the case before anything is published."""
    serving = None if last.snapshot is None else last.snapshot.name
    return _Made(serving, len(writer), writer.embedded, tuple(writer.repeated))


def _origin(corpus: Path, found: _Intake, calibration: Calibration) -> Origin:
    return Origin(
        corpus=str(corpus.resolve()),
        articles=found.files,
        chunking=CHUNKING,
        calibration=calibration,
        synonyms=found.synonyms.sha256,
        refused=found.refused,
    )


def _publish(index: Path, staging: Path, made: _Made, last: Last) -> _Made:
    Snapshot(staging, verify=True)  # what cannot be opened is not published
    name = store.publish(index, staging, last_is_whole=last.snapshot is not None)
    return replace(made, snapshot=name, published=True)


def _report(model: Model, found: _Intake, made: _Made, seconds: float) -> Report:
    files, changes = found.files, found.changes
    of_articles = (problem for file in files.values() for problem in file.problems)
    return Report(
        snapshot=made.snapshot,
        published=made.published,
        model=model.name,
        articles=len(files),
        languages=dict(Counter(item.article.code for item in found.taken).most_common()),
        passages=made.passages,
        embedded=made.embedded,
        reused=made.passages - made.embedded,
        added=changes.added,
        changed=changes.changed,
        removed=changes.removed,
        kept=tuple(name for name, file in files.items() if file.kept is not None),
        unchanged=len(files) - len(changes.added) - len(changes.changed),
        problems=(*found.refused, *of_articles, *made.repeated),
        seconds=round(seconds, 3),
    )
