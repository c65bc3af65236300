"""What follows from the lists in a configuration: which there are, their copies, the feeds of changes."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

import structlog

from monitor.clock import Clock
from monitor.config import Settings
from monitor.errors import ConfigError, ListError
from monitor.feeds.base import Fetch
from monitor.feeds.http.fetch import Limits
from monitor.jobs.lists import ListsJob
from monitor.lists.base import WatchList
from monitor.lists.cache import ListCache
from monitor.match.lexicon import indexed
from monitor.match.names.resolve import Names
from monitor.model import Entity, Feed, Tier, key_of

from .names import names_index

#: How much one document of a list may cost.
LIMITS = Limits(wire_bytes=300_000_000, body_bytes=600_000_000)

Note = Callable[[str], None]

log = structlog.get_logger()

_TELLS_EVERY = timedelta(minutes=5)


def lists_of(settings: Settings) -> dict[str, WatchList]:
    """Return the lists to refresh, by name."""
    return {
        name: WatchList(
            name,
            table.title or name,
            table.authority or "The publisher",
            table.format,
            table.sources,
            table.every,
            table.at_least,
            table.page,
        )
        for name, table in settings.lists.items()
        if table.enabled
    }


def list_cache_of(settings: Settings) -> ListCache:
    """Return where the good copies are."""
    return ListCache(settings.shelf)


def refresh_of(settings: Settings, fetch: Fetch, clock: Clock) -> ListsJob:
    """Return what refreshes the lists."""
    return ListsJob(lists_of(settings), fetch, list_cache_of(settings), clock)


def change_feeds(settings: Settings) -> dict[str, Feed]:
    """Return the feeds in which lists tell their changes, by name: ``list:<name>``."""
    list_cache = list_cache_of(settings)
    return {
        f"list:{name}": Feed(
            f"list:{name}",
            f"file:{list_cache.changes(name)}",
            list.title,
            f"list:{name}",
            _TELLS_EVERY,
            Tier.OFFICIAL,
            "en",
        )
        for name, list in lists_of(settings).items()
    }


def unheard(said: str) -> None:
    """Leave a note unheard: a command's output is its answer."""


def told(said: str) -> None:
    """Tell the log that the names of the lists were made anew, and why."""
    log.warning("names_remade", reason=said)


def health_job_of(settings: Settings) -> dict[str, tuple[str, ...]]:
    """Return the operator's own watch lists: their names by the list's."""
    return {name: table.names for name, table in settings.watch.items()}


def names_of(settings: Settings, note: Note = unheard) -> Names | None:
    """Return the names of the lists that have a good copy and of long watch lists; None when there is none.

    They are kept on the shelf, and made anew only when a copy or a watch list is another.

    Raises:
        ConfigError: a list's copy cannot be read; the text says what to remove.
    """
    list_cache, watch = list_cache_of(settings), health_job_of(settings)
    try:
        versions = {
            name: version for name in lists_of(settings) if (version := list_cache.record(name).version)
        }
        long = next(indexed(watch), None) is not None
        if not versions and not long:
            return None
        own = key_of(*(part for entity in indexed(watch) for part in (entity.list, entity.id)))
        version = key_of(own, *(part for pair in versions.items() for part in pair))
        return names_index(_parties(list_cache, versions, watch), version, settings.shelf, note)
    except ListError as error:
        raise ConfigError(str(error)) from error


def _parties(
    list_cache: ListCache, versions: Mapping[str, str], watch: Mapping[str, tuple[str, ...]]
) -> Iterator[Entity]:
    for name in versions:
        yield from list_cache.entities(name)
    yield from indexed(watch)
