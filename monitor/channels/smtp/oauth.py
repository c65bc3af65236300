"""Access tokens for mail servers that no longer take passwords: from a command, a file or a token endpoint.

Sources: RFC 6749 §4.4 (client credentials), §5 (answers) and §6 (refreshing).
"""

import asyncio
import contextlib
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol, Self
from urllib.parse import urlencode

import httpx
from pydantic import SecretStr, model_validator

from monitor.channels.answers.base import BUSY
from monitor.channels.answers.oauth import oauth_meaning
from monitor.channels.post import Poster, wait_asked
from monitor.channels.settings import ChannelSettings, Tools, refuse_unsafe
from monitor.clock import Clock
from monitor.errors import ChannelError, DeliveryError
from monitor.model import AttemptPhase

COMMAND_S = 30.0
_MOST = 65_536
_UNCOVERED = timedelta(minutes=5)
_MARGIN = timedelta(minutes=2)


class Tokens(Protocol):
    """Where access tokens come from."""

    async def get(self, *, fresh: bool = False) -> str:
        """Return a token; with `fresh` not one that was returned before, as far as that can be helped.

        Raises:
            ChannelError: there is none.
        """


class OAuthSettings(ChannelSettings):
    """How to sign in with a token: one of `token_command`, `token_file` and `token_url`.

    The command's output, or what the file holds, is the token; the command runs without a shell, for at most
    half a minute, and its output is logged nowhere. With `token_url` a token is asked for by `client_id` and
    `client_secret`, or by a `refresh_token`, and kept until shortly before it expires.
    """

    token_command: tuple[str, ...] = ()
    token_file: Path | None = None
    token_url: str = ""
    client_id: str = ""
    client_secret: SecretStr | None = None
    refresh_token: SecretStr | None = None
    scope: str = ""

    @model_validator(mode="after")
    def _names_one_source(self) -> Self:
        given = [name for name in ("token_command", "token_file", "token_url") if getattr(self, name)]
        if len(given) > 1:
            raise ValueError(f"{' and '.join(given)} are both set: keep one")
        if not self.token_url:
            return self
        refuse_unsafe(self.token_url, key="token_url")
        if not self.client_id or (self.client_secret is None and self.refresh_token is None):
            raise ValueError("token_url needs client_id, and client_secret or refresh_token")
        return self

    def tokens(self, tools: Tools) -> Tokens | None:
        """Return where tokens come from; None if nothing is said of it."""
        if self.token_command:
            return TokenCommand(self.token_command)
        if self.token_file:
            return TokenFile(self.token_file)
        if not self.token_url:
            return None
        poster = Poster(tools.http, httpx.URL(self.token_url), tools.deadline_s, most=_MOST)
        return TokenEndpoint(poster, self._form(), tools.clock)

    def _form(self) -> dict[str, str]:
        asked = {"client_id": self.client_id, "scope": self.scope, "grant_type": "client_credentials"}
        if self.client_secret:
            asked["client_secret"] = self.client_secret.get_secret_value()
        if self.refresh_token:
            asked |= {"grant_type": "refresh_token", "refresh_token": self.refresh_token.get_secret_value()}
        return {key: value for key, value in asked.items() if value}


@dataclass(frozen=True, slots=True)
class TokenFile:
    """A file that someone else keeps fresh; it is read anew each time."""

    path: Path

    async def get(self, *, fresh: bool = False) -> str:
        try:
            said = await asyncio.to_thread(self.path.expanduser().read_bytes)
        except OSError as error:
            raise ChannelError(f"token_file: {self.path} cannot be read: {error.strerror}") from None
        return _token(said, f"token_file: {self.path}")


