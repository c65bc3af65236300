"""`feeds probe`: fetch every feed once and report how it answers."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from monitor import config as configuration
from monitor.app import derive
from monitor.app.http import guarded_client
from monitor.clock import utc_now
from monitor.config.edit import with_feed_switched
from monitor.executor import Executor
from monitor.feeds.http.fetch import Fetcher
from monitor.feeds.links import display_url
from monitor.jobs.probe import Probe, Probed, to_switch_off
from monitor.model import Feed

from .common import (
    DEFAULT_CONFIG,
    AsJson,
    ConfigPath,
    moment,
    not_found,
    print_json,
    stderr,
    stdout,
)
from .feeds_edit import rewrite
from .tables import new_table, print_table


def probe(
    names: Annotated[list[str] | None, typer.Argument(help="Only these feeds.")] = None,
    off: Annotated[bool, typer.Option("--off", help="Switch off those that are dead.")] = False,
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Fetch every feed once and report how it answers; nothing is stored. Exit code 1 if one fails."""
    settings = configuration.load(config)
    feeds = _wanted(names or [], derive.feeds_of(settings))
    probed = asyncio.run(_probed(feeds, settings))
    dead = to_switch_off(probed) if off else ()
    if dead:
        _switch_off(config, dead)
    if as_json:
        print_json([_data(each, each.feed.name in dead) for each in probed])
    else:
        _print(probed)
        for name in dead:
            stdout.print(f"switched off [feeds.{name}]", markup=False)
    if not all(each.good for each in probed):
        raise typer.Exit(1)


def _wanted(names: Sequence[str], feeds: dict[str, Feed]) -> tuple[Feed, ...]:
    for name in names:
        if name not in feeds:
            raise not_found("feed", name, "`sanctions-monitor feeds list` shows those that are polled")
    return tuple(feed for name, feed in feeds.items() if not names or name in names)


async def _probed(feeds: tuple[Feed, ...], settings: configuration.Settings) -> tuple[Probed, ...]:
    http, guard = guarded_client(settings)
    polling, cpu = settings.polling, Executor("cpu")
    fetch = Fetcher(http, guard, derive.limits_of(settings))
    probe_feeds = Probe(
        fetch=fetch,
        cpu=cpu,
        clock=utc_now,
        pause=asyncio.sleep,
        host_gap=polling.host_gap,
        time_limit_s=polling.deadline.total_seconds(),
    )
    columns = (TextColumn("polling feeds"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=stderr, transient=True, disable=not stderr.is_terminal) as progress:
            bar = progress.add_task("", total=len(feeds))
            async with http, fetch:
                return await probe_feeds(feeds, lambda _: progress.advance(bar))
    finally:
        cpu.close()


def _switch_off(config: Path, dead: Sequence[str]) -> None:
    text = config.read_bytes().decode()
    for name in dead:
        text = with_feed_switched(text, name, on=False)
    rewrite(config, text)


def _print(probed: Sequence[Probed]) -> None:
    headings = ("feed", "health", "items", "newest", "ms", "what is wrong")
    table = new_table(*headings, right=("items", "ms"))
    for each in probed:
        health = Text(each.health, style="green" if each.good else "red" if each.dead else "yellow")
        cells = str(each.items), moment(each.newest), f"{each.took.total_seconds() * 1000:.0f}"
        table.add_row(each.feed.name, health, *cells, Text(each.reason))
    print_table(table, ("ms", "newest"))
    good = sum(each.good for each in probed)
    stdout.print(f"{good} of {len(probed)} feeds answer with items")


def _data(each: Probed, off: bool) -> dict[str, Any]:
    return {
        "name": each.feed.name,
        "url": display_url(each.feed.url),
        "health": each.health,
        "items": each.items,
        "newest": moment(each.newest) or None,
        "ms": round(each.took.total_seconds() * 1000),
        "reason": each.reason,
        "switched_off": off,
    }
