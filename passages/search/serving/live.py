"""The index that a running server asks: follows the folder, never makes a question wait.

A new snapshot is opened and its encoder loaded in a background thread, then swapped in as one
reference. Whoever took the old one keeps it until done.
"""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import Callable
from pathlib import Path

from passages.errors import IndexDamaged, IndexUnusable, NoIndex, PassagesError
from passages.index import folder as store
from passages.search.searcher import Index
from passages.search.serving.opened import open_index

logger = logging.getLogger(__name__)

POLL_SECONDS = 2.0


class LiveIndex:
    """Holds the newest usable index of a folder; `index` and `problem` change by themselves."""

    def __init__(
        self,
        folder: Path,
        opening: Callable[[Path, Index | None], Index] = lambda folder, like: open_index(
            folder, like=like
        ),
        poll_seconds: float = POLL_SECONDS,
        stamp: Callable[[Path], object] | None = None,
    ) -> None:
        """Start following `folder` at once; nothing is loaded in the caller's thread.

        Args:
            folder: the index folder.
            opening: opens it, with the encoder of the index before where the model is the same.
            poll_seconds: time between two looks at the folder.
            stamp: changes whenever another snapshot is published; by default that of a folder.
        """
        self._opening = opening
        self._poll_seconds = poll_seconds
        self._stamp = stamp or pointer_stamp
        self.folder = folder
        self.index: Index | None = None
        self.problem: PassagesError | None = None
        """Why the newest snapshot cannot be used; the one before may serve meanwhile."""
        self.looked = threading.Event()
        """Set once the folder was looked at: before that, no index means not yet."""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="index", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop following."""
        self._stop.set()
        self._thread.join()

    def _follow(self) -> None:
        seen: object = None
        while True:
            now = self._stamp(self.folder)
            if now != seen:
                seen = now
                self._change_over()
            self.looked.set()
            if self._stop.wait(self._poll_seconds):
                return

    def _change_over(self) -> None:
        before = self.index
        try:
            index = self._opening(self.folder, self.index)
            if self.index is None:
                self.index = index  # visible before its encoder is loaded: the page can say so
            index.load()
            self.index, self.problem = index, None
            if not index.source.verified:  # a large one is read through while it serves
                self._verify(index, before)
        except NoIndex:
            self.problem = None
        except PassagesError as error:
            logger.warning("the newest snapshot of %s cannot be used", self.folder, exc_info=error)
            self.problem = error
        except Exception:  # the thread lives on: the next snapshot may be a good one
            logger.exception("a fault in Passages: %s cannot be used", self.folder)
            self.problem = IndexUnusable("Something went wrong; the log says what.")
        else:
            # Streamlit collects garbage after every rerun; what is loaded for good need not be
            # looked through each time.
            gc.collect()
            gc.freeze()

    def _verify(self, index: Index, before: Index | None) -> None:
        try:
            index.source.verify()
        except IndexDamaged:
            self.index = before
            raise


def pointer_stamp(folder: Path) -> tuple[int, int] | None:
    """Changes whenever another snapshot is published: the pointer file is replaced then."""
    try:
        stat = (folder / store.POINTER).stat()
    except OSError:
        return None
    return stat.st_ino, stat.st_mtime_ns
