"""What an operator sets, all of it by environment variables; docs/operating.md lists them."""

from __future__ import annotations

import os
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from passages.articles.left_out import NOTICE
from passages.errors import BadSetting
from passages.index.storage.uri import uri_of
from passages.service.client import url_of

LONGEST_KEPT = 3_650
"""Days for which questions may be kept."""

_ORIGIN = re.compile(
    r"https?://(\*\.)?[A-Za-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-fA-F:]+\](:\d{1,5})?"
)


@dataclass(frozen=True, slots=True)
class Settings:
    """Folders and switches; `feedback` is None where no feedback is kept.

    `notice` and `page` are None where none is named: then they are the corpus's own, if there.
    `index` may be the address of a service or of object storage, which a Path holds with one slash
    fewer.

    `gaps` is the folder for what readers ask, None where nothing is kept, `gaps_days` for how long.
    `frame_ancestors` are the origins of the web sites whose pages may show this one in a frame.

    `corpus` is None where none is named: the one an index was built from, or `default_corpus()`;
    `judging` where nobody judges.
    """

    index: Path
    corpus: Path | None
    questions: Path
    notice: Path | None
    page: Path | None
    feedback: Path | None
    judging: Path | None
    gaps: Path | None
    gaps_days: int
    allow_rebuild: bool
    frame_ancestors: tuple[str, ...] = ()

    @property
    def service(self) -> str | None:
        """The service that answers in the place of an index folder."""
        return url_of(self.index)


def settings() -> Settings:
    """Read the environment; a relative path counts from the working folder."""
    return Settings(
        index=_path("PASSAGES_INDEX") or Path("index").absolute(),
        corpus=_path("PASSAGES_CORPUS"),
        questions=_path("PASSAGES_QUESTIONS") or Path("evaluation", "questions.jsonl").absolute(),
        notice=_path("PASSAGES_NOTICE"),
        page=_path("PASSAGES_PAGE"),
        feedback=_path("PASSAGES_FEEDBACK"),
        judging=_path("PASSAGES_JUDGING"),
        gaps=_path("PASSAGES_GAPS"),
        gaps_days=_days("PASSAGES_GAPS_DAYS"),
        frame_ancestors=_origins("PASSAGES_FRAME_ANCESTORS"),
        allow_rebuild=os.environ.get("PASSAGES_ALLOW_REBUILD", "").lower() in ("1", "true", "yes"),
    )


def notice_of(corpus: str | Path) -> Path | None:
    """The notice that the operator names for a corpus: by the environment, or a file of it."""
    own = Path(corpus) / NOTICE
    return settings().notice or (own if own.is_file() else None)


def default_corpus() -> Path:
    """The folder of articles where none is named: what the page may build from by itself."""
    return Path("corpus").absolute()


def build_command(corpus: Path, index: Path) -> str:
    """The command that builds `index` from `corpus`, as short as it can be."""
    words = ["python -m passages build"]
    if corpus != default_corpus():
        words.append(f"--corpus {_shown(corpus)}")
    if index != Path("index").absolute():
        words.append(f"--index {_shown(index)}")
    return " ".join(words)


def _shown(path: Path) -> str:
    """A path as it is written in the working folder."""
    here = Path.cwd()
    return shlex.quote(str(path.relative_to(here) if path.is_relative_to(here) else path))


def _days(variable: str) -> int:
    """A number of days.

    Raises:
        BadSetting: it is none.
    """
    named = os.environ.get(variable, "90")
    if not named.isdecimal() or not 1 <= int(named) <= LONGEST_KEPT:
        raise BadSetting(
            f"{variable}={named}: expected days, a whole number from 1 to {LONGEST_KEPT}"
        )
    return int(named)


def _origins(variable: str) -> tuple[str, ...]:
    """The origins that a variable names, separated by spaces.

    Raises:
        BadSetting: one is none; a part of a policy must not become another part.
    """
    named = tuple(os.environ.get(variable, "").split())
    for each in named:
        if not _ORIGIN.fullmatch(each):
            raise BadSetting(
                f"{variable}: {each} is no origin; name each web site as https://clinic.example"
            )
    return named


def _path(variable: str) -> Path | None:
    named = os.environ.get(variable)
    if named and (url_of(named) or uri_of(named)):
        return Path(named)
    return Path(named).absolute() if named else None
