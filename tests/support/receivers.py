"""A real HTTP receiver on loopback that gives scripted answers and records requests."""

import contextlib
import socket
import struct
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Received:
    """One request as it came in; header names are in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes
    method: str = "POST"


@dataclass
class Reply:
    """One answer. `drop` closes the connection without one, `reset` breaks it, `hang` waits for the receiver's end.

    `raw` goes out as it is, and then the connection is closed. With `unread` that happens before the request is read.
    """

    status: int = 204
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: bool = False
    reset: bool = False
    hang: bool = False
    raw: bytes = b""
    unread: bool = False


class Receiver:
    """Use it in a ``with`` block; `replies` are given in turn, and when they run out, `usual`."""

    def __init__(self, *replies: Reply, usual: Reply | None = None) -> None:
        self.replies = list(replies)
        self.usual = usual or Reply()
        self.got: list[Received] = []
        self.ended = threading.Event()
        self._connections: list[socket.socket] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), name="receiver")

    def __enter__(self) -> "Receiver":
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.ended.set()
        self._server.shutdown()
        self._thread.join()
        for connection in self._connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._server.server_close()

    @property
    def next(self) -> Reply:
        """What will be answered next."""
        return self.replies[0] if self.replies else self.usual

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                receiver._connections.append(self.request)
                super().setup()

            def do_POST(self) -> None:
                if receiver.next.unread:
                    receiver._reply(self)
                    return
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                named = {name.lower(): value for name, value in self.headers.items()}
                receiver.got.append(Received(self.path, named, body, self.command))
                receiver._reply(self)

            do_PUT = do_POST

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler

    def _reply(self, handler: BaseHTTPRequestHandler) -> None:
        reply = self.replies.pop(0) if self.replies else self.usual
        if reply.hang:
            self.ended.wait(240)
        if reply.raw:
            handler.wfile.write(reply.raw)
        if reply.reset:
            linger = struct.pack("ii", 1, 0)  # no time to linger: the connection ends with RST
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self._connections.remove(handler.connection)
            handler.connection.close()
        if reply.hang or reply.drop or reply.reset or reply.raw:
            handler.close_connection = True
            return
        handler.send_response(reply.status)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(reply.body)))
        handler.end_headers()
        handler.wfile.write(reply.body)