@dataclass(frozen=True, slots=True)
class TokenCommand:
    """A command that prints a token; it is run anew each time, without a shell."""

    command: tuple[str, ...]
    deadline_s: float = COMMAND_S

    async def get(self, *, fresh: bool = False) -> str:
        nothing, pipe = asyncio.subprocess.DEVNULL, asyncio.subprocess.PIPE
        try:
            process = await asyncio.create_subprocess_exec(
                *self.command, stdin=nothing, stdout=pipe, stderr=nothing, start_new_session=True
            )
        except OSError as error:
            raise ChannelError(f"{self._name} cannot be run: {error.strerror}") from None
        try:
            async with asyncio.timeout(self.deadline_s):
                said = await _bounded(process)
        except TimeoutError:
            raise ChannelError(f"{self._name} did not end within {self.deadline_s:g} s") from None
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
        if process.returncode and len(said) <= _MOST:
            raise ChannelError(f"{self._name} failed with exit code {process.returncode}; run it by hand")
        return _token(said, self._name)

    @property
    def _name(self) -> str:
        """Its arguments may hold secrets."""
        return f"token_command: {self.command[0]}"


@dataclass
class TokenEndpoint:
    """Asks for a token with `form`, and keeps it until two minutes before it expires.

    A new refresh token that comes with it replaces the old one until the program ends.
    """

    poster: Poster
    form: Mapping[str, str] = field(repr=False)
    clock: Clock
    _kept: str = field(default="", repr=False)
    _until: datetime | None = None
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def get(self, *, fresh: bool = False) -> str:
        async with self._asking:
            if fresh or self._until is None or self.clock() >= self._until:
                await self._ask()
            return self._kept

    async def _ask(self) -> None:
        self._until = None
        form = urlencode(self.form).encode()
        plain = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        try:
            answer = await self.poster.post(form, plain, _ignore_phase)
        except DeliveryError as error:  # no token, no message: nothing of it can have arrived
            raise ChannelError(f"no token: {error}") from None
        said, host = answer.data, answer.host
        token, word = said.get("access_token"), str(said.get("error", ""))
        if not answer.good:
            wait = wait_asked(answer.retry_after, self.clock())
            raise oauth_meaning(answer.status, word).error(
                f"no token: {host} answered HTTP {answer.status} {_plainly(said)}".rstrip(),
                code=f"HTTP {answer.status}",
                retry_after=wait,
            )
        if not isinstance(token, str) or not _is_token(token):
            raise BUSY.error(f"no token: {host} answered HTTP {answer.status} without access_token")
        if isinstance(renewed := said.get("refresh_token"), str) and "refresh_token" in self.form:
            self.form = {**self.form, "refresh_token": renewed}
        self._kept, self._until = token, self.clock() + _lasting(said.get("expires_in"))


async def _bounded(process: asyncio.subprocess.Process) -> bytes:
    """Read all that a command prints and wait for its end; what prints too much prints no token."""
    if process.stdout is None:
        return b""
    said = b""
    while len(said) <= _MOST and (chunk := await process.stdout.read(_MOST)):
        said += chunk
    if len(said) <= _MOST:
        await process.wait()
    return said


async def _ignore_phase(phase: AttemptPhase) -> None:
    """No message leaves while a token is asked for."""


def _token(said: bytes, origin: str) -> str:
    token = said.decode("ascii", "replace").strip()
    if not _is_token(token):
        raise ChannelError(f"{origin} gave no token: one line of printable ASCII is expected")
    return token


def _is_token(said: str) -> bool:
    """Only what RFC 6750 §2.1 lets a bearer token be, or nearly: no blank, no control character."""
    return 0 < len(said) < _MOST and all("!" <= char <= "~" for char in said)


def _lasting(said: Any) -> timedelta:
    """Return how long a token is used: `expires_in` may be missing, or even a string."""
    try:
        seconds = min(float(said), 86_400.0)
    except (TypeError, ValueError):
        return _UNCOVERED
    return max(timedelta(seconds=seconds) - _MARGIN, timedelta(0)) if seconds >= 0 else _UNCOVERED


def _plainly(said: Mapping[str, Any]) -> str:
    """Return the error and the first line of its description."""
    words = (said.get("error"), str(said.get("error_description", "")).partition("\n")[0][:200])
    return ": ".join(str(word) for word in words if word).replace("\r", "")
