"""Log requests: one line each, with the secrets of links and tokens masked."""

import re
from collections.abc import Mapping
from time import perf_counter
from typing import Any

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger()

#: What follows is a token: whoever reads it can act.
_TOKEN = re.compile(r"^/(a|u|websub)/.+")


def masked_path(path: str) -> str:
    """Return the path of a request without the token in it."""
    return _TOKEN.sub(r"/\1/•••", path)


class AccessLog:
    """Logs changes and refusals at level info, everything else at debug, all without queries."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started, status = perf_counter(), 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            if scope["type"] == "http":
                self._write(scope, status, perf_counter() - started)

    def _write(self, scope: Mapping[str, Any], status: int, seconds: float) -> None:
        write = log.info if scope["method"] == "POST" or status >= 400 else log.debug
        write(
            "web_requested",
            method=scope["method"],
            path=masked_path(scope["path"])[:200],
            status=status,
            ms=round(seconds * 1000),
            user=scope.get("state", {}).get("user", ""),
        )
