"""Get access tokens for mail servers that take no passwords: from a command, a file or a token endpoint.

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
from typing import Any, Protocol
from urllib.parse import urlencode

from pydantic import BaseModel, SecretStr

from monitor.channels.answers.base import BUSY
from monitor.channels.answers.oauth import oauth_meaning
from monitor.channels.base import ignore_phase
from monitor.channels.post import Poster, parse_url, retry_after_in
from monitor.channels.settings import Tools, refuse_unsafe
from monitor.clock import Clock
from monitor.errors import ChannelError, DeliveryError

COMMAND_TIME_LIMIT_S = 30.0
_MAX_BYTES = 65_536
_DEFAULT_LIFETIME = timedelta(minutes=5)
_MARGIN = timedelta(minutes=2)


class Tokens(Protocol):
    """A source of access tokens."""

    async def get(self, *, fresh: bool = False) -> str:
        """Return a token; with `fresh` a new one, where the source can give one.

        Raises:
            ChannelError: there is none.
        """


class TokenSettings(BaseModel):
    """How a mail channel gets tokens: by one of `token_command`, `token_file` and `token_url`.

    The token is the command's output or the file's content; the command runs without a shell, for at most
    half a minute, and its output is never logged. At `token_url` a token is requested with `client_id` and
    `client_secret`, or with a `refresh_token`, and kept until shortly before it expires.
    """

    token_command: tuple[str, ...] = ()
    token_file: Path | None = None
    token_url: str = ""
    client_id: str = ""
    client_secret: SecretStr | None = None
    refresh_token: SecretStr | None = None
    scope: str = ""

    @property
    def token_sources(self) -> tuple[str, ...]:
        """The keys of the configuration that name a source."""
        keys = ("token_command", "token_file", "token_url")
        return tuple(key for key in keys if getattr(self, key))

    def check_tokens(self) -> None:
        """Refuse settings that cannot work.

        Raises:
            ValueError: more than one source, or a token endpoint without credentials or in clear.
        """
        if len(self.token_sources) > 1:
            raise ValueError(f"{' and '.join(self.token_sources)} are both set: keep one")
        if not self.token_url:
            return
        refuse_unsafe(self.token_url, key="token_url")
        if not self.client_id or (self.client_secret is None and self.refresh_token is None):
            raise ValueError("token_url needs client_id, and client_secret or refresh_token")

    def tokens(self, tools: Tools) -> Tokens | None:
        """Return the source of tokens; None if none is set."""
        if self.token_command:
            return TokenCommand(self.token_command)
        if self.token_file:
            return TokenFile(self.token_file)
        if not self.token_url:
            return None
        poster = Poster(
            http=tools.http,
            url=parse_url(self.token_url),
            time_limit_s=tools.time_limit_s,
            max_answer_bytes=_MAX_BYTES,
        )
        return TokenEndpoint(poster=poster, form=self._form(), clock=tools.clock)

    def _form(self) -> dict[str, str]:
        form = {"client_id": self.client_id, "scope": self.scope, "grant_type": "client_credentials"}
        if self.client_secret:
            form["client_secret"] = self.client_secret.get_secret_value()
        if self.refresh_token:
            form |= {"grant_type": "refresh_token", "refresh_token": self.refresh_token.get_secret_value()}
        return {key: value for key, value in form.items() if value}


@dataclass(frozen=True, slots=True)
class TokenFile:
    """A file that another program renews; it is read for each token."""

    path: Path

    async def get(self, *, fresh: bool = False) -> str:
        try:
            output = await asyncio.to_thread(self.path.expanduser().read_bytes)
        except OSError as error:
            raise ChannelError(f"token_file: {self.path} cannot be read: {error.strerror}") from None
        return _token(output, f"token_file: {self.path}")


@dataclass(frozen=True, slots=True)
class TokenCommand:
    """A command that prints a token; it runs for each token, without a shell."""

    command: tuple[str, ...]
    time_limit_s: float = COMMAND_TIME_LIMIT_S

    async def get(self, *, fresh: bool = False) -> str:
        nothing, pipe = asyncio.subprocess.DEVNULL, asyncio.subprocess.PIPE
        try:
            process = await asyncio.create_subprocess_exec(
                *self.command, stdin=nothing, stdout=pipe, stderr=nothing, start_new_session=True
            )
        except OSError as error:
            raise ChannelError(f"{self._name} cannot be run: {error.strerror}") from None
        try:
            async with asyncio.timeout(self.time_limit_s):
                output = await _read_output(process)
        except TimeoutError:
            raise ChannelError(f"{self._name} did not end within {self.time_limit_s:g} s") from None
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await _discard_output(process)
        if process.returncode and len(output) <= _MAX_BYTES:
            raise ChannelError(f"{self._name} failed with exit code {process.returncode}; run it by hand")
        return _token(output, self._name)

    @property
    def _name(self) -> str:
        """The command's name for errors, without its arguments, which may hold secrets."""
        return f"token_command: {self.command[0]}"


