"""Start, stop and move the web server; a port in use is reported and tried again while the service runs."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog

from monitor.jobs.context import JobContext
from monitor.jobs.policy import ListenAddress
from monitor.model import Incident, IncidentKind
from monitor.resources import settle_memory

from .security.access import needs_users, refusal_to_listen

if TYPE_CHECKING:
    from .base import WebContext
    from .http.listener import Listener

log = structlog.get_logger()

#: How long a request under way may delay the end of the program.
GRACE_S = 2.0

#: Time until a response begins, and for each part of it to be taken by the client.
TIME_LIMIT_S = 15.0


class WebServer:
    """Serves the desk, signed links and the Atom feed at the address of the policy in force, or nowhere."""

    def __init__(self, context: JobContext, time_limit_s: float = TIME_LIMIT_S) -> None:
        self.context, self.time_limit_s = context, time_limit_s
        self.url = ""
        self._served: ListenAddress | None = None
        self._listener: Listener | None = None
        self._web: WebContext | None = None
        self._fault = ""
        self._request_reload: Callable[[], None] = _nothing

    def on_reload(self, request_reload: Callable[[], None]) -> None:
        """Say what a page calls once it has changed rules; without that they count from the next start."""
        self._request_reload = request_reload

    @property
    def address(self) -> ListenAddress | None:
        """Where to listen by the policy in force; None for nowhere."""
        return self.context.policy.web.listen

    async def serve(self) -> None:
        """Serve at the current `address`; does nothing if that is so already."""
        address, access = self.address, self.context.policy.web
        refused = (
            await self.context.db.run(refusal_to_listen, access, self.context.store)
            if needs_users(access)
            else ""
        )
        if address == self._served and not refused:
            return
        await self.stop()
        if refused:
            self._failed(refused, "")
        elif address is None:
            self._fault = ""
        else:
            await self._listen(address)

    async def stop(self) -> None:
        """Give requests under way `GRACE_S` to finish, then stop serving."""
        listener, web = self._listener, self._web
        self._listener, self._web, self._served, self.url = None, None, None, ""
        if web:
            await web.events.close()
        if listener:
            await listener.stop(GRACE_S)
        if web:
            web.close()

    def incidents(self, now: datetime) -> Iterator[Incident]:
        """Yield the reason why the server does not listen, if it does not."""
        if self._fault:
            yield Incident("", IncidentKind.WEB, self._fault, now)

    async def _listen(self, address: ListenAddress) -> None:
        from .base import WebContext  # noqa: PLC0415  only a process that serves needs them
        from .http.listener import Listener  # noqa: PLC0415
        from .on_demand import OnDemand  # noqa: PLC0415

        web = WebContext(
            jobs=self.context, store=self.context.store.for_reading(), request_reload=self._request_reload
        )

        def application() -> Any:
            from .application import application  # noqa: PLC0415  see `on_demand`

            return application(web, address.accepts_host, self.time_limit_s)

        listener = Listener(OnDemand(application))
        try:
            self.url = web.url = await listener.start(address.host, address.port)
        except OSError as error:
            web.close()
            self._failed(
                f"{address.host}:{address.port} cannot be listened at: {error.strerror}",
                "; end what holds it, or set web.listen",
            )
            return
        self._listener, self._web, self._served, self._fault = listener, web, address, ""
        settle_memory()
        log.info("web_started", url=self.url)

    def _failed(self, why: str, remedy: str) -> None:
        if why != self._fault:
            log.error("web_failed", reason=f"{why}{remedy}")
        self._fault = why


def _nothing() -> None:
    """Do nothing."""
