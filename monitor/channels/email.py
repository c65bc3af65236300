"""Send mail by SMTP submission, one message for each recipient."""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator

from monitor.channels.answers.smtp import is_too_big
from monitor.channels.smtp.addresses import mailbox, sender_mailbox
from monitor.channels.smtp.dkim import LABELS, DkimOptions, Signer
from monitor.channels.smtp.mime import Heading, compose, lighter
from monitor.channels.smtp.oauth import TokenSettings
from monitor.errors import DeliveryError
from monitor.model import AttemptPhase, Delivery, MessageForm

from .base import Channel, OnPhase
from .post import excerpt
from .settings import ChannelSettings, Tools, is_loopback

if TYPE_CHECKING:
    from monitor.channels.smtp.submission import SubmissionServer


def _checked_mailbox(written: str) -> str:
    mailbox(written)
    return written


def _checked_sender(written: str) -> str:
    sender_mailbox(written)
    return written


Mailbox = Annotated[str, AfterValidator(_checked_mailbox)]
Sender = Annotated[str, AfterValidator(_checked_sender)]


class EmailSettings(TokenSettings, ChannelSettings):
    """A submission server and the recipients; each address in `to` gets a mail of their own.

    `port` is 587, or 465 with ``tls = "implicit"``. `ca_file` replaces the system's authorities. `timeout_s`
    is for each step, `end_timeout_s` for the answer to the whole message, which may take a server ten minutes
    (RFC 5321 §4.5.3.2.6). Up to `connections` mails leave at the same time. `unsubscribe` is an ``https:`` or
    ``mailto:`` address for List-Unsubscribe, beside the program's own, where it serves one. With
    ``auth = "xoauth2"`` a token replaces the password: see `TokenSettings`. For ``dkim_`` see `DkimOptions`.
    """

    form: ClassVar[MessageForm] = MessageForm.MAIL
    personal: ClassVar[bool] = True

    type: Literal["email"] = "email"
    host: str = Field(pattern=r"^[A-Za-z0-9_.:-]+$")
    port: int = Field(default=0, ge=0, le=65535)
    tls: Literal["starttls", "implicit", "none"] = "starttls"
    sender: Sender
    to: tuple[Mailbox, ...] = Field(min_length=1)
    auth: Literal["password", "xoauth2"] = "password"
    user: str = ""
    password: SecretStr | None = None
    dkim_key_file: Path | None = None
    dkim_selector: str = Field(default="", pattern=LABELS)
    dkim_domain: str = Field(default="", pattern=LABELS)
    ca_file: Path | None = None
    unsubscribe: str = Field(default="", pattern=r"^((https:|mailto:)[!-;=?-~]+)?$")
    timeout_s: float = Field(default=60, gt=0, le=60)
    end_timeout_s: float = Field(default=600, gt=0, le=600)
    connections: int = Field(default=2, ge=1, le=20)

    @model_validator(mode="after")
    def _is_usable(self) -> Self:
        self.check_tokens()
        self.dkim_options.check()
        self._check_auth()
        self._check_tls()
        return self

    @property
    def dkim_options(self) -> DkimOptions:
        """How mails are signed."""
        return DkimOptions(self.dkim_key_file, self.dkim_selector, self.dkim_domain)

    def _check_auth(self) -> None:
        has_token = bool(self.token_sources)
        if self.auth == "xoauth2" and (not has_token or not self.user or self.password):
            raise ValueError(
                'auth = "xoauth2" needs user and one of token_command, token_file, token_url; no password'
            )
        if self.auth == "password" and has_token:
            raise ValueError('a token is given, but not auth = "xoauth2"')
        if self.auth == "password" and bool(self.user) != (self.password is not None):
            raise ValueError("user and password go together: set both or neither")

    def _check_tls(self) -> None:
        if self.tls == "none" and self.user:
            raise ValueError('tls = "none" would send the password in clear: use "starttls" or "implicit"')
        if self.tls == "none" and not is_loopback(self.host):
            raise ValueError('tls = "none" is for a server on this machine only')
        if self.ca_file:
            self.trust()

    def trust(self) -> ssl.SSLContext:
        """Return the TLS context by which the server's certificate is verified."""
        try:
            return ssl.create_default_context(cafile=self.ca_file)
        except (OSError, ssl.SSLError) as error:
            raise ValueError(f"ca_file: {self.ca_file} cannot be used: {error.strerror}") from None

    def recipients(self) -> tuple[str, ...]:
        return self.to

    def check_recipient(self, address: str) -> str:
        return _checked_mailbox(address)

    def server(self, tools: Tools) -> "SubmissionServer":
        """Return the server with the credentials to show it."""
        from monitor.channels.smtp.submission import SubmissionServer  # noqa: PLC0415  most commands send nothing

        return SubmissionServer(
            host=self.host,
            port=self.port or (465 if self.tls == "implicit" else 587),
            tls=self.tls,
            trust=None if self.tls == "none" else self.trust(),
            user=self.user,
            password=self.password,
            tokens=self.tokens(tools),
            timeout_s=self.timeout_s,
            end_timeout_s=self.end_timeout_s,
        )

    def build(self, tools: Tools) -> Channel:
        return Email(
            self.server(tools),
            Heading(self.sender, self.unsubscribe),
            self.dkim_options.signer(mailbox(self.sender)[1]),
            tools.unsubscribe_link,
        )


class Email:
    """Sends each message over a connection of its own to one recipient, so that faults stay apart."""

    def __init__(
        self,
        server: "SubmissionServer",
        heading: Heading,
        signer: Signer | None,
        unsubscribe_link: Callable[[str, str], str],
    ) -> None:
        self._server = server
        self._heading = heading
        self._signer = signer
        self._unsubscribe_link = unsubscribe_link

    async def send(self, delivery: Delivery, on_phase: OnPhase) -> str:
        """Send one mail; after a refusal for its size send it at once with less in it."""
        if not delivery.recipient:
            raise DeliveryError("a mail needs a recipient", permanent=True)
        try:
            return await self._submit(delivery, on_phase)
        except DeliveryError as error:
            refused = error
        for message, left_out in lighter(delivery.message):
            if not (refused.permanent and is_too_big(refused.code)):
                break
            try:
                answer = await self._submit(replace(delivery, message=message), on_phase)
            except DeliveryError as error:
                refused = error
            else:
                return excerpt(f"{answer}; without {left_out}, which was too big")
        raise refused

    async def _submit(self, delivery: Delivery, on_phase: OnPhase) -> str:
        from aiosmtplib import SMTPException  # noqa: PLC0415  as above

        from monitor.channels.smtp.submission import Submission  # noqa: PLC0415  as above

        mail = await asyncio.to_thread(self._mail, delivery)
        session = Submission(self._server)
        try:
            await session.open()
            sender, recipient = (mailbox(each)[1] for each in (self._heading.sender, delivery.recipient))
            await session.envelope(sender, recipient, len(mail))
            await on_phase(AttemptPhase.DATA)
            return await session.send(mail)
        except (SMTPException, OSError) as error:
            raise session.fault(error) from error
        finally:
            await session.close()

    def _mail(self, delivery: Delivery) -> bytes:
        """Return the same bytes for the same delivery."""
        link = self._unsubscribe_link(delivery.channel, delivery.recipient)
        mail = compose(delivery, replace(self._heading, one_click=link))
        return self._signer(mail, delivery.created_at) if self._signer else mail