@dataclass(kw_only=True)
class TokenEndpoint:
    """Requests a token with `form`, and keeps it until two minutes before it expires.

    A new refresh token in the answer replaces the old one until the program ends.
    """

    poster: Poster
    form: Mapping[str, str] = field(repr=False)
    clock: Clock
    _token: str = field(default="", repr=False)
    _valid_until: datetime | None = None
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def get(self, *, fresh: bool = False) -> str:
        async with self._lock:
            if fresh or self._valid_until is None or self.clock() >= self._valid_until:
                await self._request()
            return self._token

    async def _request(self) -> None:
        self._valid_until = None
        form = urlencode(self.form).encode()
        plain = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        try:
            answer = await self.poster.post(form, plain, ignore_phase)
        except DeliveryError as error:  # no token, no message: nothing of it can have arrived
            raise ChannelError(f"no token: {error}") from None
        data, host = answer.data, answer.host
        token, word = data.get("access_token"), str(data.get("error", ""))
        if not answer.good:
            wait = retry_after_in(answer.retry_after, self.clock())
            raise oauth_meaning(answer.status, word).error(
                f"no token: {host} answered HTTP {answer.status} {_error_text(data)}".rstrip(),
                code=f"HTTP {answer.status}",
                retry_after=wait,
            )
        if not isinstance(token, str) or not _is_token(token):
            raise BUSY.error(f"no token: {host} answered HTTP {answer.status} without access_token")
        if isinstance(renewed := data.get("refresh_token"), str) and "refresh_token" in self.form:
            self.form = {**self.form, "refresh_token": renewed}
        self._token, self._valid_until = token, self.clock() + _lifetime(data.get("expires_in"))


async def _read_output(process: asyncio.subprocess.Process) -> bytes:
    """Return what a command prints, after its end; stop at more than a token can have."""
    if process.stdout is None:
        return b""
    output = b""
    while len(output) <= _MAX_BYTES and (chunk := await process.stdout.read(_MAX_BYTES)):
        output += chunk
    if len(output) <= _MAX_BYTES:
        await process.wait()
    return output


async def _discard_output(process: asyncio.subprocess.Process) -> None:
    """Wait for the end of a killed command; `wait` alone never returns while output is unread."""
    while process.stdout and await process.stdout.read(_MAX_BYTES):
        pass
    await process.wait()


def _token(output: bytes, origin: str) -> str:
    token = output.decode("ascii", "replace").strip()
    if not _is_token(token):
        raise ChannelError(f"{origin} gave no token: one line of printable ASCII is expected")
    return token


def _is_token(text: str) -> bool:
    """Return whether a text can be a bearer token: printable ASCII without blanks (RFC 6750 §2.1)."""
    return 0 < len(text) < _MAX_BYTES and all("!" <= char <= "~" for char in text)


def _lifetime(expires_in: Any) -> timedelta:
    """Return how long a token is used; `expires_in` may be missing or a string."""
    try:
        seconds = min(float(expires_in), 86_400.0)
    except (TypeError, ValueError):
        return _DEFAULT_LIFETIME
    return max(timedelta(seconds=seconds) - _MARGIN, timedelta(0)) if seconds >= 0 else _DEFAULT_LIFETIME


def _error_text(data: Mapping[str, Any]) -> str:
    """Return the error and the first line of its description."""
    words = (data.get("error"), str(data.get("error_description", "")).partition("\n")[0][:200])
    return ": ".join(str(word) for word in words if word).replace("\r", "")
