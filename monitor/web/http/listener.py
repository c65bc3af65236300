"""Listen at an address, and end gracefully: requests under way may finish for a moment."""

import asyncio
import logging
import socket
from typing import Any

import structlog
from uvicorn.server import ServerState

from .protocol import Connections, DeskProtocol, silent_config

log = structlog.get_logger()

#: Connections that the system keeps for a busy server until they are accepted.
_BACKLOG = 1024

#: Pause after a connection could not be accepted.
_ACCEPT_PAUSE_S = 1.0


class Listener:
    """A server for an ASGI application at one address.

    It accepts one connection after another, so that polls get their turn in the event loop however many ask;
    those that wait stay with the system.
    """

    def __init__(self, app: Any, connections: Connections | None = None) -> None:
        logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # a malformed request is logged by us
        self._config = silent_config(app)
        self._state = ServerState()
        self._connections = connections or Connections()
        self._sockets: list[socket.socket] = []
        self._accepting: list[asyncio.Task[None]] = []

    async def start(self, host: str, port: int) -> str:
        """Begin to listen; return the address that is listened at, with the port taken.

        Raises:
            OSError: the address cannot be listened at.
        """
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        try:
            for family, _, _, _, address in dict.fromkeys(found):
                self._sockets.append(_bound(family, address))
        except OSError:
            self._close_sockets()
            raise
        self._accepting = [asyncio.create_task(self._accept(each)) for each in self._sockets]
        bound, taken = self._sockets[0].getsockname()[:2]
        return f"http://[{bound}]:{taken}" if ":" in bound else f"http://{bound}:{taken}"

    async def stop(self, grace_s: float) -> None:
        """Accept nothing more; let requests under way finish for `grace_s`, then cut them off."""
        for each in self._accepting:
            each.cancel()
        await asyncio.gather(*self._accepting, return_exceptions=True)
        self._close_sockets()
        for connection in list(self._state.connections):
            connection.shutdown()
        if tasks := set(self._state.tasks):
            await asyncio.wait(tasks, timeout=grace_s)
        left = [task for task in self._state.tasks if not task.done()]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        for connection in list(self._connections.idle) + list(self._connections.busy):
            connection.abort()

    async def _accept(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                accepted, _ = await loop.sock_accept(listening)
            except OSError as error:  # no more open files, mostly; connections end by themselves
                log.warning("web_accept_failed", reason=error.strerror)
                await asyncio.sleep(_ACCEPT_PAUSE_S)
                continue
            try:
                await loop.connect_accepted_socket(self._connection, accepted)
            except OSError:  # gone already
                accepted.close()

    def _close_sockets(self) -> None:
        while self._sockets:
            self._sockets.pop().close()

    def _connection(self) -> DeskProtocol:
        return DeskProtocol(self._config, self._state, self._connections)


def _bound(family: int, address: Any) -> socket.socket:
    """Return a socket that listens at an address."""
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.setblocking(False)
        made.bind(address)
        made.listen(_BACKLOG)
    except OSError:
        made.close()
        raise
    return made
