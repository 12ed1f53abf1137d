"""A build of the index in the background, started by the page where the operator allows it."""

from __future__ import annotations

import logging
import threading
import time
from functools import partial
from pathlib import Path

from passages.building.build import Report
from passages.building.stored import build_at
from passages.errors import PassagesError
from passages.evaluation import fitting
from passages.search.serving.live import LiveIndex

LONGEST_CHANGE = 30
"""Seconds until a new index serves, its encoder loaded; longer ones the page does not wait for."""

logger = logging.getLogger(__name__)


class Builder:
    """One build at a time. `done` of `total` texts are encoded; `error` says why nothing was built.

    Attributes change by themselves while `running`.
    """

    def __init__(self, following: LiveIndex) -> None:
        """Build the index that `following` follows; a build is over once its snapshot serves."""
        self._following = following
        self.running = False
        self.done = 0
        self.total = 0
        self.error: str | None = None
        self.report: Report | None = None
        self._starting = threading.Lock()

    def start(self, corpus: Path) -> None:
        """Start a build from this folder unless one runs."""
        with self._starting:
            if self.running:
                return
            self.running, self.done, self.total, self.error = True, 0, 0, None
            # A daemon: a build may be cut off at any moment, the server must be able to stop.
            threading.Thread(target=self._build, args=(corpus,), daemon=True).start()

    def _build(self, corpus: Path) -> None:
        try:
            self.report = build_at(
                corpus,
                self._following.folder,
                progress=self._progress,
                calibrate=partial(fitting.calibration_for, corpus=corpus),
            )
            self._wait_until_served(self.report.snapshot)
        except PassagesError as error:
            logger.warning("the index was not built: %s", error)
            self.error = str(error)
        except Exception:  # the page would wait for this thread, or start another, for ever
            logger.exception("the index was not built: a fault in Passages")
            self.error = "Something went wrong; the log says what."
        finally:
            self.running = False

    def _progress(self, done: int, total: int) -> None:
        self.done, self.total = done, total

    def _wait_until_served(self, snapshot: str | None) -> None:
        deadline = time.monotonic() + LONGEST_CHANGE
        while time.monotonic() < deadline:
            index = self._following.index
            if index is not None and index.about.name == snapshot:
                return
            time.sleep(0.1)
