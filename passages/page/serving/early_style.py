"""The page's style in the first bytes of HTML: nothing is painted in another one, nothing moves."""

from __future__ import annotations

from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_STYLE = Path(__file__).parents[1].joinpath("static", "style.css").read_text(encoding="utf-8")
_HEAD = b"</head>"
# A copy that a browser has kept could have the style of another version; a packed one no head.
_LEFT_OUT = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")


class EarlyStyle:
    """Puts the style into the head of each HTML document that a browser goes to."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; a document is held back until it is whole."""
        asked = dict(scope.get("headers", ()))
        if scope["type"] != "http" or b"text/html" not in asked.get(b"accept", b""):
            await self._app(scope, receive, send)
            return
        kept = [(name, value) for name, value in scope["headers"] if name not in _LEFT_OUT]
        started: list[Message] = []
        body = bytearray()

        async def hold(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.append(message)
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body"):
                styled = _styled(bytes(body))
                await send(_with_length(started[0], len(styled)))
                await send({"type": "http.response.body", "body": styled})

        await self._app({**scope, "headers": kept}, receive, hold)


def _styled(document: bytes) -> bytes:
    style = f"<style>{_STYLE}</style>".encode()
    return document.replace(_HEAD, style + _HEAD, 1)


def _with_length(start: Message, length: int) -> Message:
    others = [(name, value) for name, value in start["headers"] if name != b"content-length"]
    return {**start, "headers": [*others, (b"content-length", str(length).encode())]}
