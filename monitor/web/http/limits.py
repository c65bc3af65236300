"""Middleware that bounds requests: how many at once, how long each, for which Host."""

import asyncio
from collections.abc import Callable

import structlog
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger()

#: Requests worked on at the same time, and those that may wait for their turn.
MAX_RUNNING = 16
MAX_WAITING = 384

Refusal = Callable[[Scope, int, str], Response]


class HostCheck:
    """Refuses requests for a name that this server does not go by: against DNS rebinding."""

    def __init__(self, app: ASGIApp, accepts: Callable[[str], bool], refuse: Refusal) -> None:
        self.app, self._accepts, self._refuse = app, accepts, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["http_version"] not in {"1.0", "1.1"}:
            log.warning("web_request_refused", reason=f"HTTP version {scope['http_version'][:10]}")
            response = self._refuse(scope, 400, "This server speaks HTTP/1.1.")
            response.headers["Connection"] = "close"
            await response(scope, receive, send)
        elif not self._accepts(Headers(scope=scope).get("host", "")):
            reason = "This server does not go by that name; set web.base_url."
            await self._refuse(scope, 421, reason)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


class InFlight:
    """Works on a number of requests at once; others wait, and beyond that are refused with Retry-After.

    A stream of events gives its place back once it has begun.
    """

    def __init__(self, app: ASGIApp, refuse: Refusal) -> None:
        self.app, self._refuse = app, refuse
        self._places = asyncio.Semaphore(MAX_RUNNING)
        self._waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._waiting >= MAX_WAITING:
            response = self._refuse(scope, 503, "Too many requests at once; please try again in a moment.")
            response.headers["Retry-After"] = "1"
            await response(scope, receive, send)
            return
        self._waiting += 1
        try:
            await self._places.acquire()
        finally:
            self._waiting -= 1
        await self._run(scope, receive, send)

    async def _run(self, scope: Scope, receive: Receive, send: Send) -> None:
        taken = True

        async def noting(message: Message) -> None:
            nonlocal taken
            if taken and _is_event_stream(message):
                taken = False
                self._places.release()
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            if taken:
                self._places.release()


class TimeLimit:
    """Ends a request whose response has not begun in time, or whose client takes no more of it."""

    def __init__(self, app: ASGIApp, refuse: Refusal, limit_s: float) -> None:
        self.app, self._refuse, self._limit_s = app, refuse, limit_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False
        try:
            async with asyncio.timeout(self._limit_s) as limit:

                async def bounded(message: Message) -> None:
                    nonlocal begun
                    begun = True
                    limit.reschedule(None)
                    async with asyncio.timeout(self._limit_s):
                        await send(message)

                await self.app(scope, receive, bounded)
        except TimeoutError:
            if not begun:
                await self._refuse(scope, 408, "This request took too long.")(scope, receive, send)


class HeadAsGet:
    """Lets every page answer HEAD as it answers GET; the connection leaves the body out."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app({**scope, "method": "GET"} if scope["method"] == "HEAD" else scope, receive, send)


def _is_event_stream(message: Message) -> bool:
    if message["type"] != "http.response.start":
        return False
    return any(
        name == b"content-type" and value.startswith(b"text/event-stream")
        for name, value in message["headers"]
    )
