"""What an operator sets, all of it by environment variables; docs/operating.md lists them."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHIPPED_CORPUS = ROOT / "corpus"


@dataclass(frozen=True, slots=True)
class Settings:
    """Folders and switches; `feedback` is None where no feedback is kept.

    `corpus` is None where none is named: the one an index was built from, or the shipped one.
    """

    index: Path
    corpus: Path | None
    questions: Path
    notice: Path
    feedback: Path | None
    allow_rebuild: bool


def settings() -> Settings:
    """Read the environment; a relative path counts from the program's folder."""
    return Settings(
        index=_path("PASSAGES_INDEX") or ROOT / "index",
        corpus=_path("PASSAGES_CORPUS"),
        questions=_path("PASSAGES_QUESTIONS") or ROOT / "evaluation" / "questions.jsonl",
        notice=_path("PASSAGES_NOTICE") or ROOT / "passages" / "page" / "static" / "notice.md",
        feedback=_path("PASSAGES_FEEDBACK"),
        allow_rebuild=os.environ.get("PASSAGES_ALLOW_REBUILD", "").lower() in ("1", "true", "yes"),
    )


def build_command(corpus: Path, index: Path) -> str:
    """The command that builds `index` from `corpus`, as short as it can be."""
    words = ["python build_index.py"]
    if corpus != SHIPPED_CORPUS:
        words.append(f"--corpus {_shown(corpus)}")
    if index != ROOT / "index":
        words.append(f"--index {_shown(index)}")
    return " ".join(words)


def _shown(path: Path) -> str:
    """A path as it is written in the program's folder."""
    return shlex.quote(str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path))


def _path(variable: str) -> Path | None:
    named = os.environ.get(variable)
    return ROOT / named if named else None
