"""Start, stop and move the web server; a port in use is reported and tried again while the service runs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from monitor.channels.settings import is_loopback
from monitor.model import Incident

from .views import MOST_BODY, VIEWS, Handler, WebViews, explained

log = structlog.get_logger()

#: How long a request under way may delay the end of the program.
GRACE_S = 2.0

HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Server": "sanctions-monitor",
}
DEFAULTS = {"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'"}


@dataclass(frozen=True, slots=True)
class ListenAddress:
    """Host and port to listen at; `public_url` is the address by which a proxy leads clients here."""

    host: str
    port: int
    public_url: str = ""

    def answers_to(self, name: str) -> bool:
        """Say whether a request with this Host header is accepted.

        A server on loopback refuses foreign names, against DNS rebinding from a browser on this machine.
        """
        if not is_loopback(self.host):
            return True
        named = urlsplit(f"//{name}").hostname or ""
        return is_loopback(named) or named == urlsplit(self.public_url).hostname


class WebServer:
    """Serves `views` at `address`, which may be replaced between calls of `serve`; None: not at all."""

    def __init__(self, views: WebViews, address: ListenAddress | None) -> None:
        self.views = views
        self.address = address
        self.url = ""
        self._served: ListenAddress | None = None
        self._runner: web.AppRunner | None = None
        self._fault = ""

    async def serve(self) -> None:
        """Serve at the current `address`; does nothing if that is so already."""
        if self.address == self._served:
            return
        await self.stop()
        if self.address is None:
            return
        runner = web.AppRunner(self._app(), access_log=None, handle_signals=False, shutdown_timeout=GRACE_S)
        await runner.setup()
        try:
            await web.TCPSite(runner, self.address.host, self.address.port).start()
        except OSError as error:
            await runner.cleanup()
            self._failed(error)
            return
        self._runner, self._served, self._fault = runner, self.address, ""
        host, port = runner.addresses[0][:2]
        self.url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        log.info("web_started", url=self.url)

    async def stop(self) -> None:
        """Give requests under way `GRACE_S` to finish, then stop serving."""
        runner, self._runner, self._served, self.url = self._runner, None, None, ""
        if runner:
            await runner.cleanup()

    def incidents(self, now: datetime) -> Iterator[Incident]:
        """Yield the reason why the server does not listen, if it does not."""
        if self._fault:
            yield Incident("", "web", self._fault, now)

    def _failed(self, error: OSError) -> None:
        address = self.address
        why = f"{address.host}:{address.port} cannot be listened at: {error.strerror}" if address else ""
        if why != self._fault:
            log.error("web_failed", reason=f"{why}; end what holds it, or set web.listen")
        self._fault = why

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=MOST_BODY, middlewares=[explained, self._check_host])
        app[VIEWS] = self.views
        app.add_routes(self.views.routes())
        app.on_response_prepare.append(_add_headers)
        return app

    @web.middleware
    async def _check_host(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if self._served and not self._served.answers_to(request.host):
            raise web.HTTPMisdirectedRequest(text="This server does not go by that name; set web.base_url.")
        return await handler(request)


async def _add_headers(request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)
    for name, value in DEFAULTS.items():
        response.headers.setdefault(name, value)
