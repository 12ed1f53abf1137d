"""Corpus folder -> snapshot: the stages in order, reusing all that the last snapshot holds."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from passages.articles.corpus import Problem, read_article
from passages.building.found import Found, find
from passages.building.intake import Read, steps
from passages.building.last import Last, open_last
from passages.building.making import Result, make, nothing_to_do
from passages.building.shards import MakeShards, Tools, one_after_another
from passages.errors import BadSetting, ModelUnavailable
from passages.index import folder as store
from passages.index.vectors.encode_once import forget_journals
from passages.models.calibration import Calibration
from passages.models.encoder import Encoder, TextEncoder
from passages.models.supply import Model, calibration_of
from passages.models.token_encoder import TokenTextEncoder, token_encoder
from passages.progress import Progress, silent

Calibrate = Callable[[TextEncoder, Calibration | None], Calibration]
"""An encoder, and the calibration that the last snapshot has for it -> its calibration."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a build found and did; `added`, `changed`, `removed` and `kept` are article ids.

    `embedded` of the `passages` were encoded in this build, `reused` carried over. `snapshot` is
    the one that serves now, None where nothing was ever published; `published` says whether this
    build made it. `languages` has how many articles each language has, by its code. `strong` is the
    probability from which on a first hit is called a strong match, None where no word is shown.
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
    strong: float | None
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """The fields as JSON values."""
        return asdict(self)


def known_calibration(encoder: TextEncoder, before: Calibration | None) -> Calibration:
    """The calibration of the encoder's record or of the last snapshot.

    Raises:
        ModelUnavailable: neither has one.
    """
    found = calibration_of(encoder.model.name) or before
    if found is None:
        raise ModelUnavailable(
            f"{encoder.model.name} has no calibration: build with "
            f"`calibrate=passages.evaluation.fitting.calibration_for`, as the command does"
        )
    return found


def build(
    corpus: str | Path,
    index: str | Path,
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
    shards: int | None = None,
    make_shards: MakeShards = one_after_another,
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
        shards: in how many shards the articles lie: by default in as many as before, at first in
            one. Only shards with a changed article are written anew; the number cannot be changed.
        make_shards: makes those shards, here or elsewhere.

    Raises:
        FileNotFoundError: no corpus folder.
        ValueError: no article in the corpus can be read, the model cannot be loaded, or the index
            has another number of shards.
        BuildRunning: another build holds the lock.
        OSError: the index cannot be written; the old snapshot still serves.
    """
    started, corpus, index = time.perf_counter(), Path(corpus), Path(index)
    _check_shards(shards)
    with nullcontext() if dry_run else store.building(index) as staging:
        last = open_last(index, model, late_interaction, shards)
        found = find(corpus, last, reading, drafts=drafts, read=read)
        result, calibration = nothing_to_do(found, last), _known(last)
        if result is None:
            tools = Tools(
                corpus=str(corpus.resolve()),
                index=index,
                encoder=(encoder := load(last.model)),
                load_tokens=load_tokens if last.token_model else None,
                vectors=last.vectors,
                progress=progress,
                cut_one=steps(cutting, len(found.files)),
            )
            fit = cache(lambda: (calibrate or known_calibration)(encoder, last.calibration))
            found, result = make(found, last, tools, staging, fit, make_shards)
            calibration = fit() if result.published else calibration
        if not dry_run:
            forget_journals(index)
    return _report(last.model, found, result, calibration, time.perf_counter() - started)


def _check_shards(shards: int | None) -> None:
    if shards is not None and shards < 1:
        raise BadSetting(f"an index has 1 shard or more, not {shards}")


def _known(last: Last) -> Calibration | None:
    """The calibration of the snapshot that serves: the program's own, where it has one."""
    return calibration_of(last.model.name) or last.calibration


def _report(
    model: Model, found: Found, made: Result, calibration: Calibration | None, seconds: float
) -> Report:
    files, changes = found.files, found.changes
    of_articles = (problem for file in files.values() for problem in file.problems)
    return Report(
        snapshot=made.snapshot,
        published=made.published,
        model=model.name,
        articles=len(files),
        languages=found.languages,
        passages=made.passages,
        embedded=made.embedded,
        reused=made.passages - made.embedded,
        added=changes.added,
        changed=changes.changed,
        removed=changes.removed,
        kept=tuple(name for name, file in files.items() if file.kept is not None),
        unchanged=len(files) - len(changes.added) - len(changes.changed),
        problems=(*found.refused, *of_articles, *made.repeated),
        strong=calibration.strong_over(files) if calibration else None,
        seconds=round(seconds, 3),
    )
