"""What follows from a configuration: feeds, channels, routes and digests as the stories see them. Pure."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from monitor import __version__
from monitor.alerts.routing import Route
from monitor.config import FeedSettings, Settings
from monitor.config.routing import schedule_of
from monitor.feeds.cadence import tier_interval
from monitor.feeds.http.fetch import Limits
from monitor.feeds.http.guard import Guard, forbidden, literal
from monitor.jobs.canary import Schedule
from monitor.jobs.overdue import Expiry
from monitor.jobs.retention import RetentionPeriods
from monitor.model import (
    CatchUp,
    ChannelTarget,
    DigestPeriod,
    EmptyDigest,
    Feed,
    Filter,
    Placement,
    Recipient,
    Subscription,
    host_of,
)

from . import lists as list_settings

#: Forms of message by which somebody is called out of bed.
RINGING = frozenset({"pagerduty"})


def feeds_of(settings: Settings) -> dict[str, Feed]:
    """Return the feeds to poll, by name; those in which lists tell their changes are among them."""
    own = {name: feed_of(name, table) for name, table in settings.feeds.items() if table.enabled}
    return own | list_settings.change_feeds(settings)


def feed_of(name: str, table: FeedSettings) -> Feed:
    """Return one feed as polling sees it."""
    title, usual = table.title or name, tier_interval(table.tier)
    return Feed(
        name=name,
        url=table.url,
        title=title,
        host=host_of(table.url),
        every=table.every or usual.every,
        tier=table.tier,
        lang=table.lang,
        backlog=table.backlog,
        kind=table.kind,
        fields=table.fields,
        slowest=timedelta() if table.every else usual.slowest,
        request=table.request,
        full_text=table.full_text,
        internal=bool(_own_host(table.url)),
    )


def channel_targets_of(settings: Settings) -> dict[str, ChannelTarget]:
    """Return the channels as planning sees them."""
    return {
        name: ChannelTarget(name, table.form, table.recipients()) for name, table in settings.channels.items()
    }


def routes_of(settings: Settings) -> tuple[Route, ...]:
    """Return the routes in order; without any, all that is flagged goes to every channel."""
    if not settings.routes:
        return (Route("default", tuple(settings.channels), at_least=Placement.DIGEST),)
    routes: list[Route] = []
    for name, table in settings.routes.items():
        asked = table.criteria | {"at_least": table.placement}
        when, digest = schedule_of(table.cadence), None
        if when.every != "now":
            digest = Subscription(
                name=f"route:{name}",
                at=when.at,
                zone=table.zone,
                channels=table.channels,
                days=when.days,
                every=DigestPeriod(when.every),
                unless=tuple(Filter(**_asked(route)) for route in routes if not route.go_on),
                **asked,
            )
        routes.append(Route(name, table.channels, table.continue_, digest, **asked))
    return tuple(routes)


def _asked(route: Route) -> dict[str, Any]:
    return {field.name: getattr(route, field.name) for field in fields(Filter)}


def readers_of(settings: Settings) -> tuple[Recipient, ...]:
    """Return the recipients with wishes of their own, and what they are told at once."""
    return tuple(
        Recipient(
            name=name,
            addresses=tuple(table.to.items()),
            plain=table.format == "text",
            immediate=table.at_once or table.cadence == "now",
            at_least=Placement[table.at_least.upper()],
            **table.criteria,
        )
        for name, table in settings.recipients.items()
    )


def subscriptions_of(settings: Settings) -> tuple[Subscription, ...]:
    """Return the digests as planning sees them: those written as such, of routes, and of recipients."""
    of_routes = tuple(route.digest for route in routes_of(settings) if route.digest)
    return (*_digests(settings), *of_routes, *_of_readers(settings))


def _digests(settings: Settings) -> Iterator[Subscription]:
    for name, table in settings.digests.items():
        when = table.schedule
        yield Subscription(
            name=name,
            at=when.at,
            zone=table.zone,
            channels=table.channels,
            days=when.days,
            empty=EmptyDigest(table.empty),
            catch_up=CatchUp(table.catch_up),
            welcome=table.welcome,
            every=DigestPeriod(when.every),
            holidays=table.holidays,
            backfill=table.backfill,
            attach=table.attach,
            at_least=Placement[table.at_least.upper()],
            **table.criteria,
        )


def _of_readers(settings: Settings) -> Iterator[Subscription]:
    for reader in readers_of(settings):
        table = settings.recipients[reader.name]
        when = schedule_of(table.cadence)
        if when.every != "now":
            yield Subscription(
                name=f"recipient:{reader.name}",
                at=when.at,
                zone=table.zone,
                days=when.days,
                empty=EmptyDigest(table.empty),
                every=DigestPeriod(when.every),
                recipient=reader,
                **table.criteria,
            )


def canaries_of(settings: Settings) -> Schedule | None:
    """Return when the way to which channels is tried; one that rings a telephone only where it is named."""
    canary = settings.canary
    if canary is None:
        return None
    quiet = tuple(name for name, table in settings.channels.items() if table.form not in RINGING)
    times = canary.every, canary.after_midnight, canary.within
    return Schedule(*times, canary.channels or quiet, canary.to)


def guard_of(settings: Settings) -> Guard:
    """Return the guard: internal hosts are reached only when the operator wrote them down."""
    urls = [
        *(table.url for table in settings.feeds.values()),
        *(url for table in settings.lists.values() for url in table.sources),
        *(table.post_url() for table in settings.channels.values()),
        *(getattr(table, "token_url", "") for table in settings.channels.values()),
    ]
    return Guard((*settings.polling.allow_hosts, *filter(None, map(_own_host, urls))))


def _own_host(url: str) -> str:
    """Return host:port of an address that says outright that it is internal, else ""."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    address = literal(host)
    if host != "localhost" and (address is None or forbidden(str(address)) is None):
        return ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def retention_of(settings: Settings) -> RetentionPeriods:
    """Return how long the archive goes back."""
    archive = settings.archive
    return RetentionPeriods(
        archive.keep, archive.keep_documents, archive.keep_messages, archive.keep_incidents
    )


def expiry_of(settings: Settings) -> Expiry:
    """Return for how long what is owed is tried before something else tells it."""
    delivery = settings.delivery
    return Expiry(delivery.alert_patience, delivery.digest_patience, delivery.missing_patience)


def limits_of(settings: Settings) -> Limits:
    """Return how much one answer may cost."""
    return Limits(settings.polling.max_bytes, settings.polling.max_decoded_bytes)


def user_agent_of(settings: Settings) -> str:
    """Return who we say we are."""
    return settings.polling.user_agent.replace("{version}", __version__)
