"""Derive the sanctions lists, their cache, their change feeds and their names from the settings."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from monitor.config import Settings
from monitor.errors import ConfigError, ListError
from monitor.lists.base import SanctionsList
from monitor.lists.cache import ListCache
from monitor.match.lexicon import indexed
from monitor.match.names.resolve import Names
from monitor.model import Entity, Feed, Tier, key_of

from .names import OnRebuild, ignore_rebuild, names_index

_CHANGE_FEED_EVERY = timedelta(minutes=5)


def lists_of(settings: Settings) -> dict[str, SanctionsList]:
    """Return the lists to refresh, by name."""
    return {
        name: SanctionsList(
            name=name,
            title=table.title or name,
            authority=table.authority or "The publisher",
            format=table.format,
            urls=table.sources,
            every=table.every,
            at_least=table.at_least,
            page=table.page,
        )
        for name, table in settings.lists.items()
        if table.enabled
    }


def list_cache_of(settings: Settings) -> ListCache:
    """Return the cache that holds the last good copy of each list."""
    return ListCache(settings.shelf)


def change_feeds(settings: Settings) -> dict[str, Feed]:
    """Return the change feed of each list by feed name: ``list:<name>``."""
    list_cache = list_cache_of(settings)
    return {
        f"list:{name}": Feed(
            name=f"list:{name}",
            url=f"file:{list_cache.changes_path(name)}",
            title=list.title,
            host=f"list:{name}",
            every=_CHANGE_FEED_EVERY,
            tier=Tier.OFFICIAL,
            lang="en",
        )
        for name, list in lists_of(settings).items()
    }


def log_rebuild(reason: str) -> None:
    """Log that the index of listed names was rebuilt, and why."""
    import structlog  # noqa: PLC0415  commands write no log

    structlog.get_logger().warning("names_rebuilt", reason=reason)


def own_names_of(settings: Settings) -> dict[str, tuple[str, ...]]:
    """Return the names of each of the operator's own watch lists, by list."""
    return {name: table.names for name, table in settings.watch.items()}


def names_of(settings: Settings, on_rebuild: OnRebuild = ignore_rebuild) -> Names | None:
    """Return the names of the lists with a good copy and of long watch lists; None when there are none.

    Their index is stored in the list cache's folder. It is rebuilt only when a copy or a watch list changed.

    Raises:
        ConfigError: a list's copy cannot be read; the text says what to remove.
    """
    list_cache, own_names = list_cache_of(settings), own_names_of(settings)
    try:
        versions = {
            name: version for name in lists_of(settings) if (version := list_cache.record(name).version)
        }
        long = next(indexed(own_names), None) is not None
        if not versions and not long:
            return None
        own = key_of(*(part for entity in indexed(own_names) for part in (entity.list, entity.id)))
        version = key_of(own, *(part for pair in versions.items() for part in pair))
        return names_index(_parties(list_cache, versions, own_names), version, settings.shelf, on_rebuild)
    except ListError as error:
        raise ConfigError(str(error)) from error


def _parties(
    list_cache: ListCache, versions: Mapping[str, str], own_names: Mapping[str, tuple[str, ...]]
) -> Iterator[Entity]:
    for name in versions:
        yield from list_cache.entities(name)
    yield from indexed(own_names)
