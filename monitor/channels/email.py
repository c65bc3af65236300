"""Send by SMTP submission, a mail for each recipient."""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

import aiosmtplib
from pydantic import AfterValidator, Field, SecretStr, model_validator

from monitor.channels.answers.smtp import is_too_big
from monitor.channels.smtp.dkim import Seal, SealSettings
from monitor.channels.smtp.mime import Heading, compose, lighter, mailbox
from monitor.channels.smtp.oauth import OAuthSettings
from monitor.channels.smtp.submission import Server, Submission
from monitor.errors import DeliveryError
from monitor.model import AttemptPhase, Delivery

from .base import Channel, OnPhase
from .post import excerpt
from .settings import Tools, is_loopback


def _checked(written: str) -> str:
    mailbox(written)
    return written


Mailbox = Annotated[str, AfterValidator(_checked)]


class EmailSettings(OAuthSettings, SealSettings):
    """A submission server and whom to write to; each address in `to` gets a mail of their own.

    `port` is 587, or 465 with ``tls = "implicit"``. `ca_file` replaces the system's authorities. `timeout_s`
    is for each step, `end_timeout_s` for the answer to the whole message, which may take a server ten minutes
    (RFC 5321 §4.5.3.2.6). `unsubscribe` is the ``https:`` or ``mailto:`` address for List-Unsubscribe, beside
    the program's own, where that serves one. With ``auth = "xoauth2"`` a token is shown and no password.
    """

    form: ClassVar[str] = "mail"
    personal: ClassVar[bool] = True
    confidential: ClassVar[tuple[str, ...]] = ("password", "client_secret", "refresh_token")

    type: Literal["email"] = "email"
    host: str = Field(pattern=r"^[A-Za-z0-9_.:-]+$")
    port: int = Field(default=0, ge=0, le=65535)
    tls: Literal["starttls", "implicit", "none"] = "starttls"
    sender: Mailbox
    to: tuple[Mailbox, ...] = Field(min_length=1)
    auth: Literal["password", "xoauth2"] = "password"
    user: str = ""
    password: SecretStr | None = None
    ca_file: Path | None = None
    unsubscribe: str = Field(default="", pattern=r"^((https:|mailto:)[!-;=?-~]+)?$")
    timeout_s: float = Field(default=60, gt=0, le=60)
    end_timeout_s: float = Field(default=600, gt=0, le=600)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        by_token = bool(self.token_command or self.token_file or self.token_url)
        if self.auth == "xoauth2" and (not by_token or not self.user or self.password):
            raise ValueError(
                'auth = "xoauth2" needs user and one of token_command, token_file, token_url; no password'
            )
        if self.auth == "password" and by_token:
            raise ValueError('a token is given, but not auth = "xoauth2"')
        if self.auth == "password" and bool(self.user) != (self.password is not None):
            raise ValueError("user and password go together: set both or neither")
        if self.tls == "none" and self.user:
            raise ValueError('tls = "none" would send the password in clear: use "starttls" or "implicit"')
        if self.tls == "none" and not is_loopback(self.host):
            raise ValueError('tls = "none" is for a server on this machine only')
        if self.ca_file:
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

    def server(self, tools: Tools) -> Server:
        """Return whom to hand mail to."""
        return Server(
            self.host,
            self.port or (465 if self.tls == "implicit" else 587),
            self.tls,
            None if self.tls == "none" else self.trust(),
            self.user,
            self.password.get_secret_value() if self.password else "",
            self.tokens(tools),
            self.timeout_s,
            self.end_timeout_s,
        )

    def build(self, tools: Tools) -> Channel:
        heading = Heading(self.sender, self.unsubscribe)
        return Email(self.server(tools), heading, self.seal(mailbox(self.sender)[1]), tools.leave)


class Email:
    """One connection and one recipient for each message: nothing that goes wrong can be someone else's."""

    def __init__(
        self,
        server: Server,
        heading: Heading,
        seal: Seal | None = None,
        leave: Callable[[str, str], str] | None = None,
    ) -> None:
        self._server = server
        self._heading = heading
        self._seal = seal
        self._leave = leave

    async def send(self, delivery: Delivery, on_phase: OnPhase) -> str:
        """A mail that is too big goes out again at once with less in it: nothing of the first has arrived."""
        if not delivery.recipient:
            raise DeliveryError("a mail needs a recipient", permanent=True)
        try:
            return await self._submit(delivery, on_phase)
        except DeliveryError as error:
            refused = error
        for message, left_out in lighter(delivery.message):
            if not is_too_big(refused.code):
                break
            try:
                answer = await self._submit(replace(delivery, message=message), on_phase)
            except DeliveryError as error:
                refused = error
            else:
                return excerpt(f"{answer}; without {left_out}, which was too big")
        raise refused

    async def _submit(self, delivery: Delivery, on_phase: OnPhase) -> str:
        mail = await asyncio.to_thread(self._mail, delivery)
        session = Submission(self._server)
        try:
            await session.open()
            sender, recipient = (mailbox(each)[1] for each in (self._heading.sender, delivery.recipient))
            await session.envelope(sender, recipient, len(mail))
            await on_phase(AttemptPhase.DATA)
            return await session.hand_over(mail)
        except (aiosmtplib.SMTPException, OSError) as error:
            raise session.fault(error) from error
        finally:
            await session.close()

    def _mail(self, delivery: Delivery) -> bytes:
        """Return the same bytes for the same delivery."""
        leave = self._leave(delivery.channel, delivery.recipient) if self._leave else ""
        mail = compose(delivery, replace(self._heading, leave=leave))
        return self._seal(mail, delivery.created_at) if self._seal else mail
