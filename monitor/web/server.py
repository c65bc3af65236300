"""Where and how the pages are served. A port that is taken is told and tried again; the rest goes on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from monitor.channels.settings import is_loopback
from monitor.model import Incident

from .views import MOST_BODY, PAGES, Handler, Pages, explained

log = structlog.get_logger()

#: How long a request under way may keep the program from ending.
GRACE_S = 2.0

HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Server": "sanctions-monitor",
}
DEFAULTS = {"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where to listen. `public_url` is by which address others come, through a proxy."""

    host: str
    port: int
    public_url: str = ""

    def answers_to(self, name: str) -> bool:
        """Say whether a request is for us by the host it names.

        On this machine only, a page of anyone could have its own name lead here and read what is shown.
        """
        if not is_loopback(self.host):
            return True
        named = urlsplit(f"//{name}").hostname or ""
        return is_loopback(named) or named == urlsplit(self.public_url).hostname


class Server:
    """Serves `pages` at a place, which may change: None for nowhere."""

    def __init__(self, pages: Pages, place: Place | None) -> None:
        self.pages = pages
        self.place = place
        self.url = ""
        self._served: Place | None = None
        self._runner: web.AppRunner | None = None
        self._trouble = ""

    async def serve(self) -> None:
        """See to it that the pages are served where they should be; harmless if they are."""
        if self.place == self._served:
            return
        await self.stop()
        if self.place is None:
            return
        runner = web.AppRunner(self._app(), access_log=None, handle_signals=False, shutdown_timeout=GRACE_S)
        await runner.setup()
        try:
            await web.TCPSite(runner, self.place.host, self.place.port).start()
        except OSError as error:
            await runner.cleanup()
            self._failed(error)
            return
        self._runner, self._served, self._trouble = runner, self.place, ""
        host, port = runner.addresses[0][:2]
        self.url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        log.info("web_started", url=self.url)

    async def stop(self) -> None:
        """Let requests under way finish, for a moment; then serve no more."""
        runner, self._runner, self._served, self.url = self._runner, None, None, ""
        if runner:
            await runner.cleanup()

    def troubles(self, now: datetime) -> Iterator[Incident]:
        """Yield what keeps the pages from being served."""
        if self._trouble:
            yield Incident("", "web", self._trouble, now)

    def _failed(self, error: OSError) -> None:
        place = self.place
        why = f"{place.host}:{place.port} cannot be listened at: {error.strerror}" if place else ""
        if why != self._trouble:
            log.error("web_failed", reason=f"{why}; end what holds it, or set web.listen")
        self._trouble = why

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=MOST_BODY, middlewares=[explained, self._for_us])
        app[PAGES] = self.pages
        app.add_routes(self.pages.routes())
        app.on_response_prepare.append(_careful)
        return app

    @web.middleware
    async def _for_us(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if self._served and not self._served.answers_to(request.host):
            raise web.HTTPMisdirectedRequest(text="This server does not go by that name; set web.base_url.")
        return await handler(request)


async def _careful(request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)
    for name, value in DEFAULTS.items():
        response.headers.setdefault(name, value)
