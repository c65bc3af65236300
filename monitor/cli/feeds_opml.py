"""`feeds import`, `feeds export`: read and write OPML lists of feeds."""

from pathlib import Path
from typing import Annotated, Any

import typer

from monitor import config as configuration
from monitor.channels.settings import secret_keys
from monitor.config.configured_feed import free_name
from monitor.config.feeds import FeedSettings, feed_table
from monitor.errors import ConfigError, MonitorError
from monitor.feeds import opml
from monitor.feeds.links import display_url

from .common import DEFAULT_CONFIG, ConfigPath, stdout
from .feeds_edit import add_tables

LARGEST_LIST = 10_000_000


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
        add_tables(config, added)


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
