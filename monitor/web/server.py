"""Start, stop and move the web server; a port in use is reported and tried again while the service runs."""

from collections.abc import Iterator
from datetime import datetime

import structlog
from aiohttp import web

from monitor.jobs.policy import ListenAddress
from monitor.model import Incident, IncidentKind

from .http_log import request_logger
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


class WebServer:
    """Serves `views` at the address of the policy in force, or not at all."""

    def __init__(self, views: WebViews) -> None:
        self.views = views
        self.url = ""
        self._served: ListenAddress | None = None
        self._runner: web.AppRunner | None = None
        self._fault = ""

    @property
    def address(self) -> ListenAddress | None:
        """Where to listen by the policy in force; None for nowhere."""
        return self.views.context.policy.web.listen

    async def serve(self) -> None:
        """Serve at the current `address`; does nothing if that is so already."""
        address = self.address
        if address == self._served:
            return
        await self.stop()
        if address is None:
            return
        runner = web.AppRunner(
            self._app(),
            access_log=None,
            handle_signals=False,
            shutdown_timeout=GRACE_S,
            logger=request_logger(),
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, address.host, address.port).start()
        except OSError as error:
            await runner.cleanup()
            self._failed(address, error)
            return
        self._runner, self._served, self._fault = runner, address, ""
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
            yield Incident("", IncidentKind.WEB, self._fault, now)

    def _failed(self, address: ListenAddress, error: OSError) -> None:
        why = f"{address.host}:{address.port} cannot be listened at: {error.strerror}"
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
        if self._served and not self._served.accepts_host(request.host):
            raise web.HTTPMisdirectedRequest(text="This server does not go by that name; set web.base_url.")
        return await handler(request)


async def _add_headers(request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)
    for name, value in DEFAULTS.items():
        response.headers.setdefault(name, value)
