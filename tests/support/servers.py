"""A real web server on loopback that follows its script: lies, drips, breaks off, redirects; and remembers.

    with Site({"/feed.xml": Reply(RSS, etag='"v1"')}) as site:
        ... site.url("/feed.xml") ... site.requests[0].headers["user-agent"]

It runs in threads of its own, so that tests of a whole process can use it as well as asynchronous ones. Routes may
be changed at any time. Nothing in it sleeps: what must not end waits for an event or for the end of the site.
"""

import io
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from tests.support.threaded import ThreadedServer


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked: header names in lower case, and as they stood on the wire."""

    method: str
    path: str
    headers: Mapping[str, str]
    names: tuple[str, ...]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Reply:
    """What to answer.

    `etag` and `last_modified` are sent, and honoured with a 304. `raw` is written instead of everything else.
    `length` lies about the length. `wait` holds the answer back until it is set; `drip` sends the body up to
    that many bytes and then nothing until the site ends.
    """

    body: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str = ""
    last_modified: str = ""
    raw: bytes | None = None
    length: int | None = None
    wait: threading.Event | None = None
    drip: int | None = None

    def unchanged_for(self, request: Request) -> bool:
        asked = (request.headers.get("if-none-match"), request.headers.get("if-modified-since"))
        return bool(
            (self.etag and asked[0] == self.etag) or (self.last_modified and asked[1] == self.last_modified)
        )


#: A reply, replies one after another of which the last stays, or a function of the request.
Route = Reply | list[Reply] | Callable[[Request], Reply]


def redirect(location: str, status: int = 302) -> Reply:
    """Return an answer that leads elsewhere."""
    return Reply(status=status, headers={"Location": location})


class Site(ThreadedServer):
    """A web site on a free port of 127.0.0.1; over TLS with a server's `tls` context."""

    def __init__(self, routes: Mapping[str, Route] | None = None, tls: ssl.SSLContext | None = None) -> None:
        self.routes: dict[str, Route] = dict(routes or {})
        self.requests: list[Request] = []
        self.ended = threading.Event()
        self.open: set[socket.socket] = set()
        self._tls = tls
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.site = self
        self.port: int = self._server.server_address[1]
        self.host = f"127.0.0.1:{self.port}"

    def url(self, path: str = "/") -> str:
        """Return the address of a path."""
        return f"{'https' if self._tls else 'http'}://{self.host}{path}"

    def asked(self, path: str) -> list[Request]:
        """Return the requests for one path, in order."""
        return [request for request in self.requests if request.path == path]

    def reply_to(self, request: Request) -> Reply:
        """Record a request and return what the routes say; 404 for what they do not know."""
        self.requests.append(request)
        route = self.routes.get(request.path) or self.routes.get(request.path.partition("?")[0])
        if route is None:
            return Reply(b"nothing here", 404)
        if isinstance(route, list):
            route = route.pop(0) if len(route) > 1 else route[0]
        return route(request) if callable(route) else route

    def wrapped(self, connection: socket.socket) -> socket.socket:
        """Return the connection, wrapped as the protocol needs."""
        return self._tls.wrap_socket(connection, server_side=True) if self._tls else connection


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = False  # joined at the end: no thread outlives its test
    block_on_close = True
    site: Site

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are the point of many tests."""


class _Handler(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        self.request.settimeout(240)
        self.server.site.open.add(self.request)
        connection = self.server.site.wrapped(self.request)
        try:
            with connection.makefile("rb") as lines:
                while request := _read(lines):
                    if not self._answer(connection, request, self.server.site.reply_to(request)):
                        return
        finally:
            self.server.site.open.discard(self.request)
            if connection is not self.request:
                connection.close()

    def _answer(self, connection: socket.socket, request: Request, reply: Reply) -> bool:
        """Write the answer; return whether the connection may be used again."""
        if reply.wait:
            _until(reply.wait, self.server.site.ended)
        if reply.raw is not None:
            connection.sendall(reply.raw)
            return False
        head, body = _written(request, reply)
        connection.sendall(head + (body if reply.drip is None else body[: reply.drip]))
        if reply.drip is not None:
            self.server.site.ended.wait(240)
        return reply.drip is None and reply.length is None


def _until(event: threading.Event, ended: threading.Event) -> None:
    while not event.wait(0.01) and not ended.is_set():
        pass


def _read(lines: io.BufferedReader) -> Request | None:
    start = lines.readline(65_536).decode("latin-1").split()
    if len(start) < 2:
        return None
    fields = []
    while line := lines.readline(65_536).decode("latin-1").rstrip("\r\n"):
        name, _, value = line.partition(":")
        fields.append((name, value.strip()))
    headers = {name.lower(): value for name, value in fields}
    body = lines.read(int(headers.get("content-length") or 0))
    return Request(start[0], start[1], headers, tuple(name for name, _ in fields), body)


def _written(request: Request, reply: Reply) -> tuple[bytes, bytes]:
    unchanged = reply.status == 200 and reply.unchanged_for(request)
    status = 304 if unchanged else reply.status
    body = b"" if unchanged else reply.body.encode() if isinstance(reply.body, str) else reply.body
    fields = {
        "Content-Length": str(len(body) if reply.length is None else reply.length),
        **({"ETag": reply.etag} if reply.etag else {}),
        **({"Last-Modified": reply.last_modified} if reply.last_modified else {}),
        **reply.headers,
    }
    if unchanged:
        fields.pop("Content-Encoding", None)
    lines = [f"HTTP/1.1 {status} {_phrase(status)}", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1"), body


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else "Unknown"
