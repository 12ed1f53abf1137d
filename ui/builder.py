"""A build of the index in the background, started by the page where the operator allows it."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from passages.build import Report, build

logger = logging.getLogger(__name__)


class Builder:
    """One build at a time. `done` of `total` texts are encoded; `error` says why nothing was built.

    Attributes change by themselves while `running`.
    """

    def __init__(self) -> None:
        self.running = False
        self.done = 0
        self.total = 0
        self.error: str | None = None
        self.report: Report | None = None
        self._starting = threading.Lock()

    def start(self, corpus: Path, index: Path) -> None:
        """Start a build unless one runs."""
        with self._starting:
            if self.running:
                return
            self.running, self.done, self.total, self.error = True, 0, 0, None
            # A daemon: a build may be cut off at any moment, the server must be able to stop.
            threading.Thread(target=self._build, args=(corpus, index), daemon=True).start()

    def _build(self, corpus: Path, index: Path) -> None:
        try:
            self.report = build(corpus, index, progress=self._progress)
        except (OSError, ValueError, RuntimeError) as error:
            logger.exception("the index was not built")
            self.error = str(error)
        finally:
            self.running = False

    def _progress(self, done: int, total: int) -> None:
        self.done, self.total = done, total
