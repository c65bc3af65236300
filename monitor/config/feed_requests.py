"""The keys of ``[feeds.<name>]`` about its requests: credentials, headers, cookies, certificates, proxy."""

import base64
import re
import ssl
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from monitor.channels.settings import read_secret_files
from monitor.feeds.parsing.decode import known_encoding
from monitor.model import Request

from .base import Section

_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")

#: Headers that the fetcher sets itself.
_OURS = frozenset(
    "host connection content-length transfer-encoding accept-encoding if-none-match if-modified-since"
    " proxy-authorization te trailer upgrade user-agent".split()
)


class RequestFields(Section):
    """The keys of ``[feeds.<name>]`` about its HTTP requests.

    For each key in `secret_keys`, ``<key>_file`` may name a file that holds the value instead.
    """

    headers: dict[str, SecretStr] = Field(default_factory=dict)
    cookies: dict[str, SecretStr] = Field(default_factory=dict)
    user: str = ""
    password: SecretStr | None = None
    token: SecretStr | None = None
    proxy: SecretStr | None = None
    user_agent: str = ""
    http2: bool = False
    encoding: str = ""
    ca: Path | None = None

    @model_validator(mode="before")
    @classmethod
    def _read_secret_files(cls, given: Any) -> Any:
        return read_secret_files(cls, given)

    @field_validator("headers")
    @classmethod
    def _are_headers(cls, given: dict[str, SecretStr]) -> dict[str, SecretStr]:
        for name, value in given.items():
            if not _HEADER.fullmatch(name):
                raise ValueError(f"{name[:50]!r} is no name of a header")
            if name.lower() in _OURS:
                raise ValueError(f"{name} is the fetcher's to say; leave it out")
            if not _fits(value.get_secret_value()):
                raise ValueError(f"{name}: write printable ASCII on one line")
        return given

    @field_validator("cookies")
    @classmethod
    def _are_cookies(cls, given: dict[str, SecretStr]) -> dict[str, SecretStr]:
        for name, value in given.items():
            if not _HEADER.fullmatch(name):
                raise ValueError(f"{name[:50]!r} is no name of a cookie")
            text = value.get_secret_value()
            if not _fits(text) or ";" in text:
                raise ValueError(f"{name}: write the value of one cookie, printable ASCII without semicolons")
        return given

    @field_validator("ca")
    @classmethod
    def _holds_certificates(cls, given: Path | None) -> Path | None:
        if given is None:
            return None
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=given.expanduser())
        except ssl.SSLError:
            raise ValueError(f"{given} holds no certificate in PEM form") from None
        except OSError as error:
            raise ValueError(f"{given} cannot be read: {error.strerror}") from None
        return given.expanduser()

    @field_validator("user_agent")
    @classmethod
    def _is_one_line(cls, given: str) -> str:
        if given and not _fits(given):
            raise ValueError("write printable ASCII on one line")
        return given

    @field_validator("token")
    @classmethod
    def _is_a_token(cls, given: SecretStr | None) -> SecretStr | None:
        if given and not _fits(given.get_secret_value()):
            raise ValueError("a token is of printable ASCII")
        return given

    @field_validator("proxy")
    @classmethod
    def _is_a_proxy(cls, given: SecretStr | None) -> SecretStr | None:
        if given is None:
            return None
        try:
            parts = urlsplit(given.get_secret_value())
            good = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        except ValueError:
            good = False
        if not good:  # whose text may hold a password
            raise ValueError("write a proxy as http://host:port or http://user:password@host:port")
        return given

    @field_validator("encoding")
    @classmethod
    def _is_known(cls, given: str) -> str:
        if given and not known_encoding(given):
            raise ValueError(f"no encoding {given[:40]!r}; write utf-8, windows-1251, koi8-r, gb18030, …")
        return given

    @property
    def is_mailbox(self) -> bool:
        """Whether the feed is a mailbox, where a token needs a user."""
        return False

    @model_validator(mode="after")
    def _has_one_identity(self) -> Self:
        if self.is_mailbox:
            if not self.user or (self.password is None) == (self.token is None):
                raise ValueError("a mailbox needs user, and either password or token")
            return self
        named = any(name.lower() == "authorization" for name in self.headers)
        if bool(self.user) != (self.password is not None):
            raise ValueError("user and password belong together: write both or neither")
        if (bool(self.user), self.token is not None, named).count(True) > 1:
            raise ValueError("user, token and a header Authorization are three ways of one: keep one")
        if self.cookies and any(name.lower() == "cookie" for name in self.headers):
            raise ValueError("cookies and a header Cookie are two ways of one: keep cookies")
        return self

    @property
    def request(self) -> Request:
        """How the feed is requested."""
        headers = tuple((name, value.get_secret_value()) for name, value in self.headers.items())
        proxy = self.proxy.get_secret_value() if self.proxy else ""
        cookies = tuple((name, value.get_secret_value()) for name, value in self.cookies.items())
        return Request(
            headers=headers,
            cookies=cookies,
            auth=self._auth(),
            proxy=proxy,
            user_agent=self.user_agent,
            http2=self.http2,
            encoding=self.encoding,
            ca=str(self.ca) if self.ca else "",
            user=self.user if self.is_mailbox else "",
        )

    def _auth(self) -> str:
        if self.token:
            return f"Bearer {self.token.get_secret_value()}"
        if not self.password:
            return ""
        pair = f"{self.user}:{self.password.get_secret_value()}".encode()
        return f"Basic {base64.b64encode(pair).decode()}"


def _fits(value: str) -> bool:
    return value.isascii() and value.isprintable() and value == value.strip() and len(value) <= 8_000
