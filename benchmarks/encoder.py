"""The build's share of encoding, and the encoder's of the machine: `python -m benchmarks.encoder`.

Prints passages a second of a whole build of the shipped articles (model loaded, NLTK imported) and
of its encoding alone; and what part of the machine's own peak the encoder reaches: floating or
integer operations a second of its matrix products, against the fastest large product in the same
precision, measured in the same round. `--model all-MiniLM-L6-v2` for the other shipped encoder.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from transformers import AutoConfig

from benchmarks.machine import describe
from passages.building.build import build
from passages.index.folder import serving
from passages.index.snapshot import Snapshot
from passages.models.catalogue import DEFAULT_MODEL
from passages.models.encoder import Encoder
from passages.models.supply import find_model, model_folder

ROOT = Path(__file__).parents[1]
SIZES = (512, 1024, 2048)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    print(describe())
    encoder = Encoder(find_model(options.model, fetch=True))
    rounds = []
    for number in range(options.rounds + 1):
        with tempfile.TemporaryDirectory() as folder:
            seconds = _seconds(
                lambda f=folder: build(
                    ROOT / "corpus", Path(f), options.model, load=lambda _: encoder
                )
            )
            snapshot = Snapshot(serving(Path(folder)))
            passages = list(snapshot.passages())
        texts = [passage.encoder_text for passage in passages]
        texts += [text for passage in passages for text in passage.sentence_texts]
        texts = list(dict.fromkeys(texts))
        encoding = _seconds(lambda t=texts: encoder.encode_passages(t))
        if number:  # the first round warms up
            rate = _operations(encoder, texts) / encoding
            rounds.append((len(passages) / seconds, encoding / seconds, rate, _peak(encoder)))
    lengths = encoder.count_tokens(texts)
    print(
        f"{options.model}, {encoder.model.precision}: {len(passages)} passages, {len(texts)} texts "
        f"of {sum(lengths) / len(texts):.0f} tokens, medians of {options.rounds} rounds"
    )
    built, share, rate, peak = (statistics.median(values) for values in zip(*rounds, strict=True))
    print(f"whole build        {built:8.0f} passages/s")
    print(f"encoding alone     {built / share:8.0f} passages/s, {share:.0%} of the build")
    print(f"                   {sum(lengths) * built / share / len(passages):8.0f} tokens/s")
    print(f"matrix products    {rate / 1e12:8.2f} tera-operations/s")
    print(f"the machine's peak {peak / 1e12:8.2f} tera-operations/s")
    ratio = statistics.median(each[2] / each[3] for each in rounds)
    print(f"the encoder reaches {ratio:.0%} of the peak")


def _operations(encoder: Encoder, texts: Sequence[str]) -> float:
    """Multiplications and additions of the matrix products of a BERT for these texts."""
    config = AutoConfig.from_pretrained(str(model_folder(encoder.model.name)))
    hidden, inner = config.hidden_size, config.intermediate_size
    weights = config.num_hidden_layers * (4 * hidden**2 + 2 * hidden * inner)
    lengths = encoder.count_tokens(texts)
    attention = config.num_hidden_layers * 2 * hidden
    return float(sum(2 * length * (weights + attention * length) for length in lengths))


def _peak(encoder: Encoder) -> float:
    """Operations a second of the fastest square product in the encoder's precision."""
    return max(_product(size, encoder.model.precision) for size in SIZES)


def _product(size: int, precision: str) -> float:
    if precision == "int8":
        left = torch.randint(-100, 100, (size, size), dtype=torch.int8)
        multiply: Callable[[], object] = lambda: torch._int_mm(left, left)  # noqa: E731
    else:
        floats = torch.randn(size, size, dtype=getattr(torch, precision))
        multiply = lambda: floats @ floats  # noqa: E731
    multiply()
    return 2.0 * size**3 / min(_seconds(multiply) for _ in range(10))


def _seconds(job: Callable[[], object]) -> float:
    started = time.perf_counter()
    job()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
