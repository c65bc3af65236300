"""Talk to a submission server verb by verb, and record how far a message has come.

Sources: RFC 5321 and RFC 6409; RFC 4954 (AUTH); Google's and Microsoft's descriptions of XOAUTH2.
"""

import asyncio
import base64
import binascii
import contextlib
import json
import re
import socket
import ssl
from dataclasses import dataclass
from typing import Any

import aiosmtplib
from pydantic import SecretStr

from monitor.channels.answers.smtp import enhanced_code, smtp_meaning
from monitor.channels.post import excerpt
from monitor.errors import ChannelError, DeliveryError

from .oauth import Tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionServer:
    """A mail server and how to sign in. `tls` is ``starttls``, ``implicit`` or ``none``.

    Without `user` there is no AUTH; with `tokens` AUTH shows a token instead of the password.
    """

    host: str
    port: int
    tls: str
    trust: ssl.SSLContext | None
    user: str = ""
    password: SecretStr | None = None
    tokens: Tokens | None = None
    timeout_s: float = 60
    end_timeout_s: float = 600


class Submission:
    """One SMTP session; it knows the current verb."""

    def __init__(self, server: SubmissionServer) -> None:
        self._server = server
        self._verb = "connect"
        self._transport: asyncio.BaseTransport | None = None
        self._smtp = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.tls == "implicit",
            start_tls=False,
            timeout=server.timeout_s,
            tls_context=server.trust,
        )

    async def open(self) -> None:
        """Connect, greet, start TLS and sign in."""
        await self._smtp.connect()
        self._transport = self._smtp.transport
        await self._greet()
        if self._server.tls == "starttls":
            self._verb = "starttls"
            self._require(
                "starttls", "does not offer STARTTLS and nothing is sent in clear; check tls and port"
            )
            await self._smtp.starttls()
            self._transport = self._smtp.transport
            await self._greet()
        if self._server.user:
            self._verb = "auth"
            self._require("auth", "does not offer AUTH; check host and port")
            await (self._sign_in_by_token(self._server.tokens) if self._server.tokens else self._sign_in())

    async def envelope(self, sender: str, recipient: str, size: int) -> None:
        """Send MAIL, RCPT and DATA, and wait until the server accepts each; addresses are bare."""
        self._verb = "mail"
        options = [f"size={size}"] if self._smtp.supports_extension("size") else []
        if not recipient.isascii():
            self._require_smtputf8(recipient)
            options.append("SMTPUTF8")
        await self._smtp.mail(sender, options=options)
        self._verb = "rcpt"
        await self._smtp.rcpt(recipient, encoding="utf-8")
        self._verb = "data"
        reply = await self._smtp.execute_command(b"DATA")
        if reply.code != aiosmtplib.SMTPStatus.start_input:
            raise aiosmtplib.SMTPDataError(reply.code, reply.message)

    async def send(self, mail: bytes) -> str:
        """Send the message and return the answer by which the server takes responsibility."""
        protocol = self._smtp.protocol
        if protocol is None:
            raise aiosmtplib.SMTPServerDisconnected("Connection lost")
        self._verb = "end"
        # Not `SMTP.data`: it has one timeout for the verb and for the final dot, and hides what lies between.
        protocol.write(re.sub(rb"(?m)^\.", b"..", mail) + b".\r\n")
        reply = await protocol.read_response(timeout=self._server.end_timeout_s)
        if not 200 <= reply.code < 300:
            raise aiosmtplib.SMTPDataError(reply.code, reply.message)
        return excerpt(f"{reply.code} {reply.message}")

    def fault(self, error: aiosmtplib.SMTPException | OSError) -> DeliveryError:
        """Return the error that says what an exception at the current verb means."""
        host, verb = self._server.host, self._verb
        if isinstance(error, aiosmtplib.SMTPResponseException) and 400 <= error.code < 600:
            code = f"{error.code} {enhanced_code(error.message)}".strip()
            reply = excerpt(f"{error.code} {error.message}")
            return smtp_meaning(verb, error.code, error.message).error(
                f"{host} answered {reply!r} at {verb}", code=code
            )
        if untrusted := _certificate_fault(error):
            why = f"{untrusted.verify_message}; if the authority is your own, set ca_file"
            return ChannelError(f"{host} has no valid certificate: {why}", permanent=True)
        if verb == "end":
            return ChannelError(f"{host} did not say whether it took the message", uncertain=True)
        return ChannelError(f"{host}: {excerpt(_why(error))} at {verb}")

    async def close(self) -> None:
        """Send QUIT and close without waiting for an answer: the outcome must be recorded first."""
        with contextlib.suppress(aiosmtplib.SMTPException):
            if self._smtp.protocol is not None:
                self._smtp.protocol.write(b"QUIT\r\n")
        self._smtp.close()
        if isinstance(self._transport, asyncio.WriteTransport):
            # Without this, closing TLS with a silent peer takes half a minute.
            self._transport.abort()
            await asyncio.sleep(0)

    async def _greet(self) -> None:
        self._verb = "ehlo"
        address = self._smtp.get_transport_info("sockname")[0]
        await self._smtp.ehlo(hostname=own_name(socket.gethostname(), address))

    async def _sign_in(self) -> None:
        """Try one mechanism only: each failed attempt counts against the account."""
        mechanisms = {
            "plain": self._smtp.auth_plain,
            "login": self._smtp.auth_login,
            "cram-md5": self._smtp.auth_crammd5,
        }
        for name, sign_in in mechanisms.items():
            if name in self._smtp.server_auth_methods:
                password = self._server.password
                await sign_in(self._server.user, password.get_secret_value() if password else "")
                return
        raise ChannelError(f"{self._server.host} offers no way to sign in with a password", permanent=True)

    async def _sign_in_by_token(self, tokens: Tokens) -> None:
        """Sign in with a token; after a refusal try once more with a new one, the first may be revoked."""
        if "xoauth2" not in self._smtp.server_auth_methods:
            raise ChannelError(f"{self._server.host} does not take tokens (XOAUTH2)", permanent=True)
        token = await tokens.get()
        try:
            await self._xoauth2(token)
        except aiosmtplib.SMTPAuthenticationError:
            another = await tokens.get(fresh=True)
            if another == token:
                raise
            await self._xoauth2(another)

    async def _xoauth2(self, token: str) -> None:
        """Send one token. A server explains a refusal with 334 and JSON, then expects an empty line."""
        credentials = f"user={self._server.user}\x01auth=Bearer {token}\x01\x01".encode()
        reply, why = await self._smtp.execute_command(b"AUTH", b"XOAUTH2", base64.b64encode(credentials)), ""
        if reply.code == aiosmtplib.SMTPStatus.auth_continue:
            why = refusal_in(reply.message)
            reply = await self._smtp.execute_command(b"")
        if reply.code != aiosmtplib.SMTPStatus.auth_successful:
            raise aiosmtplib.SMTPAuthenticationError(reply.code, f"{reply.message}{why}".replace(token, "…"))

    def _require_smtputf8(self, recipient: str) -> None:
        if not self._smtp.supports_extension("smtputf8"):
            problem = f"takes no address outside ASCII such as {recipient} (SMTPUTF8); give an ASCII address"
            raise DeliveryError(f"{self._server.host} {problem}", permanent=True)

    def _require(self, extension: str, problem: str) -> None:
        if not self._smtp.supports_extension(extension):
            raise ChannelError(f"{self._server.host} {problem}", permanent=True)


def refusal_in(challenge: str) -> str:
    """Return the reason in a 334 after XOAUTH2 as " (status 401, scope …)"; "" where none can be read."""
    try:
        data: Any = json.loads(base64.b64decode(challenge, validate=True))
    except (binascii.Error, ValueError):
        return ""
    if not isinstance(data, dict):
        return ""
    facts = ", ".join(f"{key} {data[key]}" for key in ("status", "scope", "error") if data.get(key))
    return f" ({facts})" if facts else ""


def own_name(host: str, address: str) -> str:
    """Return the name for EHLO: the full host name, or else the address (RFC 5321 §4.1.4)."""
    if re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", host):
        return host
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


def _certificate_fault(error: BaseException | None) -> ssl.SSLCertVerificationError | None:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error
        error = error.__cause__
    return None


def _why(error: Exception) -> str:
    return "no answer in time" if isinstance(error, asyncio.TimeoutError) else str(error)
