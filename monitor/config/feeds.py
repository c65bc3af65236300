"""``[feeds.<name>]``: where a feed is, how it is parsed, how often it is polled."""

import base64
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator

from monitor.channels.settings import read_secret_files
from monitor.errors import ConfigError
from monitor.feeds.adapters.listing import selector_error
from monitor.feeds.articles import extract as article
from monitor.feeds.parsing.decode import known_encoding
from monitor.model import Fields, Kind, Request, Tier

from .base import Backlog, Duration, Section, format_duration

_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")

#: Headers that the fetcher sets itself.
_OURS = frozenset(
    "host connection content-length transfer-encoding accept-encoding if-none-match if-modified-since"
    " proxy-authorization te trailer upgrade user-agent".split()
)


class PageFields(Section):
    """``[feeds.<name>.page]``: CSS selectors, with or without ``@attribute``."""

    items: str = Field(min_length=1)
    title: str = ""
    link: str = ""
    date: str = ""
    summary: str = ""

    @field_validator("*")
    @classmethod
    def _is_a_selector(cls, given: str) -> str:
        if mistake := selector_error(given):
            raise ValueError(mistake)
        return given


class JsonFields(Section):
    """``[feeds.<name>.json]``: dotted paths; without `items` the document itself is the list."""

    items: str = ""
    title: str = Field(min_length=1)
    url: str = ""
    date: str = ""
    summary: str = ""
    id: str = ""


class RequestFields(Section):
    """The keys of ``[feeds.<name>]`` about its HTTP requests.

    For each key in `secret_keys`, ``<key>_file`` may name a file that holds the value instead.
    """

    headers: dict[str, SecretStr] = Field(default_factory=dict)
    user: str = ""
    password: SecretStr | None = None
    token: SecretStr | None = None
    proxy: SecretStr | None = None
    user_agent: str = ""
    http2: bool = False
    encoding: str = ""

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

    @model_validator(mode="after")
    def _has_one_identity(self) -> Self:
        named = any(name.lower() == "authorization" for name in self.headers)
        if bool(self.user) != (self.password is not None):
            raise ValueError("user and password belong together: write both or neither")
        if (bool(self.user), self.token is not None, named).count(True) > 1:
            raise ValueError("user, token and a header Authorization are three ways of one: keep one")
        return self

    @property
    def request(self) -> Request:
        """How the feed is requested."""
        headers = tuple((name, value.get_secret_value()) for name, value in self.headers.items())
        proxy = self.proxy.get_secret_value() if self.proxy else ""
        return Request(
            headers=headers,
            auth=self._auth(),
            proxy=proxy,
            user_agent=self.user_agent,
            http2=self.http2,
            encoding=self.encoding,
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


class FeedSettings(RequestFields):
    """``[feeds.<name>]``: `url` is http(s), ``file:`` or ``seed:``; `backlog` is a duration or ``all``.

    Without `every` the tier sets how often it is polled: see `monitor.feeds.cadence`.
    """

    url: str = Field(repr=False)
    title: str = ""
    every: Duration | None = None
    tier: Tier = Tier.REGIONAL
    lang: str = ""
    backlog: Backlog = timedelta(hours=24)
    enabled: bool = True
    kind: Kind = Kind.AUTO
    page: PageFields | None = None
    json_: JsonFields | None = Field(None, alias="json")
    full_text: bool = False
    date_order: Literal["", "dmy", "mdy", "ymd"] = ""

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, given: str) -> str:
        parts = urlsplit(given)
        if parts.scheme not in {"http", "https", "file", "seed"} or not (parts.netloc or parts.path):
            raise ValueError("write a whole address: https://…, http://…, file:… or seed:…")
        if parts.scheme in {"http", "https"} and not parts.hostname:
            raise ValueError("the address names no host")
        try:
            _ = parts.port
        except ValueError:  # whose text may hold a password
            what = "the port is no number below 65536; in a password write / as %2F and @ as %40"
            raise ValueError(what) from None
        return given

    @field_validator("every")
    @classmethod
    def _is_polite(cls, given: timedelta | None) -> timedelta | None:
        if given is not None and given < timedelta(seconds=1):
            raise ValueError("ask at most once a second")
        return given

    @model_validator(mode="after")
    def _is_fetched_over_http(self) -> Self:
        local = not self.url.lower().startswith(("http:", "https:"))
        if local and replace(self.request, encoding="") != Request():
            raise ValueError(
                "a file is opened, not asked: only encoding may be set, of what is about requests"
            )
        if self._auth() and "@" in urlsplit(self.url).netloc:
            raise ValueError("the address has credentials already: keep those or user and token")
        return self

    @model_validator(mode="after")
    def _has_its_fields(self) -> Self:
        for kind, table in ((Kind.PAGE, self.page), (Kind.JSON, self.json_)):
            if self.kind is kind and table is None:
                raise ValueError(f'kind = "{kind}" needs a table [feeds.<name>.{kind}] with its items')
            if table is not None and self.kind is not kind:
                raise ValueError(f'the table [feeds.<name>.{kind}] needs kind = "{kind}"')
        return self

    @field_validator("full_text")
    @classmethod
    def _can_be_read_in_full(cls, given: bool) -> bool:
        if given and not article.installed():
            raise ValueError(article.REMEDY)
        return given

    @property
    def fields(self) -> Fields:
        """Where a page or JSON document has its items."""
        if self.json_ is not None:
            paths = self.json_
            return Fields(
                items=paths.items,
                title=paths.title,
                link=paths.url,
                date=paths.date,
                summary=paths.summary,
                id=paths.id,
            )
        page = self.page
        return (
            Fields(items=page.items, title=page.title, link=page.link, date=page.date, summary=page.summary)
            if page
            else Fields()
        )

    def table(self) -> dict[str, Any]:
        """Return the table as TOML would have it, without defaults and empty values.

        It holds no headers, credentials or proxy; the address may hold credentials.
        """
        table: dict[str, Any] = {"url": self.url}
        table |= {"title": self.title} if self.title else {}
        table |= {"every": format_duration(self.every)} if self.every else {}
        table["tier"] = self.tier.value
        table |= {"lang": self.lang} if self.lang else {}
        table["backlog"] = "all" if self.backlog is None else format_duration(self.backlog)
        table |= {"kind": self.kind.value} if self.kind is not Kind.AUTO else {}
        table |= {"full_text": True} if self.full_text else {}
        table |= {} if self.enabled else {"enabled": False}
        table |= {"user_agent": self.user_agent} if self.user_agent else {}
        table |= {"http2": True} if self.http2 else {}
        table |= {"encoding": self.encoding} if self.encoding else {}
        table |= {"date_order": self.date_order} if self.date_order else {}
        for name, fields in (("page", self.page), ("json", self.json_)):
            table |= {name: fields.model_dump(exclude_defaults=True)} if fields else {}
        return table


def feed_table(table: dict[str, Any]) -> FeedSettings:
    """Return the settings of one feed, from a command or an OPML file.

    Raises:
        ConfigError: what is wrong with it, every mistake in one line.
    """
    try:
        return FeedSettings.model_validate(table)
    except ValidationError as error:
        said = (each["msg"].removeprefix("Value error, ") for each in error.errors(include_url=False))
        raise ConfigError("; ".join(said)) from error
