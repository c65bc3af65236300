"""`lists refresh|status|find`: fetch sanctions lists, show their state, look names up."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.text import Text

from monitor import config as configuration
from monitor.app import list_settings
from monitor.app.http import guarded_client
from monitor.app.log import configure_logging
from monitor.app.policies import LIST_LIMITS
from monitor.clock import utc_now
from monitor.errors import ConfigError
from monitor.feeds.http.fetch import Fetcher
from monitor.feeds.links import display_url
from monitor.jobs.lists import RETRY_INTERVAL, ListsJob, RefreshResult, RefreshState
from monitor.lists.base import SanctionsList
from monitor.lists.cache import ListCache
from monitor.lists.change_feed import summary
from monitor.lists.find import Found, FoundNumber, find_in_all_scripts, find_number
from monitor.lists.records import CacheRecord
from monitor.lists.similar import SimilarName, similar_names
from monitor.render.export_data import entry_data

from .common import DEFAULT_CONFIG, AsJson, ConfigPath, moment, print_json, stderr, stdout
from .tables import new_table, print_table

app = typer.Typer(help="Sanctions lists: fetch them, show their state, look a name up.", no_args_is_help=True)

_STYLES = {
    RefreshState.KEPT: "red",
    RefreshState.CHANGED: "yellow",
    RefreshState.FIRST: "green",
    RefreshState.UNCHANGED: "dim",
}


@app.command()
def refresh(
    names: Annotated[list[str] | None, typer.Argument(help="Lists to fetch; all of them without.")] = None,
    accept: Annotated[list[str] | None, typer.Option(help="Take this list however much it shrank.")] = None,
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Fetch lists now, due or not, and print what changed.

    A list that is empty, cut off, of another format or much shorter than before is refused, and its last good
    copy stays; exit code 1 says that one was. A running service raises alerts about the changes.
    """
    settings = configuration.load(config)
    configure_logging(settings.log.format, "error")
    lists = list_settings.lists_of(settings)
    wanted = tuple(dict.fromkeys((*(names or ()), *(accept or ())))) or tuple(lists)
    _check(wanted, lists)
    with stderr.status("fetching lists"):
        done = asyncio.run(_refresh(settings, wanted, tuple(accept or ())))
    if as_json:
        print_json([_change(each) for each in done])
    else:
        for each in done:
            _print(each)
    if any(each.state is RefreshState.KEPT for each in done):
        raise typer.Exit(1)


async def _refresh(
    settings: configuration.Settings, names: Sequence[str], accept: Sequence[str]
) -> tuple[RefreshResult, ...]:
    http, guard = guarded_client(settings)
    async with http:
        fetch, cache = Fetcher(http, guard, LIST_LIMITS), list_settings.list_cache_of(settings)
        job = ListsJob(list_settings.lists_of(settings), fetch, cache, utc_now)
        await job.prepare()
        return await job.refresh(names, accept=accept)


def _check(names: Sequence[str], lists: dict[str, SanctionsList]) -> None:
    if not lists:
        raise ConfigError(
            'no list is configured; write official_lists = ["ofac-sdn", "un"] or [lists.<name>]'
        )
    for name in names:
        if name not in lists:
            raise ConfigError(f"no list {name!r}; there are {', '.join(lists)}")


def _print(done: RefreshResult) -> None:
    count = f", {done.count.entities:,} entries with {done.count.names:,} names" if done.count else ""
    line = Text(f"{done.list}: ").append(done.state, _STYLES[done.state]).append(count)
    change = done.change
    if change:
        line.append(
            f"; {len(change.added)} added, {len(change.removed)} removed, {len(change.changed)} changed"
        )
    stdout.print(line, soft_wrap=True)
    if said := done.reason or (summary(change) if change else ""):
        stdout.print(Text(f"  {said}", style="red" if done.reason else ""), soft_wrap=True)
    if done.ignored:
        columns = f"  columns not understood: {', '.join(done.ignored)}"
        stdout.print(Text(columns, style="yellow"), soft_wrap=True)


def _change(done: RefreshResult) -> dict[str, Any]:
    change = done.change
    return {
        "list": done.list,
        "state": done.state,
        "reason": done.reason,
        "entities": done.count.entities if done.count else 0,
        "names": done.count.names if done.count else 0,
        "added": [entry_data(entity) for entity in change.added],
        "removed": [entry_data(entity) for entity in change.removed],
        "changed": [{"before": entry_data(was), "after": entry_data(now)} for was, now in change.changed],
    }


