"""Listen at an address, and end gracefully: requests under way may finish for a moment."""

import asyncio
import logging
from typing import Any

from uvicorn.server import ServerState

from .protocol import Connections, DeskProtocol, silent_config

#: Pending connections that the system keeps for a busy server.
_BACKLOG = 256


class Listener:
    """A server for an ASGI application on one socket."""

    def __init__(self, app: Any, connections: Connections | None = None) -> None:
        logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # a malformed request is logged by us
        self._config = silent_config(app)
        self._state = ServerState()
        self._connections = connections or Connections()
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> str:
        """Begin to listen; return the address that is listened at, with the port taken.

        Raises:
            OSError: the address cannot be listened at.
        """
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._connection, host, port, backlog=_BACKLOG)
        bound, taken = self._server.sockets[0].getsockname()[:2]
        return f"http://[{bound}]:{taken}" if ":" in bound else f"http://{bound}:{taken}"

    async def stop(self, grace_s: float) -> None:
        """Accept nothing more; let requests under way finish for `grace_s`, then cut them off."""
        if self._server is None:
            return
        self._server.close()
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
        self._server = None

    def _connection(self) -> DeskProtocol:
        return DeskProtocol(self._config, self._state, self._connections)
