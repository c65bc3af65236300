"""Derive the values that jobs work with from the settings: feeds, channels, routes, digests, limits. Pure."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from typing import Any
from urllib.parse import urlsplit

from monitor import __version__
from monitor.alerts.quiet_hours import QuietHours
from monitor.alerts.routing import Route
from monitor.channels.email import EmailSettings
from monitor.config import Settings
from monitor.config.configured_feed import feed_of, own_host
from monitor.config.routing import schedule_of
from monitor.feeds.http.fetch import Limits
from monitor.feeds.http.guard import Guard
from monitor.jobs.policy import (
    CanarySchedule,
    DeliveryLimits,
    EscalationSteps,
    Expiry,
    ListenAddress,
    PollLimits,
    RetentionPeriods,
    TrustedProxy,
    WebAccess,
)
from monitor.model import (
    CatchUp,
    ChannelTarget,
    DigestPeriod,
    EmptyDigest,
    Feed,
    Filter,
    MessageForm,
    Placement,
    Recipient,
    Subscription,
)

from . import list_settings

#: Message forms that ring a telephone.
RINGING = frozenset({MessageForm.PAGERDUTY})


def feeds_of(settings: Settings) -> dict[str, Feed]:
    """Return the feeds to poll by name, change feeds of lists included."""
    own = {name: feed_of(name, table) for name, table in settings.feeds.items() if table.enabled}
    return own | list_settings.change_feeds(settings)


def kept_hosts_of(settings: Settings) -> frozenset[str]:
    """Return the hosts that get several requests at a time: of several feeds, or of pages behind items."""
    feeds = tuple(feeds_of(settings).values())
    hosts = Counter(urlsplit(feed.url).hostname or "" for feed in feeds)
    read = {urlsplit(feed.url).hostname or "" for feed in feeds if feed.full_text}
    return frozenset(read | {host for host, count in hosts.items() if count > 1})


def switched_off(settings: Settings) -> dict[str, Feed]:
    """Return the feeds that are configured and not polled, by name."""
    return {name: feed_of(name, table) for name, table in settings.feeds.items() if not table.enabled}


def channel_targets_of(settings: Settings) -> dict[str, ChannelTarget]:
    """Return the channel targets by name of the channel."""
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
                unless=tuple(Filter(**_criteria(route)) for route in routes if not route.continue_),
                **asked,
            )
        routes.append(Route(name, table.channels, table.continue_, digest, **asked))
    return tuple(routes)


def _criteria(route: Route) -> dict[str, Any]:
    return {field.name: getattr(route, field.name) for field in fields(Filter)}


def recipients_of(settings: Settings) -> tuple[Recipient, ...]:
    """Return the recipients with subscriptions of their own."""
    return tuple(
        Recipient(
            name=name,
            addresses=tuple(table.to.items()),
            plain=table.format == "text",
            immediate=table.at_once or table.cadence == "now",
            at_least=Placement[table.at_least.upper()],
            language=table.language,
            **table.criteria,
        )
        for name, table in settings.recipients.items()
    )


def subscriptions_of(settings: Settings) -> tuple[Subscription, ...]:
    """Return all digests: those configured as such, those of routes, and those of recipients."""
    of_routes = tuple(route.digest for route in routes_of(settings) if route.digest)
    return (*_digests(settings), *of_routes, *_of_recipients(settings))


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
            language=table.language,
            at_least=Placement[table.at_least.upper()],
            **table.criteria,
        )


def _of_recipients(settings: Settings) -> Iterator[Subscription]:
    for recipient in recipients_of(settings):
        table = settings.recipients[recipient.name]
        when = schedule_of(table.cadence)
        if when.every != "now":
            yield Subscription(
                name=f"recipient:{recipient.name}",
                at=when.at,
                zone=table.zone,
                days=when.days,
                empty=EmptyDigest(table.empty),
                every=DigestPeriod(when.every),
                recipient=recipient,
                language=table.language,
                **table.criteria,
            )


def quiet_hours_of(settings: Settings) -> tuple[QuietHours, ...]:
    """Return the quiet hours in the order of the configuration."""
    return tuple(
        QuietHours(
            name=name,
            reason=table.reason,
            channels=table.channels,
            start=table.start,
            end=table.end,
            zone=table.zone,
            days=table.weekdays,
            recipients=table.recipients,
            break_through=table.break_through,
            flips=table.flips,
            release=table.release,
        )
        for name, table in settings.quiet.items()
    )


def escalation_of(settings: Settings) -> EscalationSteps:
    """Return the channels that an unacknowledged alert goes to, step by step."""
    table = settings.escalation
    return EscalationSteps(table.steps, table.after, table.min_severity)


def canary_schedule_of(settings: Settings) -> CanarySchedule | None:
    """Return when which channels get a canary; a channel that rings a telephone only if it is named."""
    canary = settings.canary
    if canary is None:
        return None
    silent_channels = tuple(name for name, table in settings.channels.items() if table.form not in RINGING)
    return CanarySchedule(
        every=canary.every,
        at=canary.after_midnight,
        within=canary.within,
        channels=canary.channels or silent_channels,
        to=canary.to,
    )


def web_access_of(settings: Settings) -> WebAccess:
    """Return where the web server listens and what protects the Atom feed."""
    web = settings.web
    listen = ListenAddress(web.host, web.port, web.base_url, web.hosts) if web.enabled else None
    proxy = TrustedProxy(web.proxy_header, web.proxy_addresses, web.proxy_role) if web.proxy_header else None
    return WebAccess(listen, web.feed_token.get_secret_value() if web.feed_token else "", proxy)


def poll_limits_of(settings: Settings) -> PollLimits:
    """Return how fast and how long hosts are asked."""
    polling = settings.polling
    return PollLimits(polling.host_gap, polling.deadline.total_seconds(), polling.at_once)


def delivery_limits_of(settings: Settings) -> DeliveryLimits:
    """Return when deliveries are repeated and how many alerts a recipient gets at once."""
    delivery = settings.delivery
    connections = {
        name: table.connections
        for name, table in settings.channels.items()
        if isinstance(table, EmailSettings)
    }
    return DeliveryLimits(delivery.uncertain_wait, delivery.storm, delivery.gaps, connections)


def guard_of(settings: Settings) -> Guard:
    """Return the address guard: it allows internal hosts only if the operator names them."""
    urls = [
        *(table.url for table in settings.feeds.values()),
        *(url for table in settings.lists.values() for url in table.sources),
        *(table.post_url() for table in settings.channels.values()),
        *(getattr(table, "token_url", "") for table in settings.channels.values()),
        *((settings.translation.url,) if settings.translation else ()),
    ]
    return Guard((*settings.polling.allow_hosts, *filter(None, map(own_host, urls))))


def retention_of(settings: Settings) -> RetentionPeriods:
    """Return how long the archive goes back."""
    archive = settings.archive
    return RetentionPeriods(
        archive.keep, archive.keep_documents, archive.keep_messages, archive.keep_incidents
    )


def expiry_of(settings: Settings) -> Expiry:
    """Return how long deliveries are tried."""
    delivery = settings.delivery
    return Expiry(delivery.alert_patience, delivery.digest_patience, delivery.missing_patience)


def limits_of(settings: Settings) -> Limits:
    """Return the size limits of a response."""
    return Limits(settings.polling.max_bytes, settings.polling.max_decoded_bytes)


def user_agent_of(settings: Settings) -> str:
    """Return the User-Agent."""
    return settings.polling.user_agent.replace("{version}", __version__)
