"""``[feeds.<name>]``: where a feed is, how it is parsed, how often it is polled."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator

from monitor.errors import ConfigError
from monitor.feeds.articles import extract as article
from monitor.feeds.mailbox.address import PORTS, is_mailbox
from monitor.model import Fields, Kind, MailFilter, Request, Tier

from .base import Backlog, Duration, Section, format_duration
from .feed_requests import RequestFields


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
        from monitor.feeds.adapters.listing import selector_error  # noqa: PLC0415  few feeds are pages

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
    category: str = ""


_SENDER = re.compile(r"[^\s@<>,]*@[^\s@<>,]+\.[^\s@<>,.]+")


class MailFields(Section):
    """``[feeds.<name>.mail]``: which messages of a mailbox are read."""

    senders: tuple[str, ...] = ()
    verified_by: str = ""

    @field_validator("senders")
    @classmethod
    def _are_senders(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for sender in given:
            if not _SENDER.fullmatch(sender):
                raise ValueError(f"{sender[:60]!r}: write name@domain, or @domain for all of it")
        return given


class FeedSettings(RequestFields):
    """``[feeds.<name>]``: `url` is http(s), ``imaps:``, ``file:`` or ``seed:``.

    `backlog` is a duration or ``all``. Without `every` the tier sets how often it is polled: see
    `monitor.feeds.cadence`.
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
    mail: MailFields | None = None
    full_text: bool = False
    date_order: Literal["", "dmy", "mdy", "ymd"] = ""

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, given: str) -> str:
        parts = urlsplit(given)
        remote = {"http", "https", *PORTS}
        if parts.scheme not in {*remote, "file", "seed"} or not (parts.netloc or parts.path):
            raise ValueError("write a whole address: https://…, http://…, imaps://…, file:… or seed:…")
        if parts.scheme in remote and not parts.hostname:
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
        if self.is_mailbox:
            self._check_mailbox()
            return self
        if self.kind is Kind.IMAP or self.mail is not None:
            raise ValueError('kind = "imap" and mail need an address such as imaps://imap.example.org/INBOX')
        local = not self.url.lower().startswith(("http:", "https:"))
        if local and replace(self.request, encoding="") != Request():
            raise ValueError(
                "a file is opened, not asked: only encoding may be set, of what is about requests"
            )
        if self._auth() and "@" in urlsplit(self.url).netloc:
            raise ValueError("the address has credentials already: keep those or user and token")
        return self

    def _check_mailbox(self) -> None:
        if self.kind is not Kind.IMAP:
            raise ValueError('an imaps:// address is that of a mailbox: write kind = "imap"')
        if "@" in urlsplit(self.url).netloc:
            raise ValueError("write user and password as keys, not in the address")
        own = replace(self.request, auth="", ca="", user="")
        if own != Request() or self.full_text:
            raise ValueError("a mailbox takes user, password or token, and ca, nothing else about requests")

    @property
    def is_mailbox(self) -> bool:
        """Whether the address is that of a mailbox."""
        return is_mailbox(self.url)

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
                category=paths.category,
            )
        page = self.page
        return (
            Fields(items=page.items, title=page.title, link=page.link, date=page.date, summary=page.summary)
            if page
            else Fields()
        )

    @property
    def mail_filter(self) -> MailFilter:
        """The messages of a mailbox that are read."""
        return MailFilter(self.mail.senders, self.mail.verified_by) if self.mail else MailFilter()

    def table(self) -> dict[str, Any]:
        """Return the table as TOML would have it, without defaults and empty values.

        It holds no headers, cookies, credentials, proxy or certificates; the address may hold credentials.
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
        for name, fields in (("page", self.page), ("json", self.json_), ("mail", self.mail)):
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
