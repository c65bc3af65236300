"""Send by SMTP submission, verb by verb, so that it is known how far a message came."""

import asyncio
import contextlib
import re
import socket
import ssl
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

import aiosmtplib
from pydantic import AfterValidator, Field, SecretStr, model_validator

from monitor.errors import ChannelError, DeliveryError
from monitor.model import Delivery

from .answers import of_smtp
from .base import Channel, Mark
from .mime import compose, mailbox
from .post import excerpt
from .settings import ChannelSettings, Tools, is_loopback

_ENHANCED = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}\b")


def _checked(written: str) -> str:
    mailbox(written)
    return written


Mailbox = Annotated[str, AfterValidator(_checked)]


class EmailSettings(ChannelSettings):
    """A submission server and whom to write to; each address in `to` gets a mail of their own.

    `port` is 587, or 465 with ``tls = "implicit"``. `ca_file` replaces the system's authorities. `timeout_s`
    is for each step, `end_timeout_s` for the answer to the whole message, which may take a server ten minutes
    (RFC 5321 §4.5.3.2.6). `unsubscribe` is the ``https:`` or ``mailto:`` address for List-Unsubscribe.
    """

    form: ClassVar[str] = "mail"
    personal: ClassVar[bool] = True
    confidential: ClassVar[tuple[str, ...]] = ("password",)

    type: Literal["email"] = "email"
    host: str = Field(pattern=r"^[A-Za-z0-9_.:-]+$")
    port: int = Field(default=0, ge=0, le=65535)
    tls: Literal["starttls", "implicit", "none"] = "starttls"
    sender: Mailbox
    to: tuple[Mailbox, ...] = Field(min_length=1)
    user: str = ""
    password: SecretStr | None = None
    ca_file: Path | None = None
    unsubscribe: str = Field(default="", pattern=r"^((https:|mailto:)[!-;=?-~]+)?$")
    timeout_s: float = Field(default=60, gt=0, le=60)
    end_timeout_s: float = Field(default=600, gt=0, le=600)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if bool(self.user) != (self.password is not None):
            raise ValueError("user and password go together: set both or neither")
        if self.tls == "none" and self.user:
            raise ValueError('tls = "none" would send the password in clear: use "starttls" or "implicit"')
        if self.tls == "none" and not is_loopback(self.host):
            raise ValueError('tls = "none" is for a server on this machine only')
        self.trust()
        return self

    def trust(self) -> ssl.SSLContext:
        """Return what certificates to believe; they are verified always."""
        try:
            return ssl.create_default_context(cafile=self.ca_file)
        except (OSError, ssl.SSLError) as error:
            raise ValueError(f"ca_file: {self.ca_file} cannot be used: {error.strerror}") from None

    def recipients(self) -> tuple[str, ...]:
        return self.to

    def addressed(self, address: str) -> str:
        return _checked(address)

    def build(self, tools: Tools) -> Channel:
        return Email(self)


class Email:
    """One connection and one recipient for each message: nothing that goes wrong can be someone else's."""

    def __init__(self, settings: EmailSettings) -> None:
        self._settings = settings
        self._trust = settings.trust()

    async def send(self, delivery: Delivery, mark: Mark) -> str:
        if not delivery.recipient:
            raise DeliveryError("a mail needs a recipient", permanent=True)
        mail = compose(delivery, self._settings.sender, self._settings.unsubscribe)
        session = _Session(self._settings, self._trust)
        try:
            await session.open()
            await session.envelope(delivery.recipient, len(mail))
            await mark("data")
            return await session.hand_over(mail)
        except (aiosmtplib.SMTPException, OSError) as error:
            raise session.fault(error) from error
        finally:
            await session.close()


