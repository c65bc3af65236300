"""Names in the configuration that stand for nothing, and channels asked for what they do not do."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from .actions import lost_by, named_channels
from .routing import FilterSettings, RecipientSettings

if TYPE_CHECKING:
    from . import Settings


class Telling(Protocol):
    """A table that names channels."""

    @property
    def channels(self) -> tuple[str, ...]:
        """Their names."""


def mismatches(written: "Settings", settings: "Settings") -> Iterator[str]:
    """Yield names that stand for nothing; `written` is without the recipients of a file of their own."""
    told: dict[str, Telling] = {"health": settings.health}
    told |= {"canary": settings.canary} if settings.canary else {}
    told |= {f"routes.{name}": table for name, table in settings.routes.items()}
    told |= {f"digests.{name}": table for name, table in settings.digests.items()}
    for place, table in told.items():
        for channel in table.channels:
            if channel not in settings.channels:
                yield f"{place}.channels: no channel {channel!r}{known_among(settings.channels)}"
    asking: dict[str, FilterSettings] = {
        place: table for place, table in told.items() if isinstance(table, FilterSettings)
    }
    for name, recipient in settings.recipients.items():
        place = f"recipients.{name}" if name in written.recipients else f"recipients_file: {name}"
        asking[place] = recipient
        yield from _not_addressed(place, recipient, settings)
    for place, asked in asking.items():
        yield from _not_there(place, asked, settings)
    yield from _not_expected(settings)
    yield from _unfit(settings)
    yield from _of_acts(settings)


def _unfit(settings: "Settings") -> Iterator[str]:
    """Yield channels that are asked for digests and take none."""
    asked = [(f"digests.{name}.channels", table.channels) for name, table in settings.digests.items()]
    asked += [
        (f"routes.{name}.cadence", table.channels)
        for name, table in settings.routes.items()
        if table.cadence != "now"
    ]
    asked += [
        (f"recipients.{name}.cadence", tuple(table.to))
        for name, table in settings.recipients.items()
        if table.cadence != "now"
    ]
    for place, channels in asked:
        for channel in channels:
            if channel in settings.channels and (why := settings.channels[channel].no_digests):
                yield f"{place}: {channel!r} takes no digests: {why}"


def _of_acts(settings: "Settings") -> Iterator[str]:
    for place, channels in named_channels(settings.quiet, settings.escalation):
        for channel in channels:
            if channel not in settings.channels:
                yield f"{place}: no channel {channel!r}{known_among(settings.channels)}"
    reached = {name for each in settings.digests.values() for name in each.channels}
    reached |= {name for each in settings.routes.values() if each.cadence != "now" for name in each.channels}
    yield from lost_by(settings.quiet, reached)


def _not_addressed(place: str, recipient: RecipientSettings, settings: "Settings") -> Iterator[str]:
    for name, address in recipient.to.items():
        if (channel := settings.channels.get(name)) is None:
            yield f"{place}.to: no channel {name!r}{known_among(settings.channels)}"
            continue
        try:
            channel.addressed(address)
        except ValueError as error:
            yield f"{place}.to.{name}: {error}"


def _not_there(place: str, asked: FilterSettings, settings: "Settings") -> Iterator[str]:
    for feed in asked.feeds:
        if feed not in settings.feeds and feed.removeprefix("list:") not in settings.lists:
            yield f"{place}.feeds: no feed {feed!r}{known_among(settings.feeds)}"
    for entity in asked.entities:
        if entity.startswith("watch:") and entity.removeprefix("watch:") not in settings.watch:
            yield f"{place}.entities: no watch list {entity!r}{known_among(settings.watch)}"


def _not_expected(settings: "Settings") -> Iterator[str]:
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


def known_among(tables: Mapping[str, Any]) -> str:
    """Say which names there are."""
    return f"; there are {', '.join(tables)}" if tables else "; there are none yet"
