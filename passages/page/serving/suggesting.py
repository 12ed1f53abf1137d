"""What may be asked, for the search box: from the same source as `/api/suggest`.

A route of the page's own: a reader's typing must not use up what the API allows to programs, and
the API may want a token.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse

from passages.page import state as server
from passages.service.operating.settings import api_settings

if TYPE_CHECKING:
    from passages import Index
    from passages.service.suggestions import Suggestions

SUGGESTED = 6
LONGEST_TYPED = 200


async def suggest(request: Request) -> JSONResponse:
    """`GET /suggest?q=`; nothing while there is no index."""
    index = server.live().index
    typed = request.query_params.get("q", "")[:LONGEST_TYPED]
    if index is None or not typed.strip():
        return JSONResponse({"suggestions": []})
    found = await run_in_threadpool(texts, index, typed)
    return JSONResponse({"suggestions": [{"text": text} for text in found]})


def texts(index: Index, typed: str) -> list[str]:
    """The first suggestions, each text once: many articles have a heading in common."""
    several = _suggestions().find(index, typed, SUGGESTED * 8)
    return list(dict.fromkeys(each.text for each in several))[:SUGGESTED]


@cache
def _suggestions() -> Suggestions:
    from passages.service.suggestions import Suggestions  # it imports the search

    return Suggestions(api_settings().suggestions)
