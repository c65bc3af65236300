"""Define what the settings of all channels share: strict tables, secrets from files, safe addresses."""

import ipaddress
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TextIO, Union, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, SecretStr, model_validator

from monitor.clock import Clock, utc_now
from monitor.model import MessageForm

from .base import Channel
from .post import TIME_LIMIT_S, parse_url

if TYPE_CHECKING:
    import httpx


async def _no_receipts(channel: str, story: str) -> Sequence[str]:
    return ()


def _no_link(channel: str, recipient: str) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """The resources that all channels share.

    `http` keeps no idle connections: on a connection that the other side has just closed, an unsent message
    and a lost answer look the same. `time_limit_s` is for one HTTP exchange. The console channel writes to
    `stream`. `unsubscribe_link` takes channel and recipient and returns the address of the one-click
    unsubscription, "" for none; it is the same at every call, because a retry sends the same bytes.
    `receipts` takes channel and story and returns the answers to the story's messages, oldest first.
    """

    http: "httpx.AsyncClient"
    clock: Clock = utc_now
    time_limit_s: float = TIME_LIMIT_S
    stream: TextIO = field(default_factory=lambda: sys.stdout)
    unsubscribe_link: Callable[[str, str], str] = _no_link
    receipts: Callable[[str, str], Awaitable[Sequence[str]]] = _no_receipts


class ChannelSettings(BaseModel):
    """One ``[channels.<name>]`` table; unknown keys are mistakes.

    `form` is the message form that the channel takes, a key of `RETRY_POLICIES`. `no_digests` is the reason
    why a channel takes no digests, "" if it does. A `personal` channel has addresses of recipients. For each
    key in `secret_keys`, ``<key>_file`` may name a file that holds the value instead.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    form: ClassVar[MessageForm]
    personal: ClassVar[bool] = False
    no_digests: ClassVar[str] = ""

    @model_validator(mode="before")
    @classmethod
    def _read_secret_files(cls, given: Any) -> Any:
        return read_secret_files(cls, given)

    def recipients(self) -> tuple[str, ...]:
        """Return the recipients; each gets a delivery of their own."""
        return ("",)

    def post_url(self) -> str:
        """Return the web address that this program posts to, "" if there is none; it may be a secret."""
        url = getattr(self, "url", "")
        return url.get_secret_value() if isinstance(url, SecretStr) else str(url)

    def check_recipient(self, address: str) -> str:
        """Return the address of a recipient with settings of their own.

        Raises:
            ValueError: the channel cannot reach it.
        """
        if address:
            raise ValueError('the channel has no addresses; write ""')
        return address

    def build(self, tools: Tools) -> Channel:
        """Make the channel."""
        raise TypeError(f"{type(self).__name__} builds no channel")


def secret_keys(model: type[BaseModel]) -> tuple[str, ...]:
    """Return the keys of a table that hold one secret each: those of type `SecretStr`."""
    return tuple(key for key, field in model.model_fields.items() if _is_secret(field.annotation))


def _is_secret(annotation: Any) -> bool:
    optional = get_origin(annotation) in {Union, UnionType}
    return annotation is SecretStr or (optional and SecretStr in get_args(annotation))


def read_secret_files(model: type[BaseModel], given: Any) -> Any:
    """Return a table in which the content of ``<key>_file`` is the value of each secret `key`.

    Raises:
        ValueError: both keys are set, or the file cannot be read.
    """
    if not isinstance(given, dict):
        return given
    known = dict(given)
    for key in secret_keys(model):
        if (path := known.pop(f"{key}_file", None)) is None:
            continue
        if known.get(key) is not None:
            raise ValueError(f"{key} and {key}_file are both set: keep one")
        known[key] = _content(f"{key}_file", Path(path))
    return known


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine, by its name alone."""
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
        address = parse_url(url)
    except ValueError:
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
