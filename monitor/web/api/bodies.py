"""Refuse bodies that are too long or not JSON, before they are read whole."""

import asyncio
from contextlib import suppress

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .problems import problem

#: Largest body in bytes.
MAX_BODY = 256 * 1024

#: Of a body that is too long so much is read and discarded, for so long: a client that is cut off while it
#: sends may not read the answer.
MAX_DISCARDED = 8 * 1024 * 1024
MAX_DISCARD_S = 5.0

_METHODS = frozenset({"POST", "PUT", "PATCH"})
_TOO_LONG = f"The body has more than {MAX_BODY} bytes."


class BodyCheck:
    """Passes on requests without a body, and those with a bounded one of JSON."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        if scope["method"] not in _METHODS:
            await self.app(scope, receive, send)
        elif _length(headers) > MAX_BODY:
            await _discard(receive)
            await problem(413, _TOO_LONG, headers={"Connection": "close"})(scope, receive, send)
        elif not _is_json(headers) and _has_body(headers):
            await problem(415, "Send JSON: Content-Type: application/json.")(scope, receive, send)
        else:
            await self.app(scope, _bounded(receive), send)


def _bounded(receive: Receive) -> Receive:
    read = 0

    async def counting() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > MAX_BODY:
            raise HTTPException(413, _TOO_LONG)
        return message

    return counting


async def _discard(receive: Receive) -> None:
    read, more = 0, True
    with suppress(TimeoutError):
        async with asyncio.timeout(MAX_DISCARD_S):
            while more and read < MAX_DISCARDED:
                message = await receive()
                read += len(message.get("body", b""))
                more = message.get("more_body", False)


def _length(headers: Headers) -> int:
    given = headers.get("content-length", "")
    return int(given) if given.isascii() and given.isdigit() else 0


def _has_body(headers: Headers) -> bool:
    return "transfer-encoding" in headers or _length(headers) > 0


def _is_json(headers: Headers) -> bool:
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    return media_type == "application/json" or media_type.endswith("+json")
