"""Whose fault a silence is: when no host answers at all, no feed is to blame. No I/O, but it remembers."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from monitor.errors import FeedError
from monitor.model import Feed

#: What a host cannot be blamed for while none of the others answers either.
_NETWORK_FAULTS = frozenset({"dns", "timeout", "protocol", "tls"})

#: So many hosts without one that answers are an outage of ours.
MIN_HOSTS = 3
_RECENT = timedelta(minutes=10)


class Outage:
    """What the last polls of all feeds say of our own network; remembered while the program runs."""

    def __init__(self) -> None:
        self._answered_at: datetime | None = None
        self._hosts: set[str] = set()
        self._silent: dict[str, datetime] = {}

    def host_responded(self, feed: Feed, now: datetime) -> None:
        """Take note that a host on the network answered, whatever it said."""
        if _on_network(feed):
            self._hosts.add(feed.host)
            self._answered_at = now
            self._silent.clear()

    def host_failed(self, feed: Feed, error: FeedError, now: datetime) -> bool:
        """Take note of a failure; return whether it counts against the feed.

        It does not while nobody else answers either: not since this feed was last asked, nor recently.
        """
        if not _on_network(feed) or error.health not in _NETWORK_FAULTS:
            self.host_responded(feed, now)
            return True
        self._hosts.add(feed.host)
        self._silent.setdefault(feed.host, now)
        lately = self._answered_at is not None and now - self._answered_at <= max(_RECENT, 2 * feed.every)
        return lately or len(self._hosts) < MIN_HOSTS

    @property
    def since(self) -> datetime | None:
        """Since when no host answers; None while some do, or too few were asked to tell."""
        enough = max(MIN_HOSTS, len(self._hosts) / 2)
        return min(self._silent.values()) if len(self._silent) >= enough else None


def _on_network(feed: Feed) -> bool:
    return urlsplit(feed.url).scheme in {"http", "https"}
