"""The questions that readers asked, kept for as many days as the operator says.

    <folder>/asked.jsonl    {"day": "2026-11-25", "question": "…", "verdict": "not found"}

A line has the day and the question, and nothing of who asked. What looks like an e-mail address or
a long number is left out of it. A vote that a passage did not help has the verdict "unhelpful".
"""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from passages.errors import BadSetting

FILE = "asked.jsonl"
LARGEST = 20_000_000
"""Bytes of the file after which nothing more is kept: the page may be public."""
UNHELPFUL = "unhelpful"

_PERSONAL = re.compile(r"\S+@\S+|\+?\d[\d\s/().-]{5,}\d")
logger = logging.getLogger(__name__)
_writing = threading.Lock()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a reader, the day, and what the page said of it."""

    day: str
    question: str
    verdict: str


@dataclass(frozen=True, slots=True)
class QuestionLog:
    """The file in `folder`; what is older than `days` is dropped."""

    folder: Path
    days: int

    @property
    def path(self) -> Path:
        """The one file there is."""
        return self.folder / FILE

    def add(self, question: str, verdict: str, today: date | None = None) -> None:
        """Append one line; a full or unwritable disk never reaches the reader."""
        day = today or datetime.now(UTC).date()
        asked = Asked(day.isoformat(), _PERSONAL.sub("…", question), verdict)
        line = json.dumps(asdict(asked), ensure_ascii=False) + "\n"
        try:
            with _writing:
                self.folder.mkdir(parents=True, exist_ok=True)
                if not self.path.is_file() or _day_of(self.path.stat().st_mtime) != day:
                    self._drop_old(day)
                if self.path.is_file() and self.path.stat().st_size > LARGEST:
                    logger.warning(
                        "%s is full: read it with `passages gaps`, then erase", self.path
                    )
                    return
                with self.path.open("a", encoding="utf-8") as stream:
                    stream.write(line)
        except OSError:
            logger.exception("a question was not kept for the editors")

    def read(self, today: date | None = None) -> list[Asked]:
        """What was asked in the days that are kept, the oldest first.

        Raises:
            BadSetting: the file cannot be read.
        """
        first = self._first_day(today or datetime.now(UTC).date())
        return [asked for asked in self._lines() if asked.day >= first]

    def erase(self) -> int:
        """Erase all that is kept, and say how many lines that were.

        Raises:
            BadSetting: the file cannot be erased.
        """
        with _writing:
            lines = sum(1 for _ in self._lines())
            try:
                self.path.unlink(missing_ok=True)
            except OSError as error:
                raise BadSetting(f"{self.path}: it cannot be erased ({error})") from error
        return lines

    def drop_old(self) -> None:
        """Drop what is older than the days that are kept."""
        with _writing:
            self._drop_old(datetime.now(UTC).date())

    def _drop_old(self, today: date) -> None:
        kept = [asked for asked in self._lines() if asked.day >= self._first_day(today)]
        if not self.path.is_file():
            return
        new = self.path.with_suffix(".new")
        lines = (json.dumps(asdict(asked), ensure_ascii=False) + "\n" for asked in kept)
        new.write_text("".join(lines), encoding="utf-8")
        new.replace(self.path)

    def _first_day(self, today: date) -> str:
        return (today - timedelta(days=self.days)).isoformat()

    def _lines(self) -> Iterator[Asked]:
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return
        except (OSError, UnicodeDecodeError) as error:
            raise BadSetting(f"{self.path}: it cannot be read ({error})") from error
        for line in lines:
            try:
                found = json.loads(line)
                yield Asked(str(found["day"]), str(found["question"]), str(found["verdict"]))
            except (ValueError, KeyError, TypeError):  # cut off when the disk was full
                continue


def _day_of(moment: float) -> date:
    return datetime.fromtimestamp(moment, UTC).date()
