"""``[feeds.<name>]``: where a feed is, how it is read, how often it is asked."""

from datetime import timedelta
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator

from monitor.errors import ConfigError
from monitor.feeds import article
from monitor.feeds.adapters.page import mistake_in
from monitor.model import Fields, Kind, Tier

from .base import Backlog, Duration, Section, written


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
        if mistake := mistake_in(given):
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


class FeedSettings(Section):
    """``[feeds.<name>]``: `url` is http(s), ``file:`` or ``seed:``; `backlog` is a duration or ``all``."""

    url: str
    title: str = ""
    every: Duration = timedelta(minutes=10)
    tier: Tier = Tier.REGIONAL
    lang: str = ""
    backlog: Backlog = timedelta(hours=24)
    enabled: bool = True
    kind: Kind = Kind.AUTO
    page: PageFields | None = None
    json_: JsonFields | None = Field(None, alias="json")
    full_text: bool = False

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
    def _is_polite(cls, given: timedelta) -> timedelta:
        if given < timedelta(seconds=1):
            raise ValueError("ask at most once a second")
        return given

    @model_validator(mode="after")
    def _says_how_it_is_read(self) -> Self:
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
        """Where a page or JSON keeps its items."""
        if self.json_ is not None:
            paths = self.json_
            return Fields(paths.items, paths.title, paths.url, paths.date, paths.summary, paths.id)
        page = self.page
        return Fields(page.items, page.title, page.link, page.date, page.summary) if page else Fields()

    def table(self) -> dict[str, Any]:
        """Return the table as TOML would hold it, without what is left to its default or says nothing."""
        told: dict[str, Any] = {"url": self.url}
        told |= {"title": self.title} if self.title else {}
        told |= {"every": written(self.every), "tier": self.tier.value}
        told |= {"lang": self.lang} if self.lang else {}
        told["backlog"] = "all" if self.backlog is None else written(self.backlog)
        told |= {"kind": self.kind.value} if self.kind is not Kind.AUTO else {}
        told |= {"full_text": True} if self.full_text else {}
        told |= {} if self.enabled else {"enabled": False}
        for name, fields in (("page", self.page), ("json", self.json_)):
            told |= {name: fields.model_dump(exclude_defaults=True)} if fields else {}
        return told


def feed_table(table: dict[str, Any]) -> FeedSettings:
    """Return the settings of one feed that a person or a list of feeds gives.

    Raises:
        ConfigError: what is wrong with it, every mistake in one line.
    """
    try:
        return FeedSettings.model_validate(table)
    except ValidationError as error:
        said = (each["msg"].removeprefix("Value error, ") for each in error.errors(include_url=False))
        raise ConfigError("; ".join(said)) from error
