"""The last snapshot, and what a build can use again of it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from passages.articles.corpus import Problem
from passages.building.cutting import CHUNKING
from passages.errors import IndexDamaged, NoIndex
from passages.index import folder as store
from passages.index.snapshot import Snapshot
from passages.index.vectors.older import OlderVectors, older_vectors
from passages.models.calibration import Calibration
from passages.models.catalogue import DEFAULT_MODEL, ENCODERS
from passages.models.supply import Model, find_model
from passages.models.token_encoder import token_model


@dataclass(frozen=True, slots=True)
class Last:
    """The last snapshot, what of it can be used again, and the models of this build.

    `vectors` are its vectors where they are of this build's encoder, `passages` is the snapshot
    where its passages are cut as this build cuts. `damage` says why a snapshot could not be used.
    """

    model: Model
    token_model: Model | None
    snapshot: Snapshot | None
    vectors: Snapshot | OlderVectors | None
    passages: Snapshot | None
    damage: tuple[Problem, ...]

    @property
    def calibration(self) -> Calibration | None:
        """The calibration of the last snapshot, where its vectors are used again."""
        if self.snapshot is None or self.vectors is None:
            return None
        return Calibration.from_json(self.snapshot.manifest.calibration)


def open_last(index: Path, wanted: str | Model | None, late_interaction: bool | None) -> Last:
    """Open the serving snapshot, if it can be, and see what of it can be used again."""
    snapshot = None
    try:
        snapshot = Snapshot(store.serving(index), verify=True)
    except NoIndex:
        pass
    except IndexDamaged as error:
        return _without_snapshot(index, wanted, late_interaction, str(error))
    model = _choose_model(wanted, None if snapshot is None else snapshot.manifest.model)
    tokens = _token_model(model, late_interaction)
    if snapshot is None or snapshot.manifest.model.fingerprint != model.fingerprint:
        return Last(model, tokens, snapshot, None, None, ())
    made_by = snapshot.manifest
    alike = (made_by.model, made_by.token_model, made_by.chunking) == (model, tokens, CHUNKING)
    return Last(model, tokens, snapshot, snapshot, snapshot if alike else None, ())


def _token_model(model: Model, wanted: bool | None) -> Model | None:
    """The model of the tokens' codes, None for an index without."""
    if wanted or (wanted is None and model.name in ENCODERS):
        return token_model()
    return None


def _without_snapshot(
    index: Path, wanted: str | Model | None, late_interaction: bool | None, damage: str
) -> Last:
    """What is left where the last snapshot cannot be opened: of an older format the vectors."""
    older = None
    with suppress(IndexDamaged):
        older = older_vectors(store.serving(index))
    model = _choose_model(wanted, older.model if older else None)
    vectors = older if older and older.model.fingerprint == model.fingerprint else None
    used = ", but its vectors" if vectors else ""
    note = Problem(index.name, f"the last snapshot was not used{used}: {damage}", "note")
    return Last(model, _token_model(model, late_interaction), None, vectors, None, (note,))


def _choose_model(wanted: str | Model | None, before: Model | None) -> Model:
    if isinstance(wanted, Model):
        return wanted
    if before and wanted in (None, before.name):
        return find_model(before.name, before.precision)
    return find_model(wanted or DEFAULT_MODEL)
