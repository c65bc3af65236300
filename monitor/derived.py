"""What follows from a configuration: feeds, channels, routes and digests as the stories see them. Pure."""

from datetime import timedelta
from urllib.parse import urlsplit

from . import shelves
from .alerts.policy import Route
from .canary import Schedule
from .config import FeedSettings, Settings
from .feeds.cadence import pace
from .feeds.guard import Guard, forbidden, literal
from .model import Feed, Outlet, Placement, Subscription, host_of

#: Forms of message by which somebody is called out of bed.
RINGING = frozenset({"pagerduty"})


def feeds_of(settings: Settings) -> dict[str, Feed]:
    """Return the feeds to poll, by name; those in which lists tell their changes are among them."""
    own = {name: feed_of(name, table) for name, table in settings.feeds.items() if table.enabled}
    return own | shelves.change_feeds(settings)


def feed_of(name: str, table: FeedSettings) -> Feed:
    """Return one feed as polling sees it."""
    title, usual = table.title or name, pace(table.tier)
    return Feed(
        name,
        table.url,
        title,
        host_of(table.url),
        table.every or usual.every,
        table.tier,
        table.lang,
        table.backlog,
        table.kind,
        table.fields,
        timedelta() if table.every else usual.slowest,
        table.request,
        table.full_text,
        bool(_own_host(table.url)),
    )


def outlets_of(settings: Settings) -> dict[str, Outlet]:
    """Return the channels as planning sees them."""
    return {name: Outlet(name, table.form, table.recipients()) for name, table in settings.channels.items()}


def routes_of(settings: Settings) -> tuple[Route, ...]:
    """Return the routes in order; without any, all that is flagged goes to every channel."""
    if not settings.routes:
        return (Route("default", tuple(settings.channels), at_least=Placement.DIGEST),)
    return tuple(
        Route(
            name,
            table.channels,
            tuple(table.topics),
            table.feeds,
            table.min_severity,
            table.placement,
            table.go_on,
        )
        for name, table in settings.routes.items()
    )


def subscriptions_of(settings: Settings) -> tuple[Subscription, ...]:
    """Return the digests as planning sees them."""
    return tuple(
        Subscription(
            name,
            table.at,
            table.zone,
            table.channels,
            table.weekdays,
            tuple(table.topics),
            table.empty,
            table.catch_up,
            table.welcome,
            table.attach,
        )
        for name, table in settings.digests.items()
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
        *(table.address() for table in settings.channels.values()),
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
