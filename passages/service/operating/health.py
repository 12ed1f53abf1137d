"""Whether questions can be answered; it imports nothing of the search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from passages.search.searcher import Index


def health(index: Index | None) -> JSONResponse:
    """200 and the snapshot that serves, or 503."""
    snapshot = index.about.name if index else None
    return JSONResponse({"snapshot": snapshot}, status_code=200 if index else 503)
