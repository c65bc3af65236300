"""Find references between tables of the configuration that lead nowhere, each with its key. Pure."""

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from monitor.render.catalogue import languages

from .routing import FilterSettings, RecipientSettings

if TYPE_CHECKING:
    from . import Settings


class NamesChannels(Protocol):
    """A table that names channels."""

    @property
    def channels(self) -> tuple[str, ...]:
        """The names of the channels."""


def mismatches(from_file: "Settings", settings: "Settings") -> Iterator[str]:
    """Yield every mistake as ``key: what``; `from_file` lacks the recipients of `recipients_file`."""
    yield from _cluster_in_a_file(settings)
    yield from _hubs_without_address(settings)
    yield from _unknown_channels(settings)
    yield from _wrong_addresses(from_file, settings)
    for key, table in _filters(from_file, settings).items():
        yield from _unknown_sources(key, table, settings)
    yield from _unknown_expectations(settings)
    yield from _unknown_languages(from_file, settings)
    yield from _channels_without_digests(settings)
    yield from _lost_to_quiet_hours(settings)


def _cluster_in_a_file(settings: "Settings") -> Iterator[str]:
    if settings.engine.kind == "cluster" and not settings.database.startswith("postgres"):
        yield 'engine.kind: a cluster needs PostgreSQL: set database = "postgresql://user@host/name"'


def _hubs_without_address(settings: "Settings") -> Iterator[str]:
    if settings.websub.enabled and not (settings.web.enabled and settings.web.base_url):
        yield "websub.enabled: hubs call the web server: set web.base_url to where they reach it"


def _naming_channels(settings: "Settings") -> dict[str, NamesChannels]:
    tables: dict[str, NamesChannels] = {"health": settings.health}
    if settings.canary:
        tables["canary"] = settings.canary
    tables |= {f"routes.{name}": table for name, table in settings.routes.items()}
    tables |= {f"digests.{name}": table for name, table in settings.digests.items()}
    return tables


def _recipient_key(name: str, from_file: "Settings") -> str:
    return f"recipients.{name}" if name in from_file.recipients else f"recipients_file: {name}"


def _filters(from_file: "Settings", settings: "Settings") -> dict[str, FilterSettings]:
    tables: dict[str, FilterSettings] = {}
    tables |= {f"routes.{name}": table for name, table in settings.routes.items()}
    tables |= {f"digests.{name}": table for name, table in settings.digests.items()}
    tables |= {_recipient_key(name, from_file): table for name, table in settings.recipients.items()}
    return tables


def _unknown_channels(settings: "Settings") -> Iterator[str]:
    named = [(f"{key}.channels", table.channels) for key, table in _naming_channels(settings).items()]
    named += [(f"quiet.{name}.channels", table.channels) for name, table in settings.quiet.items()]
    named += [("escalation.first", settings.escalation.first), ("escalation.then", settings.escalation.then)]
    for key, channels in named:
        for channel in channels:
            if channel not in settings.channels:
                yield f"{key}: no channel {channel!r}{known_among(settings.channels)}"


def _wrong_addresses(from_file: "Settings", settings: "Settings") -> Iterator[str]:
    for name, recipient in settings.recipients.items():
        yield from _wrong_addresses_of(_recipient_key(name, from_file), recipient, settings)


def _wrong_addresses_of(key: str, recipient: RecipientSettings, settings: "Settings") -> Iterator[str]:
    for name, address in recipient.to.items():
        if (channel := settings.channels.get(name)) is None:
            yield f"{key}.to: no channel {name!r}{known_among(settings.channels)}"
            continue
        try:
            channel.check_recipient(address)
        except ValueError as error:
            yield f"{key}.to.{name}: {error}"


def _unknown_sources(key: str, table: FilterSettings, settings: "Settings") -> Iterator[str]:
    for feed in table.feeds:
        if feed not in settings.feeds and feed.removeprefix("list:") not in settings.lists:
            yield f"{key}.feeds: no feed {feed!r}{known_among(settings.feeds)}"
    for entity in table.entities:
        if entity.startswith("watch:") and entity.removeprefix("watch:") not in settings.watch:
            yield f"{key}.entities: no watch list {entity!r}{known_among(settings.watch)}"


def _unknown_expectations(settings: "Settings") -> Iterator[str]:
    for number, expected in enumerate(settings.expect, 1):
        route = (expected.route,) if expected.route else ()
        for key, names, tables in (
            ("channels", expected.channels or (), settings.channels),
            ("digests", expected.digests or (), settings.digests),
            ("route", route, settings.routes),
        ):
            for name in names:
                if name not in tables:
                    yield f"expect[{number}].{key}: no {key.rstrip('s')} {name!r}{known_among(tables)}"


def _unknown_languages(from_file: "Settings", settings: "Settings") -> Iterator[str]:
    """Yield digests, recipients and health reports whose language has no catalogue of words."""
    known = languages(settings.templates)
    asked = [(f"digests.{name}", table.language) for name, table in settings.digests.items()]
    for name, table in settings.recipients.items():
        asked.append((_recipient_key(name, from_file), table.language))
    asked.append(("health", settings.health.language))
    for key, language in asked:
        if language and language not in known:
            yield f"{key}.language: there are words for {', '.join(known)} only; see docs/routes.md"


def _channels_without_digests(settings: "Settings") -> Iterator[str]:
    """Yield channels that a digest goes to and that take none."""
    for key, channels in _digest_channels(settings):
        for channel in channels:
            if channel in settings.channels and (why := settings.channels[channel].no_digests):
                yield f"{key}: {channel!r} takes no digests: {why}"


def _digest_channels(settings: "Settings") -> Iterator[tuple[str, Collection[str]]]:
    for name, digest in settings.digests.items():
        yield f"digests.{name}.channels", digest.channels
    for name, route in settings.routes.items():
        if route.cadence != "now":
            yield f"routes.{name}.cadence", route.channels
    for name, recipient in settings.recipients.items():
        if recipient.cadence != "now":
            yield f"recipients.{name}.cadence", recipient.to


def _lost_to_quiet_hours(settings: "Settings") -> Iterator[str]:
    """Yield quiet hours that leave alerts to a digest that no channel of theirs gets."""
    reached = {name for digest in settings.digests.values() for name in digest.channels}
    reached |= {
        name for route in settings.routes.values() if route.cadence != "now" for name in route.channels
    }
    for name, table in settings.quiet.items():
        for channel in table.channels if table.release == "digest" else ():
            if channel not in reached:
                yield (
                    f"quiet.{name}.release: no digest goes to {channel!r}, so its alerts would be lost;"
                    ' write "at_end", or name the channel in a digest'
                )


def known_among(tables: Mapping[str, Any]) -> str:
    """Return which names there are, as the end of a message."""
    return f"; there are {', '.join(tables)}" if tables else "; there are none yet"
