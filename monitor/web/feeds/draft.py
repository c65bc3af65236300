"""A feed that somebody is adding: what was typed, and the table that comes of it. Pure."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from monitor.config.configured_feed import free_name, own_host
from monitor.config.edit import with_feeds
from monitor.config.feeds import FeedSettings, feed_table
from monitor.errors import ConfigError
from monitor.model import Fields, Tier
from monitor.render.sanitize import sanitize

#: Fields of the form that are selectors of a page.
SELECTORS = ("items", "title", "link", "date", "summary")

_MAX = {"url": 2_000, "comment": 300, "title": 120}
_USUAL_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDraft:
    """What was typed into the form of a new feed; `page` are selectors, with `items` "" for no page."""

    url: str = ""
    name: str = ""
    title: str = ""
    tier: str = Tier.UNREVIEWED.value
    lang: str = ""
    comment: str = ""
    page: Fields = field(default_factory=Fields)

    def settings(self) -> FeedSettings:
        """Return its settings.

        Raises:
            ConfigError: something in it is wrong; every mistake.
        """
        table: dict[str, Any] = {"url": self.url, "title": self.title, "tier": self.tier}
        table |= {"lang": self.lang} if self.lang else {}
        if self.page.items:
            selectors = {name: getattr(self.page, name) for name in SELECTORS}
            table |= {"kind": "page", "page": {name: text for name, text in selectors.items() if text}}
        return feed_table(table)


def read_draft(one: Callable[[str], str]) -> FeedDraft:
    """Return the draft of a form, whose fields `one` reads."""

    def text_of(name: str) -> str:
        return sanitize(one(name))[: _MAX.get(name, _USUAL_MAX)]

    page = Fields(**{name: text_of(f"page_{name}") for name in SELECTORS})
    return FeedDraft(
        url=text_of("url"),
        name=text_of("name"),
        title=text_of("title"),
        tier=text_of("tier") or Tier.UNREVIEWED.value,
        lang=text_of("lang"),
        comment=text_of("comment"),
        page=page,
    )


def address_mistake(url: str, is_internal: Callable[[str], bool]) -> str:
    """Return why an address may not be fetched for the desk; "" if it may.

    The desk may be open to people who must not reach the operator's network, so that only the operator can
    allow an internal address. `is_internal` says which are allowed.
    """
    if urlsplit(url).scheme.lower() not in {"http", "https"}:
        return "Write an address that begins with https:// or http://; a file is added in the configuration."
    if own_host(url) and not is_internal(url):
        return "This address is internal; only polling.allow_hosts in the configuration can allow it."
    return ""


def with_draft(text: str, draft: FeedDraft, taken: Collection[str], comment: str) -> tuple[str, str]:
    """Return the configuration with the feed of a draft, and the name of its table.

    Raises:
        ConfigError: the draft has a mistake, or the file has a layout that cannot be extended.
    """
    table = draft.settings()
    if draft.name in taken:
        raise ConfigError(f"there is a feed {draft.name!r} already; give another name")
    name = draft.name or free_name(draft.title or urlsplit(draft.url).hostname or "feed", taken)
    return with_feeds(text, {name: table.table()}, comment), name
