"""`feeds add`: ask an address for its feed, and write the feed into config.toml."""

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from monitor import config as configuration
from monitor.app import derive
from monitor.app.http import guarded_client
from monitor.clock import utc_now
from monitor.config.configured_feed import feed_of, free_name
from monitor.config.edit import with_feeds
from monitor.config.feeds import FeedSettings, feed_table
from monitor.config.write import check_text
from monitor.errors import ConfigError, MonitorError
from monitor.executor import Executor
from monitor.feeds.discover import AdvertisedFeed
from monitor.feeds.http.fetch import Fetcher
from monitor.feeds.links import display_url
from monitor.jobs.feed_addresses import AddressContent, AddressProbe

from .common import DEFAULT_CONFIG, ConfigPath, stdout


def add(
    url: Annotated[str, typer.Argument(help="A feed, or a page that names its feed.")],
    name: Annotated[str, typer.Option(help="What to call it; made from its title if not given.")] = "",
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Ask an address once and write its feed into the configuration; of a page, the one feed it names."""
    settings = configuration.load(config)
    table = feed_table({"url": url, "tier": "unreviewed"})
    _refuse_known(url, settings)
    content = asyncio.run(_content_of(table, settings))
    if content.parsed:
        title, said = content.parsed.title, f"{len(content.parsed.items)} items"
    else:
        found = _only_one(content, url)
        url, title, said = found.url, found.title, "named by that page; not asked yet"
        _refuse_known(url, settings)
    name = name or free_name(title or urlsplit(url).hostname or "feed", settings.feeds)
    add_tables(config, {name: feed_table({"url": url, "title": title, "tier": "unreviewed"}).table()})
    stdout.print(f"added [feeds.{name}] {display_url(url)}: {said}", markup=False, soft_wrap=True)
    stdout.print("its tier is unreviewed; write official, wire, trade or regional if it is", markup=False)


def _refuse_known(url: str, settings: configuration.Settings) -> None:
    for name, table in settings.feeds.items():
        if table.url == url:
            raise ConfigError(f"{display_url(url)} is there already, as [feeds.{name}]")


async def _content_of(table: FeedSettings, settings: configuration.Settings) -> AddressContent:
    feeds = {**settings.feeds, "new": table}  # an address that a person types is one they allow
    http, guard = guarded_client(settings.model_copy(update={"feeds": feeds}))
    cpu, limit_s = Executor("cpu"), settings.polling.deadline.total_seconds()
    try:
        async with http, Fetcher(http, guard, derive.limits_of(settings)) as fetch:
            probe = AddressProbe(fetch=fetch, cpu=cpu, clock=utc_now, time_limit_s=limit_s)
            return await probe.content(feed_of("new", table))
    finally:
        cpu.close()


def _only_one(content: AddressContent, url: str) -> AdvertisedFeed:
    """Return the one feed that a page names; else say what there is to choose from."""
    found = content.advertised
    if len(found) == 1:
        return found[0]
    if found:
        listed = "\n".join(f"  {each.url}  {each.title}" for each in found)
        raise MonitorError(f"{display_url(url)} names {len(found)} feeds; add the one you want:\n{listed}")
    guesses = "\n".join(f"  {place}" for place in content.candidates)
    reason = f"{display_url(url)} is a page that names no feed; sites like it often keep one at"
    raise MonitorError(f"{reason}\n{guesses}{_as_page(content)}")


def _as_page(content: AddressContent) -> str:
    """Return the selectors by which the page itself can be read, as lines of a configuration."""
    if not content.selectors:
        return ""
    best = content.selectors[0]
    date = f', date = "{best.date}"' if best.date else ""
    return f'\nor read the page itself, with kind = "page" and page = {{ items = "{best.items}"{date} }}'


def add_tables(config: Path, tables: Mapping[str, Mapping[str, Any]]) -> None:
    """Add tables of feeds at the end of a configuration."""
    rewrite(config, with_feeds(config.read_bytes().decode(), tables))


def rewrite(config: Path, text: str) -> None:
    """Replace a configuration atomically, after the new text was loaded without a mistake."""
    check_text(config, text)
    target = config.resolve()
    beside = target.with_name(f".{target.name}.new")
    try:
        beside.write_bytes(text.encode())
        beside.chmod(target.stat().st_mode & 0o777)
        os.replace(beside, target)
    except OSError as error:
        raise MonitorError(f"{config} cannot be written: {error.strerror}") from error
    finally:
        beside.unlink(missing_ok=True)