class _Session:
    """A conversation with the server, and which verb it is at."""

    def __init__(self, settings: EmailSettings, trust: ssl.SSLContext) -> None:
        self._settings = settings
        self._verb = "connect"
        self._transport: asyncio.BaseTransport | None = None
        implicit = settings.tls == "implicit"
        self._smtp = aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port or (465 if implicit else 587),
            use_tls=implicit,
            start_tls=False,
            timeout=settings.timeout_s,
            tls_context=trust,
        )

    async def open(self) -> None:
        """Connect, greet, secure, sign in."""
        await self._smtp.connect()
        self._transport = self._smtp.transport
        await self._greet()
        if self._settings.tls == "starttls":
            self._verb = "starttls"
            self._need("starttls", "does not offer STARTTLS and nothing is sent in clear; check tls and port")
            await self._smtp.starttls()
            self._transport = self._smtp.transport
            await self._greet()
        if self._settings.user:
            await self._sign_in()

    async def envelope(self, recipient: str, size: int) -> None:
        """Name sender and recipient, and be told to go ahead."""
        self._verb = "mail"
        announced = [f"size={size}"] if self._smtp.supports_extension("size") else []
        await self._smtp.mail(mailbox(self._settings.sender)[1], options=announced)
        self._verb = "rcpt"
        await self._smtp.rcpt(mailbox(recipient)[1])
        self._verb = "data"
        reply = await self._smtp.execute_command(b"DATA")
        if reply.code != aiosmtplib.SMTPStatus.start_input:
            raise aiosmtplib.SMTPDataError(reply.code, reply.message)

    async def hand_over(self, mail: bytes) -> str:
        """Send the message and return the server's answer: from then on it is the server's to deliver."""
        protocol = self._smtp.protocol
        if protocol is None:
            raise aiosmtplib.SMTPServerDisconnected("Connection lost")
        self._verb = "end"
        # Not `SMTP.data`: it has one timeout for the verb and for the final dot, and hides what lies between.
        protocol.write(re.sub(rb"(?m)^\.", b"..", mail) + b".\r\n")
        reply = await protocol.read_response(timeout=self._settings.end_timeout_s)
        if not 200 <= reply.code < 300:
            raise aiosmtplib.SMTPDataError(reply.code, reply.message)
        return excerpt(f"{reply.code} {reply.message}")

    def fault(self, error: aiosmtplib.SMTPException | OSError) -> DeliveryError:
        """Return the error that says what an exception at the current verb means."""
        host, verb = self._settings.host, self._verb
        if isinstance(error, aiosmtplib.SMTPResponseException) and 400 <= error.code < 600:
            found = _ENHANCED.match(error.message)
            enhanced = found.group() if found else ""
            code = f"{error.code} {enhanced}".strip()
            said = excerpt(f"{error.code} {error.message}")
            return of_smtp(verb, error.code, enhanced).error(f"{host} answered {said!r} at {verb}", code=code)
        if untrusted := _certificate_fault(error):
            why = f"{untrusted.verify_message}; if the authority is your own, set ca_file"
            return ChannelError(f"{host} has no valid certificate: {why}", permanent=True)
        if verb == "end":
            return ChannelError(f"{host} did not say whether it took the message", uncertain=True)
        return ChannelError(f"{host}: {excerpt(_why(error))} at {verb}")

    async def close(self) -> None:
        """Say goodbye without waiting for an answer: the outcome is known and must be written down first."""
        with contextlib.suppress(aiosmtplib.SMTPException):
            if self._smtp.protocol is not None:
                self._smtp.protocol.write(b"QUIT\r\n")
        self._smtp.close()
        if isinstance(self._transport, asyncio.WriteTransport):
            # A peer that has fallen silent would hold up the closing of TLS for half a minute.
            self._transport.abort()
            await asyncio.sleep(0)

    async def _greet(self) -> None:
        self._verb = "ehlo"
        address = self._smtp.get_transport_info("sockname")[0]
        await self._smtp.ehlo(hostname=own_name(socket.gethostname(), address))

    async def _sign_in(self) -> None:
        """Try one way only: a wrong password tried three ways is three steps towards a locked account."""
        self._verb = "auth"
        self._need("auth", "does not offer AUTH; check host and port")
        password = self._settings.password.get_secret_value() if self._settings.password else ""
        ways = {
            "plain": self._smtp.auth_plain,
            "login": self._smtp.auth_login,
            "cram-md5": self._smtp.auth_crammd5,
        }
        for name, sign_in in ways.items():
            if name in self._smtp.server_auth_methods:
                await sign_in(self._settings.user, password)
                return
        raise ChannelError(f"{self._settings.host} offers no way to sign in with a password", permanent=True)

    def _need(self, extension: str, otherwise: str) -> None:
        if not self._smtp.supports_extension(extension):
            raise ChannelError(f"{self._settings.host} {otherwise}", permanent=True)


def own_name(host: str, address: str) -> str:
    """Return what to greet with: our full name, or else our address, as RFC 5321 §4.1.4 has it."""
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
