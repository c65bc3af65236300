"""Load the API at its first request: many desks get none, and it takes 3 MB and a sixth of a second."""

from asyncio import Lock, to_thread

from starlette.types import ASGIApp, Receive, Scope, Send

from monitor.web.base import WebContext


class ApiOnDemand:
    """Answers by the API, which its first request loads."""

    def __init__(self, web: WebContext) -> None:
        self._web = web
        self._api: ASGIApp | None = None
        self._loading = Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        async with self._loading:
            if self._api is None:
                self._api = await to_thread(_load, self._web)
        await self._api(scope, receive, send)


def _load(web: WebContext) -> ASGIApp:
    from .application import api_application  # noqa: PLC0415  its models are what takes memory

    return api_application(web)
