"""Detect an outage of our own network: if no host responds, no feed is at fault."""

from datetime import datetime, timedelta

from monitor.errors import FeedError, FeedHealth
from monitor.model import Feed

#: Failures that may be an outage of our network.
_NETWORK_FAULTS = frozenset({FeedHealth.DNS, FeedHealth.TIMEOUT, FeedHealth.PROTOCOL, FeedHealth.TLS})

#: The least number of hosts for an outage.
MIN_HOSTS = 3
_RECENT = timedelta(minutes=10)


class Outage:
    """The state of our own network, from the last polls of all feeds; kept in memory."""

    def __init__(self) -> None:
        self._responded_at: datetime | None = None
        self._hosts: set[str] = set()
        self._silent: dict[str, datetime] = {}

    def host_responded(self, feed: Feed, now: datetime) -> None:
        """Record that a host responded, with any status."""
        if _on_network(feed):
            self._hosts.add(feed.host)
            self._responded_at = now
            self._silent.clear()

    def host_failed(self, feed: Feed, error: FeedError, now: datetime) -> bool:
        """Record a failure; return whether it counts against the feed.

        It does not count while no other host responds: neither recently nor since the last poll of this feed.
        """
        if not _on_network(feed) or error.health not in _NETWORK_FAULTS:
            self.host_responded(feed, now)
            return True
        self._hosts.add(feed.host)
        self._silent.setdefault(feed.host, now)
        recent = self._responded_at is not None and now - self._responded_at <= max(_RECENT, 2 * feed.every)
        return recent or len(self._hosts) < MIN_HOSTS

    @property
    def since(self) -> datetime | None:
        """The time since which no host responds; None while some do, or too few were polled."""
        enough = max(MIN_HOSTS, len(self._hosts) / 2)
        return min(self._silent.values()) if len(self._silent) >= enough else None


def _on_network(feed: Feed) -> bool:
    return feed.url.partition(":")[0].lower() in {"http", "https"}
