"""Warnings about a configuration for `check`: duplicate feeds, unused channels, open listener, languages."""

from collections import defaultdict
from collections.abc import Iterator

from monitor.channels.settings import is_loopback
from monitor.config import Settings
from monitor.feeds.links import display_url

from .check_routing import filters_of


def config_warnings(settings: Settings) -> Iterator[str]:
    """Yield what is no mistake but hardly meant, each with its key."""
    yield from _duplicate_feeds(settings)
    yield from _unused_channels(settings)
    yield from _open_listener(settings)
    yield from _missing_languages(settings)


def _duplicate_feeds(settings: Settings) -> Iterator[str]:
    """Yield feeds with the address of another; scheme, final slash and case of the host do not count."""
    names: dict[str, list[str]] = defaultdict(list)
    for name, feed in settings.feeds.items():
        if feed.enabled:
            names[_comparable(feed.url)].append(name)
    for first, *others in names.values():
        for other in others:
            address = display_url(settings.feeds[other].url)
            yield f"feeds.{other}.url: the same address as [feeds.{first}], polled twice: {address}"


def _comparable(url: str) -> str:
    scheme, _, remainder = url.partition("://")
    if scheme.lower() not in {"http", "https"}:
        return url
    host, slash, path = remainder.partition("/")
    return f"{host.lower()}{slash}{path}".rstrip("/")


def _unused_channels(settings: Settings) -> Iterator[str]:
    used = {*settings.health.channels, *settings.escalation.first, *settings.escalation.then}
    for route in settings.routes.values():
        used |= set(route.channels)
    for digest in settings.digests.values():
        used |= set(digest.channels)
    for recipient in settings.recipients.values():
        used |= set(recipient.to)
    for name in settings.channels:
        if name not in used:
            yield f"channels.{name}: nothing uses it: no route, digest, recipient, escalation or [health]"


def _open_listener(settings: Settings) -> Iterator[str]:
    web = settings.web
    if web.enabled and not is_loopback(web.host) and web.feed_token is None:
        yield (
            f"web.listen: {web.listen} is open to everyone who can reach this machine, and /alerts.atom needs"
            " no token; listen at 127.0.0.1 behind a proxy, or set web.feed_token"
        )


def _missing_languages(settings: Settings) -> Iterator[str]:
    """Yield filters by language that no enabled feed declares, if every feed declares one."""
    spoken = {feed.lang.lower().partition("-")[0] for feed in settings.feeds.values() if feed.enabled}
    for key, table in filters_of(settings):
        if table.languages and spoken and "" not in spoken and spoken.isdisjoint(table.languages):
            yield f"{key}.languages: no enabled feed is in {', '.join(table.languages)}"
