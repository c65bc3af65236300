"""Connect to an IMAP server: through the guard, encrypted, and with a limit on all that it sends."""

import contextlib
import imaplib
import socket
import ssl
from dataclasses import dataclass, field
from io import BufferedReader

from monitor.feeds.http.guard import Forbidden, Guard, forbidden

from .address import MailboxAddress

#: The longest silence of a server.
TIMEOUT_S = 15.0
_MAX_LINE = 1_000_000


class TooMuch(Exception):
    """A server sent more than was asked for."""


@dataclass(slots=True, kw_only=True)
class Link:
    """A connection to be made by one thread, which another may break off with `abort`."""

    address: MailboxAddress
    guard: Guard
    trust: ssl.SSLContext
    max_bytes: int
    aborted: bool = False
    open_socket: socket.socket | None = field(default=None, repr=False)

    def connect(self) -> socket.socket:
        """Connect to an address that the guard allows; the first that accepts is used.

        Raises:
            OSError: none accepts, or all are refused (`Forbidden`).
        """
        failure = OSError("the host has no address")
        for address in self._addresses():
            try:
                return socket.create_connection((address, self.address.port), TIMEOUT_S)
            except OSError as error:
                failure = error
        raise failure

    def _addresses(self) -> list[str]:
        """Return the addresses of the host that may be reached."""
        host, port = self.address.host, self.address.port
        if refused := self.guard.refusal(host, port):
            raise refused
        found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        if self.guard.allows(host, port):
            return found
        reachable = [address for address in found if not forbidden(address)]
        if found and not reachable:
            raise Forbidden(host, f"at {found[0]}, {forbidden(found[0])}")
        return reachable

    def abort(self) -> None:
        """Break the connection off, so that the thread that reads from it ends."""
        self.aborted = True
        if self.open_socket is not None:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self.open_socket, socket.SHUT_RDWR)


class Connection(imaplib.IMAP4):
    """An IMAP connection over a `Link`; it overrides only the methods that imaplib documents for that.

    Creating one connects, and starts TLS.
    """

    def __init__(self, link: Link) -> None:
        self._link = link
        self._left = link.max_bytes
        self._buffered: socket.socket | None = None
        super().__init__(link.address.host, link.address.port, TIMEOUT_S)
        if not link.address.implicit_tls:
            self._start_tls(link)

    def _start_tls(self, link: Link) -> None:
        try:
            self.starttls(link.trust)
        except (OSError, imaplib.IMAP4.error, TooMuch):
            self.shutdown()
            raise
        link.open_socket = self.sock

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        """Connect; with implicit TLS the handshake is part of it."""
        del timeout
        self.host, self.port = host, port
        self.sock = self._link.connect()
        self._link.open_socket = self.sock
        if self._link.address.implicit_tls:
            self.sock = self._link.trust.wrap_socket(self.sock, server_hostname=host)
            self._link.open_socket = self.sock
        if self._link.aborted:
            raise TimeoutError("the poll has ended")

    def read(self, size: int) -> bytes:
        """Read a literal of a size that the server states.

        Raises:
            TooMuch: the size is beyond the limit; nothing was read.
        """
        self._count(size)
        return self._buffer().read(size)

    def readline(self) -> bytes:
        """Read one line.

        Raises:
            TooMuch: it is too long, or all lines are.
        """
        line = self._buffer().readline(_MAX_LINE + 1)
        self._count(len(line) if len(line) <= _MAX_LINE else self._left + 1)
        return line

    def shutdown(self) -> None:
        """Close the connection."""
        if self._buffered is not None:
            self._stream.close()
        self.sock.close()

    def _buffer(self) -> BufferedReader:
        """Return a buffer over the present socket: what was sent before TLS began is not read after it."""
        if self._buffered is not self.sock:
            self._buffered = self.sock
            self._stream = self.sock.makefile("rb")
        return self._stream

    def _count(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise TooMuch
