"""`feeds add`, `feeds import`, `feeds export`: add feeds to config.toml, read and write OPML."""

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from monitor import config as configuration
from monitor.app import build as program
from monitor.app import derive
from monitor.channels.settings import secret_keys
from monitor.clock import utc_now
from monitor.config.configured_feed import feed_of, free_name
from monitor.config.edit import with_feeds
from monitor.config.feeds import FeedSettings, feed_table
from monitor.config.write import check_text
from monitor.errors import ConfigError, MonitorError
from monitor.executor import Executor
from monitor.feeds import opml
from monitor.feeds.discover import AdvertisedFeed
from monitor.feeds.http.fetch import Fetcher
from monitor.feeds.links import display_url
from monitor.jobs.feed_addresses import AddressContent, AddressProbe

from .common import DEFAULT_CONFIG, ConfigPath, stdout

LARGEST_LIST = 10_000_000


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
    _write(config, {name: feed_table({"url": url, "title": title, "tier": "unreviewed"}).table()})
    stdout.print(f"added [feeds.{name}] {display_url(url)}: {said}", markup=False, soft_wrap=True)
    stdout.print("its tier is unreviewed; write official, wire, trade or regional if it is", markup=False)


def _refuse_known(url: str, settings: configuration.Settings) -> None:
    for name, table in settings.feeds.items():
        if table.url == url:
            raise ConfigError(f"{display_url(url)} is there already, as [feeds.{name}]")


async def _content_of(table: FeedSettings, settings: configuration.Settings) -> AddressContent:
    feeds = {**settings.feeds, "new": table}  # an address that a person types is one they allow
    http, guard = program.http_for_commands(settings.model_copy(update={"feeds": feeds}))
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


# ---------------------------------------------------------------- lists of feeds


def import_feeds(
    file: Annotated[Path, typer.Argument(help="An OPML list of feeds.", dir_okay=False)],
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Write the feeds of an OPML list into the configuration; those already there stay as they are."""
    settings = configuration.load(config)
    known = {opml.without_credentials(table.url): name for name, table in settings.feeds.items()}
    added: dict[str, dict[str, Any]] = {}
    for outline in opml.parse_opml(_bytes(file)):
        if there := known.get(outline.url):
            stdout.print(f"kept   [feeds.{there}]", style="dim", markup=False)
            continue
        try:
            table = feed_table(_nested(outline)).table()
        except ConfigError as error:
            stdout.print(
                f"left   {display_url(outline.url)}: {error}", style="red", markup=False, soft_wrap=True
            )
            continue
        name = free_name(outline.name or outline.title or "feed", {*settings.feeds, *added})
        added[name] = table
        stdout.print(f"added  [feeds.{name}]", markup=False)
    if added:
        _write(config, added)


#: Keys of a feed that no list from elsewhere may set.
_OPERATORS_OWN = frozenset({"headers", "cookies", "user", "ca", *secret_keys(FeedSettings)})


def _nested(outline: opml.Outline) -> dict[str, Any]:
    table: dict[str, Any] = {"url": outline.url, "title": outline.title}
    for key, value in outline.keys.items():
        outer, _, inner = key.partition(".")
        if outer.removesuffix("_file") in _OPERATORS_OWN:
            continue
        if inner:
            table.setdefault(outer, {})[inner] = value
        else:
            table[outer] = value
    return table if "tier" in table else table | {"tier": "unreviewed"}


def export(
    file: Annotated[Path | None, typer.Argument(help="Where to write; else printed.")] = None,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Write the feeds as an OPML list with their settings, and without credentials."""
    settings = configuration.load(config)
    web = {name: table for name, table in settings.feeds.items() if table.url.startswith(("http:", "https:"))}
    text = opml.to_opml((_outline(name, table) for name, table in web.items()), "sanctions-monitor")
    if file is None:
        typer.echo(text, nl=False)
        return
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        raise MonitorError(f"{file} cannot be written: {error.strerror}") from error
    stdout.print(f"wrote {file}: {len(web)} feeds", markup=False)


def _outline(name: str, table: FeedSettings) -> opml.Outline:
    keys: dict[str, str] = {}
    for key, value in table.table().items():
        if isinstance(value, dict):
            keys |= {f"{key}.{inner}": text for inner, text in value.items()}
        elif key not in {"url", "title"}:
            keys[key] = str(value).lower() if isinstance(value, bool) else str(value)
    return opml.Outline(table.url, table.title, name, keys)


def _bytes(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            body = stream.read(LARGEST_LIST + 1)
    except OSError as error:
        raise MonitorError(f"{file} cannot be read: {error.strerror}") from error
    if len(body) > LARGEST_LIST:
        raise MonitorError(f"{file} is larger than {LARGEST_LIST:,} bytes; no list of feeds is")
    return body


# ---------------------------------------------------------------- the file


def _write(config: Path, tables: Mapping[str, Mapping[str, Any]]) -> None:
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
