"""The last snapshot, and what a build can use again of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from passages.articles.corpus import Problem
from passages.building.cutting import CHUNKING
from passages.building.intake import LastShard
from passages.errors import BadSetting, IndexDamaged, NoIndex
from passages.index import folder as store
from passages.index.generation import open_collection, open_generation, with_articles
from passages.index.manifest import Manifest, read_manifest
from passages.index.snapshot import Snapshot
from passages.index.vectors.older import OlderVectors, older_vectors
from passages.models.calibration import Calibration
from passages.models.catalogue import DEFAULT_MODEL, ENCODERS
from passages.models.supply import Model, find_model
from passages.models.token_encoder import token_model


@dataclass(frozen=True, slots=True)
class Last:
    """What was published last, and the models of this build.

    `manifest` tells of all shards that can be opened, `name` is what serves; both are None where
    that is nothing. `damage` says why something could not be used.
    """

    model: Model
    token_model: Model | None
    shards: tuple[LastShard, ...]
    manifest: Manifest | None = None
    name: str | None = None
    damage: tuple[Problem, ...] = ()

    @property
    def passages_hold(self) -> bool:
        """Whether all passages are cut as this build cuts."""
        return all(shard.passages is not None for shard in self.shards)

    @property
    def is_whole(self) -> bool:
        """Whether all that was published can be opened."""
        return all(shard.snapshot is not None for shard in self.shards)

    @property
    def vectors(self) -> list[Snapshot | OlderVectors]:
        """Where vectors of this build's encoder are found."""
        return [shard.vectors for shard in self.shards if shard.vectors is not None]

    @property
    def calibration(self) -> Calibration | None:
        """The calibration of the last snapshot, where its vectors are used again."""
        if self.manifest is None or not self.vectors:
            return None
        return Calibration.from_json(self.manifest.calibration)


def open_last(
    index: Path,
    wanted: str | Model | None,
    late_interaction: bool | None,
    shards: int | None = None,
) -> Last:
    """Open what serves, if it can be, and see what of it can be used again.

    Raises:
        BadSetting: it has another number of shards than is wanted.
    """
    try:
        folder = store.serving(index)
        found = _opened(folder)
    except NoIndex:
        model = _choose_model(wanted, None)
        return Last(model, _token_model(model, late_interaction), (LastShard(),) * (shards or 1))
    except IndexDamaged as error:
        return _without_snapshot(index, wanted, late_interaction, shards or 1, error)
    if shards not in (None, len(found)):
        raise BadSetting(
            f"{index} has {len(found)} shards, and that cannot be changed to {shards}: "
            f"build into another folder"
        )
    manifest = _manifest_of(folder, found)
    model = _choose_model(wanted, manifest.model)
    tokens = _token_model(model, late_interaction)
    parts = tuple(_usable(one, model, tokens) for one in found)
    damage = tuple(_damage(index, one) for one in found if isinstance(one, IndexDamaged))
    return Last(model, tokens, parts, manifest, folder.name, damage)


def _opened(folder: Path) -> list[Snapshot | IndexDamaged]:
    """The shards of what is published in `folder`, those that are damaged as the error."""
    manifest = read_manifest(folder)
    if not manifest.shards:
        return [open_generation(folder, verify=True).shards[0]]
    open_collection(folder, manifest)
    found: list[Snapshot | IndexDamaged] = []
    for entry in manifest.shards:
        try:
            found.append(Snapshot(store.checked_shard(folder.parent, entry), verify=True))
        except IndexDamaged as error:
            found.append(error)
    return found


def _manifest_of(folder: Path, found: Sequence[Snapshot | IndexDamaged]) -> Manifest:
    whole = (one.manifest for one in found if isinstance(one, Snapshot))
    return with_articles(read_manifest(folder), whole)


def _usable(found: Snapshot | IndexDamaged, model: Model, tokens: Model | None) -> LastShard:
    if isinstance(found, IndexDamaged):
        return LastShard()
    made_by = found.manifest
    if made_by.model.fingerprint != model.fingerprint:
        return LastShard(found)
    alike = (made_by.model, made_by.token_model, made_by.chunking) == (model, tokens, CHUNKING)
    return LastShard(found, found, found if alike else None)


def _damage(index: Path, error: IndexDamaged, used: str = "") -> Problem:
    return Problem(index.name, f"the last snapshot was not used{used}: {error}", "note")


def _token_model(model: Model, wanted: bool | None) -> Model | None:
    """The model of the tokens' codes, None for an index without."""
    if wanted or (wanted is None and model.name in ENCODERS):
        return token_model()
    return None


def _without_snapshot(
    index: Path,
    wanted: str | Model | None,
    late_interaction: bool | None,
    shards: int,
    error: IndexDamaged,
) -> Last:
    """What is left where the last snapshot cannot be opened: of an older format the vectors."""
    older = None
    with suppress(IndexDamaged):
        older = older_vectors(store.serving(index))
    model = _choose_model(wanted, older.model if older else None)
    vectors = older if older and older.model.fingerprint == model.fingerprint else None
    damage = _damage(index, error, ", but its vectors" if vectors else "")
    tokens = _token_model(model, late_interaction)
    parts = (LastShard(vectors=vectors), *(LastShard(),) * (shards - 1))
    return Last(model, tokens, parts, damage=(damage,))


def _choose_model(wanted: str | Model | None, before: Model | None) -> Model:
    if isinstance(wanted, Model):
        return wanted
    if before and wanted in (None, before.name):
        return find_model(before.name, before.precision, fetch=wanted is not None)
    return find_model(wanted or DEFAULT_MODEL, fetch=True)
