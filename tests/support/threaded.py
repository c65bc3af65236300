"""A server in a thread that is stopped, with its open connections, at the end of a ``with`` block."""

import contextlib
import socket
import socketserver
import threading
from typing import Self


class ThreadedServer:
    """What servers of tests share: they set `ended`, `open` and `_server` before they begin."""

    ended: threading.Event
    open: set[socket.socket]
    _server: socketserver.BaseServer

    def __enter__(self) -> Self:
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self._server.shutdown()
        for connection in tuple(self.open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._server.server_close()
        self._thread.join()
