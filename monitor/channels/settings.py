"""What the settings of every channel share: strictness, secrets from files, safe addresses."""

import ipaddress
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, TextIO

import httpx
from pydantic import BaseModel, ConfigDict, model_validator

from monitor.clock import Clock, utc_now

from .base import Channel


@dataclass(frozen=True, slots=True)
class Tools:
    """What channels are built with; they share it. `stream` is where the console channel writes.

    `http` should keep no idle connections: on one that the other side has just closed, a message that never
    left and a lost answer look the same.
    """

    http: httpx.AsyncClient
    clock: Clock = utc_now
    stream: TextIO = field(default_factory=lambda: sys.stdout)


class ChannelSettings(BaseModel):
    """One ``[channels.<name>]`` table; unknown keys are mistakes.

    `form` is the form of message the channel takes: ``mail``, ``slack``, ``json``, ``files`` or ``text``.
    A `personal` channel has addresses of recipients.
    For each key in `confidential`, ``<key>_file`` may name a file that holds the value instead.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    form: ClassVar[str]
    personal: ClassVar[bool] = False
    confidential: ClassVar[tuple[str, ...]] = ()

    @model_validator(mode="before")
    @classmethod
    def _read_secret_files(cls, given: Any) -> Any:
        return with_secrets_read(given, cls.confidential)

    def recipients(self) -> tuple[str, ...]:
        """Return whom the channel reaches: each gets a delivery of their own."""
        return ("",)

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


def refuse_unsafe(url: str, *, allow_http: bool = False) -> None:
    """Refuse an address that would carry messages in clear over a network.

    Raises:
        ValueError: never with the address in its text.
    """
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL:
        raise ValueError("url is not a web address") from None
    if address.scheme not in {"http", "https"} or not address.host:
        raise ValueError("url must be a whole address that begins with https://")
    if address.scheme == "http" and not (allow_http or is_loopback(address.host)):
        raise ValueError("url must begin with https://; http:// is for this machine only")


def _content(key: str, path: Path) -> str:
    try:
        content = path.expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ValueError(f"{key}: {path} cannot be read: {why}") from None
    if not content:
        raise ValueError(f"{key}: {path} is empty")
    return content
