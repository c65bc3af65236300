"""Examine the servers of webhooks and chats: name, connection and certificate, without any request."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from .base import Examination, Finding, fail, ok, warn
from .names import resolves

_SOON = timedelta(days=14)


async def examine_servers(examination: Examination) -> AsyncIterator[Finding]:
    """Yield for each channel that posts to a web address whether its server takes connections."""
    for name, table in examination.settings.channels.items():
        if (url := table.post_url()).startswith("http"):
            yield await _finding(examination, name, url)


async def _finding(examination: Examination, name: str, url: str) -> Finding:
    """Return the finding of one connection; the path of the address may be a secret and is not shown."""
    place, parts = examination.place("channels", name), urlsplit(url)
    host, is_tls = parts.hostname or "", parts.scheme == "https"
    if not await resolves(host, examination.timeout_s):
        return fail(f"{host} has no address", place, "mend the address, or look at DNS")
    try:
        async with asyncio.timeout(examination.timeout_s):
            certificate = await _connect(host, parts.port or (443 if is_tls else 80), is_tls)
    except ssl.SSLCertVerificationError as error:
        return fail(
            f"{host} has no valid certificate: {error.verify_message}", place, "look at its certificate"
        )
    except (OSError, TimeoutError) as error:
        why = getattr(error, "strerror", None) or f"no answer in {examination.timeout_s:g} s"
        return fail(f"{host} takes no connection: {why}", place, "look at the server, firewall and proxy")
    ends = _end_of(certificate)
    if ends and ends - examination.now < _SOON:
        return warn(f"the certificate of {host} ends on {ends:%Y-%m-%d}", place, "its owner must renew it")
    return ok(f"{name}: {host} takes connections")


async def _connect(host: str, port: int, is_tls: bool) -> dict[str, Any]:
    """Connect, and return the certificate of the server; nothing is sent after the handshake."""
    context = ssl.create_default_context() if is_tls else None
    _, writer = await asyncio.open_connection(host, port, ssl=context)
    try:
        return dict(writer.get_extra_info("peercert") or {})
    finally:
        writer.transport.abort()


def _end_of(certificate: dict[str, Any]) -> datetime | None:
    until = certificate.get("notAfter")
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(until), UTC) if until else None
