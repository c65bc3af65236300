"""Say why a request failed: its health and the reason, in words without secrets. Pure."""

import errno
import os
import socket
import ssl
from collections.abc import Iterator

import aiohttp
import httpx
from aiohttp.http import HttpProcessingError

from monitor.errors import FeedHealth

from .guard import Forbidden


def cause_of(error: BaseException) -> tuple[FeedHealth, str]:
    """Return the health of a failed request and the reason, in words without secrets."""
    chain = tuple(_chain(error))
    for link in chain:
        if isinstance(link, Forbidden):
            return FeedHealth.GUARDED, str(link.strerror)
    for kind, health, words in _CAUSES:
        found = next((link for link in chain if isinstance(link, kind)), None)
        if found:
            return health, f"{words}{_detail(found)}"
    return FeedHealth.PROTOCOL, "the answer broke the rules of HTTP"


_CAUSES: tuple[tuple[type[BaseException], FeedHealth, str], ...] = (  # the most specific first
    (aiohttp.ClientConnectorDNSError, FeedHealth.DNS, "the host name does not resolve"),
    (aiohttp.ClientConnectorCertificateError, FeedHealth.TLS, "the certificate is not trusted"),
    (aiohttp.ClientSSLError, FeedHealth.TLS, "no encrypted connection could be agreed"),
    (ssl.SSLCertVerificationError, FeedHealth.TLS, "the certificate is not trusted"),
    (ssl.SSLError, FeedHealth.TLS, "no encrypted connection could be agreed"),
    (aiohttp.ClientProxyConnectionError, FeedHealth.PROTOCOL, "the proxy cannot be reached"),
    (aiohttp.ClientHttpProxyError, FeedHealth.PROTOCOL, "the proxy refused"),
    (httpx.ProxyError, FeedHealth.PROTOCOL, "the proxy refused"),
    (socket.gaierror, FeedHealth.DNS, "the host name does not resolve"),
    (TimeoutError, FeedHealth.TIMEOUT, "the server was silent for too long"),
    (httpx.TimeoutException, FeedHealth.TIMEOUT, "the server was silent for too long"),
    (aiohttp.ClientConnectorError, FeedHealth.PROTOCOL, "the connection was not accepted"),
    (aiohttp.ServerDisconnectedError, FeedHealth.PROTOCOL, "the server hung up without an answer"),
    (aiohttp.ClientPayloadError, FeedHealth.PROTOCOL, "the answer broke off"),
    (aiohttp.ClientResponseError, FeedHealth.PROTOCOL, "the answer broke the rules of HTTP"),
    (HttpProcessingError, FeedHealth.PROTOCOL, "the answer broke the rules of HTTP"),
    (OSError, FeedHealth.PROTOCOL, "the connection broke"),
    (httpx.UnsupportedProtocol, FeedHealth.PROTOCOL, "the address cannot be asked for"),
    (httpx.ConnectError, FeedHealth.PROTOCOL, "the connection was not accepted"),
)


def refuses_length(error: BaseException) -> bool:
    """Say whether aiohttp refused a Content-Length, which it also does for two equal ones (RFC 9110 §8.6)."""
    return any(
        isinstance(link, (aiohttp.ClientResponseError, HttpProcessingError))
        and "Content-Length" in link.message
        for link in _chain(error)
    )


def _detail(error: BaseException) -> str:
    """Return the text of OpenSSL or the system, which holds no address."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        error = error.certificate_error
    elif isinstance(error, aiohttp.ClientConnectorError):
        error = error.os_error
    if isinstance(error, ssl.SSLCertVerificationError):
        return f": {error.verify_message}"
    if isinstance(error, socket.gaierror):
        return f": {str(error.strerror).lower()}"
    number = (error.errno or 0) if isinstance(error, OSError) else 0
    return f": {os.strerror(number).lower()}" if number in errno.errorcode else ""


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and its causes."""
    while error is not None:
        yield error
        inner = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else None
        error = error.__cause__ or inner