@app.command()
def status(config: ConfigPath = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Show every list: entries, names, age of the copy, last and next refresh, and its fault."""
    settings = configuration.load(config)
    list_cache = list_settings.list_cache_of(settings)
    rows = [(list, list_cache.record(list.name)) for list in list_settings.lists_of(settings).values()]
    if as_json:
        print_json([_status(list, record) for list, record in rows])
        return
    table = new_table("list", "format", "entries", "names", "copy of", "checked", "next", "what is wrong")
    for list, record in rows:
        row = _status(list, record)
        counts = (f"{row['entities']:,}", f"{row['names']:,}") if record.version else ("", "")
        times = (row["fetched_at"] or "never", row["checked_at"] or "", row["next_at"] or "now")
        table.add_row(list.name, list.format, *counts, *times, Text(record.problem, style="red"))
    print_table(table, ("format", "names", "next", "copy of"))


def _status(list: SanctionsList, record: CacheRecord) -> dict[str, Any]:
    return {
        "name": list.name,
        "title": list.title,
        "format": list.format,
        "urls": [display_url(url) for url in list.urls],
        "version": record.version,
        "entities": record.count.entities if record.count else 0,
        "names": record.count.names if record.count else 0,
        "fetched_at": moment(record.fetched_at) or None,
        "checked_at": moment(record.checked_at) or None,
        "next_at": moment(record.due_at(list, RETRY_INTERVAL)) or None,
        "problem": record.problem,
        "sha256": [document.sha256 for document in record.documents],
    }


@app.command("find")
def find_name(
    name: Annotated[str, typer.Argument(help="A name, in any script; its words in any order.")] = "",
    number: Annotated[
        str, typer.Option("--id", help="Instead, a reference of a list, or a passport or register number.")
    ] = "",
    similar: Annotated[bool, typer.Option("--similar", help="Also print similar names.")] = False,
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Look a name or a number up in the last good copies of all lists; a name in all scripts.

    An aid for reading the news, not a screening verdict. Names that are similar in spelling or sound are
    marked so; they are never matches. Without --similar they are printed to people if nothing else is found.
    """
    if bool(name) == bool(number):
        raise typer.BadParameter("give a name, or a number with --id")
    if similar and number:
        raise typer.BadParameter("numbers are not similar: --similar is for names")
    settings = configuration.load(config)
    list_cache, lists = list_settings.list_cache_of(settings), tuple(list_settings.lists_of(settings))
    entities = [entity for list in lists for entity in list_cache.entities(list)]
    fetched = _fetched_lists(list_cache, lists)
    if number:
        _print_numbers(number, tuple(find_number(number, entities)), fetched, as_json=as_json)
        return
    found = find_in_all_scripts(name, entities)
    suggested = similar_names(name, entities) if similar or not (found or as_json) else ()
    if as_json:
        print_json([*map(_found_data, found), *map(_similar_data, suggested)])
        return
    if not found:
        stdout.print(f"{name!r} is on none of {fetched}")
    else:
        table = new_table("list", "id", "name", "matched", "other scripts", "programme", "since")
        for each in found:
            table.add_row(*_row(each, list_cache.record(each.entity.list).fetched_at))
        print_table(table, ("other scripts", "since", "programme"))
    if suggested:
        _print_similar(suggested)


def _found_data(found: Found) -> dict[str, Any]:
    return entry_data(found.entity) | {"matched": [name.text for name in found.names], "exact": found.exact}


def _similar_data(similar: SimilarName) -> dict[str, Any]:
    return entry_data(similar.entity) | {"similar": similar.name, "distance": similar.distance}


def _print_similar(similar: Sequence[SimilarName]) -> None:
    stdout.print("Similar names, which are not matches; compare the entries:", style="yellow")
    table = new_table("list", "id", "similar name", "entry", "programme")
    for each in similar:
        entity = each.entity
        table.add_row(entity.list, entity.id, each.name, entity.name, ", ".join(entity.programmes))
    print_table(table, ("programme",))


def _print_numbers(number: str, found: Sequence[FoundNumber], fetched: str, *, as_json: bool) -> None:
    if as_json:
        print_json(
            [entry_data(f.entity) | {"number": f.identifier.number, "as": f.identifier.kind} for f in found]
        )
        return
    if not found:
        stdout.print(f"{number!r} is a number of no entry of {fetched}")
        return
    table = new_table("list", "id", "name", "number", "as", "programme")
    for each in found:
        entity, identifier = each.entity, each.identifier
        programmes = ", ".join(entity.programmes)
        table.add_row(entity.list, entity.id, entity.name, identifier.number, identifier.kind, programmes)
    print_table(table, ("programme",))


def _fetched_lists(list_cache: ListCache, lists: Sequence[str]) -> str:
    fetched = [f"{name} ({moment(at)})" for name in lists if (at := list_cache.record(name).fetched_at)]
    return ", ".join(fetched) or "the lists: none has been fetched; `sanctions-monitor lists refresh` does"


def _row(found: Found, fetched_at: datetime | None) -> tuple[str, ...]:
    entity = found.entity
    others = [name.text for name in entity.names if not name.text.isascii() and name not in found.names]
    since = entity.listed_on.isoformat() if entity.listed_on else f"on the copy of {moment(fetched_at)[:10]}"
    matched = " · ".join(name.text for name in found.names[:3])
    programmes = ", ".join(entity.programmes)
    return entity.list, entity.id, entity.name, matched, " · ".join(others[:3]), programmes, since
