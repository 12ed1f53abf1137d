"""What a table of figures must say of the machine that they were taken on."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

from passages.processor import usable_cores

_KINDS = (
    "avx2",
    "avx_vnni",
    "avx512f",
    "avx512_vnni",
    "avx512_bf16",
    "amx_int8",
    "asimddp",
    "i8mm",
)


def describe() -> str:
    """Processor, cores, memory, load and versions in one line, to print above a table."""
    cores = usable_cores()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ("torch", "onnxruntime", "faiss-cpu", "numpy", "streamlit")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{_processor()}, {cores} cores, {memory:.0f} GiB; Python {platform.python_version()}, "
        f"{versions}; load before: {load}"
    )


def _processor() -> str:
    """Name and kind: what its fastest instructions for the encoders are."""
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    fields = dict(line.replace("\t", "").split(": ", 1) for line in lines if ": " in line)
    flags = set(fields.get("flags", fields.get("Features", "")).split())
    kind = " ".join(name for name in _KINDS if name in flags)
    return f"{fields.get('model name', platform.machine())} ({kind or 'no vector instructions'})"
