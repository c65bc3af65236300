"""What the settings of every channel share: strictness, secrets from files, safe addresses."""

import ipaddress
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, ClassVar, TextIO

import httpx
from pydantic import AfterValidator, BaseModel, ConfigDict, SecretStr, model_validator

from monitor.clock import Clock, utc_now

from .base import Channel
from .post import DEADLINE_S


async def _nothing(channel: str, story: str) -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Tools:
    """What channels are built with; they share it. `stream` is where the console channel writes, `deadline_s`
    how long one exchange over HTTP may take.

    `http` should keep no idle connections: on one that the other side has just closed, a message that never
    left and a lost answer look the same. `leave` gives the address at which a recipient of a channel
    unsubscribes with one click ("" for none), always the same for the same two: it is part of a mail that no
    retry may change. `answered` gives what a channel was answered to the messages of a story, oldest first.
    """

    http: httpx.AsyncClient
    clock: Clock = utc_now
    deadline_s: float = DEADLINE_S
    stream: TextIO = field(default_factory=lambda: sys.stdout)
    leave: Callable[[str, str], str] | None = None
    answered: Callable[[str, str], Awaitable[Sequence[str]]] = _nothing


class ChannelSettings(BaseModel):
    """One ``[channels.<name>]`` table; unknown keys are mistakes.

    `form` is the form of message the channel takes, one of those that `Outlet` names; `no_digests` says why
    a channel takes no digests. A `personal` channel has addresses of recipients. For each key in
    `confidential`, ``<key>_file`` may name a file that holds the value instead.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    form: ClassVar[str]
    personal: ClassVar[bool] = False
    confidential: ClassVar[tuple[str, ...]] = ()
    no_digests: ClassVar[str] = ""

    @model_validator(mode="before")
    @classmethod
    def _read_secret_files(cls, given: Any) -> Any:
        return with_secrets_read(given, cls.confidential)

    def recipients(self) -> tuple[str, ...]:
        """Return whom the channel reaches: each gets a delivery of their own."""
        return ("",)

    def address(self) -> str:
        """Return the web address that this program posts to, "" if there is none; it may be a secret."""
        url = getattr(self, "url", "")
        return url.get_secret_value() if isinstance(url, SecretStr) else str(url)

    def addressed(self, address: str) -> str:
        """Return the address of a recipient with wishes of their own, if the channel can reach it.

        Raises:
            ValueError: it cannot.
        """
        if address:
            raise ValueError('the channel has no addresses; write ""')
        return address

    def build(self, tools: Tools) -> Channel:
        """Make the channel."""
        raise TypeError(f"{type(self).__name__} builds no channel")


def with_secrets_read(given: Any, keys: tuple[str, ...]) -> Any:
    """Return a table in which each ``<key>_file`` has become `key`, with what that file holds.

    Raises:
        ValueError: both are there, or the file cannot be read.
    """
    if not isinstance(given, dict):
        return given
    known = dict(given)
    for key in keys:
        if (path := known.pop(f"{key}_file", None)) is None:
            continue
        if known.get(key) is not None:
            raise ValueError(f"{key} and {key}_file are both set: keep one")
        known[key] = _content(f"{key}_file", Path(path))
    return known


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine, by its name alone."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def refuse_unsafe(url: str, *, allow_http: bool = False, key: str = "url") -> None:
    """Refuse an address that would carry messages in clear over a network.

    Raises:
        ValueError: never with the address in its text.
    """
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL:
        raise ValueError(f"{key} is not a web address") from None
    if address.scheme not in {"http", "https"} or not address.host:
        raise ValueError(f"{key} must be a whole address that begins with https://")
    if address.scheme == "http" and not (allow_http or is_loopback(address.host)):
        raise ValueError(f"{key} must begin with https://; http:// is for this machine only")


def _refused_if_unsafe(url: SecretStr) -> SecretStr:
    refuse_unsafe(url.get_secret_value())
    return url


#: An address to post to that is a secret: whoever has it can post.
SecretUrl = Annotated[SecretStr, AfterValidator(_refused_if_unsafe)]


def _content(key: str, path: Path) -> str:
    try:
        content = path.expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ValueError(f"{key}: {path} cannot be read: {why}") from None
    if not content:
        raise ValueError(f"{key}: {path} is empty")
    return content
