"""What a server's status and headers mean for a feed. Pure."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from monitor.errors import FeedError

SHORTEST = timedelta(seconds=60)
LONGEST = timedelta(hours=24)
VAGUE = timedelta(minutes=10)

_LONGEST_VALIDATOR = 1_000

_MEANINGS = {  # status: health, what to tell the operator
    401: ("blocked", "it wants credentials: write them as https://user:password@host/… or remove the feed"),
    403: ("blocked", "it does not serve us: look whether the address still works in a browser"),
    404: ("http", "there is nothing at this address: look for the feed's new one"),
    410: ("gone", "the feed is withdrawn for good: remove it or find its successor"),
    429: ("throttled", "it is asked too often: raise `every` for feeds of this host if that goes on"),
}


def refused(status: int, retry_after: str | None, where: str, now: datetime) -> FeedError:
    """Return the error for an answer without a document."""
    health, remedy = _MEANINGS.get(status, ("http", "it is asked again later"))
    if status == 503 and retry_after:
        health = "throttled"
    wait = wish(retry_after, now) if health == "throttled" else None
    return FeedError(f"{where} answers HTTP {status}; {remedy}", health, wait, status)


def wish(retry_after: str | None, now: datetime) -> timedelta:
    """Return how long a server asks us to wait: 60 s to 24 h; ten minutes when that cannot be read.

    Source: RFC 9110 §10.2.3, seconds or a date.
    """
    text = (retry_after or "").strip()
    if text.lstrip("-").isdecimal():
        seconds = int(text[:9]) if text.lstrip("-").isascii() else 0
        return min(max(timedelta(seconds=seconds), SHORTEST), LONGEST)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return VAGUE
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(until - now, SHORTEST), LONGEST)


def validator(value: str | None) -> str | None:
    """Return an ETag or Last-Modified exactly as sent, or None if it could not be sent back."""
    fit = value and value.isascii() and value.isprintable() and len(value) <= _LONGEST_VALIDATOR
    return value if fit else None
