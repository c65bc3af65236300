"""A real mail server on loopback that misbehaves on request."""

import asyncio
import base64
import json
import ssl
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "radar", "correct horse"


@dataclass
class Mail:
    """One message as it came in."""

    sender: str
    to: tuple[str, ...]
    content: bytes
    tls: bool
    user: str


@dataclass
class MailServer:
    """Runs in a thread of its own; use it in a ``with`` block.

    Switches, which may be moved while it runs: `tls` is ``starttls``, ``implicit`` or ``none`` (STARTTLS
    stripped, AUTH still offered). `replies` maps a verb (EHLO, AUTH, MAIL, RCPT, DATA) to the reply it gets;
    `once` does so for the first time only (greylisting). `drop` closes the connection when the message is
    stored, without a word; `hang` stores it and says nothing until `release()`. `ways` are the AUTH mechanisms;
    with XOAUTH2 among them, `tokens` are those it takes, and `shown` all that it was shown. `most` is the size
    of the longest message it takes; with `utf8` it offers SMTPUTF8.
    """

    tls: str = "starttls"
    host: str = "localhost"
    replies: dict[str, str] = field(default_factory=dict)
    once: dict[str, str] = field(default_factory=dict)
    drop: bool = False
    hang: bool = False
    ways: tuple[str, ...] = ("PLAIN", "LOGIN")
    tokens: set[str] = field(default_factory=set)
    shown: list[str] = field(default_factory=list)
    most: int = 33_554_432
    utf8: bool = False
    port: int = 0
    mails: list[Mail] = field(default_factory=list)
    verbs: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.authority = trustme.CA()
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.authority.issue_cert(self.host).configure_cert(self._context)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="mail-server", daemon=True)
        self._released = asyncio.Event()
        self._sessions: set[SMTP] = set()
        self.stored = threading.Event()

    def __enter__(self) -> "MailServer":
        self._thread.start()
        self._call(self._open())
        return self

    def __exit__(self, *exc: object) -> None:
        self.release()
        self._call(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def release(self) -> None:
        """Answer the messages that `hang` has stored."""
        self._loop.call_soon_threadsafe(self._released.set)

    def hang_up(self) -> None:
        """Close every connection without a word."""
        self._call(self._abort())

    def _call(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(240)

    async def _open(self) -> None:
        implicit = self._context if self.tls == "implicit" else None
        self._server = await self._loop.create_server(self._session, "127.0.0.1", self.port, ssl=implicit)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        self._server.close()
        await self._server.wait_closed()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await self._abort()
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _abort(self) -> None:
        for session in self._sessions:
            if session.transport is not None:
                session.transport.abort()

    def _session(self) -> SMTP:
        session = _Scripted(
            self,
            hostname="mail.example",
            loop=self._loop,
            tls_context=self._context if self.tls == "starttls" else None,
            require_starttls=self.tls == "starttls",
            auth_require_tls=self.tls == "starttls",
            authenticator=_authenticate,
            auth_exclude_mechanism={"PLAIN", "LOGIN", "XOAUTH2"} - set(self.ways),
            data_size_limit=self.most,
            enable_SMTPUTF8=self.utf8,
        )
        session.script = self._answer
        self._sessions.add(session)
        return session

    def _answer(self, verb: str) -> str | None:
        self.verbs.append(verb)
        return self.once.pop(verb, None) or self.replies.get(verb)

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:
        """Accept a token, or explain the refusal in JSON and wait for an empty line, as large providers do."""
        said = base64.b64decode(args[1]).decode()
        user, token = said.removeprefix("user=").removesuffix("\x01\x01").split("\x01auth=Bearer ")
        self.shown.append(token)
        if user == USER and token in self.tokens:
            return AuthResult(success=True, auth_data=user.encode())
        why = {"status": "401", "schemes": "bearer", "scope": "https://mail.example/"}
        await server.challenge_auth(json.dumps(why))
        return AuthResult(success=False, handled=False)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Store the message, then behave."""
        secure = session.ssl is not None or self.tls == "implicit"
        user = session.auth_data.decode() if session.auth_data else ""
        content = envelope.original_content or b""
        self.mails.append(Mail(envelope.mail_from or "", tuple(envelope.rcpt_tos), content, secure, user))
        self.stored.set()
        if self.hang:
            await self._released.wait()
        if self.drop:
            server.transport.abort()
        return self.replies.get("END", "250 2.0.0 queued as 4X")


class _Scripted(SMTP):
    """Sends the scripted reply to a verb, if there is one, instead of obeying it."""

    script: Callable[[str], str | None]

    async def smtp_EHLO(self, hostname: str) -> None:
        await self._unless("EHLO", super().smtp_EHLO, hostname)

    async def smtp_AUTH(self, arg: str) -> None:
        await self._unless("AUTH", super().smtp_AUTH, arg)

    async def smtp_MAIL(self, arg: str | None) -> None:
        await self._unless("MAIL", super().smtp_MAIL, arg)

    async def smtp_RCPT(self, arg: str | None) -> None:
        await self._unless("RCPT", super().smtp_RCPT, arg)

    async def smtp_DATA(self, arg: str) -> None:
        await self._unless("DATA", super().smtp_DATA, arg)

    async def _unless(self, verb: str, usual: Callable[..., Any], arg: str | None) -> None:
        if (said := self.script(verb)) is None:
            await usual(arg)
        else:
            await self.push(said)


def _authenticate(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
) -> AuthResult:
    if not isinstance(data, LoginPassword) or (data.login, data.password) != (
        USER.encode(),
        PASSWORD.encode(),
    ):
        return AuthResult(success=False, handled=False)
    return AuthResult(success=True, auth_data=data.login)
