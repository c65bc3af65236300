"""Serve HTTP/1.1 connections by uvicorn, a bounded number, each with a deadline for its headers."""

import asyncio
from typing import Any

import h11
import structlog
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

log = structlog.get_logger()

#: How long a client may take to send the line and the headers of a request.
HEADER_S = 10.0

#: Open connections; one more closes the one that has been without a request for longest.
MAX_CONNECTIONS = 512

_REFUSED = (
    b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 2\r\nContent-Length: 0\r\n\r\n"
)


class Connections:
    """The open connections, those without a request apart, oldest first; and their limits."""

    def __init__(self, most: int = MAX_CONNECTIONS, header_s: float = HEADER_S) -> None:
        self.most, self.header_s = most, header_s
        self.idle: dict[DeskProtocol, None] = {}
        self.busy: set[DeskProtocol] = set()

    def admit(self, connection: "DeskProtocol") -> bool:
        """Count a new connection, if need be in place of the oldest idle one; False if all are busy."""
        if len(self.idle) + len(self.busy) >= self.most:
            oldest = next(iter(self.idle), None)
            if oldest is None:
                return False
            self.remove(oldest)
            oldest.abort()
        self.idle[connection] = None
        return True

    def mark(self, connection: "DeskProtocol", *, busy: bool) -> None:
        """Record whether a connection has a request now; one that is not counted is ignored."""
        if busy and connection in self.idle:
            del self.idle[connection]
            self.busy.add(connection)
        elif not busy and connection in self.busy:
            self.busy.discard(connection)
            self.idle[connection] = None

    def remove(self, connection: "DeskProtocol") -> None:
        """Forget a connection that has ended."""
        self.idle.pop(connection, None)
        self.busy.discard(connection)


class DeskProtocol(H11Protocol):
    """One connection. uvicorn has no deadline for headers: a client that sends none would stay for ever."""

    def __init__(self, config: Config, state: ServerState, connections: Connections) -> None:
        super().__init__(config, state, {})
        self._open = connections
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if not self._open.admit(self):
            transport.write(_REFUSED)
            transport.close()
            return
        self._start_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end_deadline()
        self._open.remove(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if not self._has_request and self._deadline is None:
            self._start_deadline()
        super().data_received(data)
        self._follow()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._follow()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is not HTTP; the reason is one line of the log."""
        log.warning("web_request_refused", reason=msg)
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            super().send_400_response(msg)
        else:
            self.abort()

    def abort(self) -> None:
        """Close the connection at once."""
        self._end_deadline()
        self.transport.abort()

    @property
    def _has_request(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _follow(self) -> None:
        """Bring the deadline and the count up to date after an event."""
        busy = self._has_request
        self._open.mark(self, busy=busy)
        if busy:
            self._end_deadline()

    def _start_deadline(self) -> None:
        self._deadline = self.loop.call_later(self._open.header_s, self._too_slow)

    def _end_deadline(self) -> None:
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None

    def _too_slow(self) -> None:
        self._deadline = None
        if not self.transport.is_closing():
            self.transport.close()


def silent_config(app: Any) -> Config:
    """Return a configuration of uvicorn that logs nothing by itself and follows no proxy's headers."""
    config = Config(
        app,
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        ws="none",
        http=H11Protocol,
        h11_max_incomplete_event_size=32 * 1024,
        timeout_keep_alive=15,
    )
    config.load()
    return config
