"""Interpret the status, headers and block pages of a response. Pure."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from monitor.errors import FeedError, FeedHealth
from monitor.feeds.base import Validators

MIN_WAIT = timedelta(seconds=60)
MAX_WAIT = timedelta(hours=24)
DEFAULT_WAIT = timedelta(minutes=10)
MAX_FRESHNESS = timedelta(days=31)

_MAX_VALIDATOR = 1_000
_MAX_EVIDENCE = 500
_EPOCH_S = 1_000_000_000  # a larger number of seconds is a moment, not a span
_EPOCH_MS = 100 * _EPOCH_S

_STATUSES = {  # status: health, remedy
    401: (
        FeedHealth.BLOCKED,
        "it wants credentials: give the feed user and password, or token; see [feeds.<name>]",
    ),
    403: (FeedHealth.BLOCKED, "it does not serve us: look whether the address still works in a browser"),
    404: (FeedHealth.HTTP, "there is nothing at this address: look for the feed's new one"),
    410: (FeedHealth.GONE, "the feed is withdrawn for good: remove it or find its successor"),
    429: (
        FeedHealth.THROTTLED,
        "it is asked too often: raise `every` for feeds of this host if that goes on",
    ),
}

#: The headers stored as evidence: no cookies, no secrets.
_EVIDENCE_HEADERS = (
    "date",
    "etag",
    "last-modified",
    "content-type",
    "content-length",
    "content-encoding",
    "server",
    "age",
    "cache-control",
    "expires",
)

_HTML = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s{0,500}(?:<!--.{0,2000}?-->\s{0,100})?<(?:!doctype\s{1,9}html|html)\b",
    re.I | re.S,
)
_CHALLENGE = re.compile(
    rb"<title[^>]{0,99}>\s{0,99}(?:just a moment|attention required|checking your browser|ddos-guard)", re.I
)
_LOGIN = re.compile(rb"""<input\b[^>]{0,500}\btype\s{0,9}=\s{0,9}["']?password\b""", re.I)
_CONSENT = re.compile(rb"<title[^>]{0,99}>[^<]{0,99}(?:consent|before you continue|cookie)", re.I)
_OFFER = re.compile(rb"application/(?:rss|atom|feed)\+(?:xml|json)", re.I)
_MAX_PAGE_START = 100_000

_BROWSER = "it lets only browsers in: ask its operator to admit this monitor, or find another source"


def status_error(status: int, headers: Mapping[str, str], where: str, now: datetime) -> FeedError:
    """Return the error for a status without a document; the case of `headers` does not count."""
    health, remedy = _STATUSES.get(status, (FeedHealth.HTTP, "it is asked again later"))
    retry_after = headers.get("Retry-After")
    if headers.get("cf-mitigated", "").strip().lower() == "challenge":
        health, remedy = FeedHealth.BLOCKED, _BROWSER
    elif status == 503 and retry_after:
        health = FeedHealth.THROTTLED
    if status == 429 and not retry_after:
        retry_after = _rate_limit_reset(headers, now)
    wait = retry_wait(retry_after, now) if health == FeedHealth.THROTTLED else None
    return FeedError(f"{where} answers HTTP {status}; {remedy}", health, wait, status)


def retry_wait(retry_after: str | None, now: datetime) -> timedelta:
    """Return the wait that `Retry-After` requests: 60 s to 24 h; ten minutes if it cannot be read.

    Source: RFC 9110 §10.2.3, seconds or a date.
    """
    text = (retry_after or "").strip()
    if text.lstrip("-").isdecimal():
        seconds = int(text[:9]) if text.lstrip("-").isascii() else 0
        return min(max(timedelta(seconds=seconds), MIN_WAIT), MAX_WAIT)
    until = _http_date(text)
    return min(max(until - now, MIN_WAIT), MAX_WAIT) if until else DEFAULT_WAIT


def _rate_limit_reset(headers: Mapping[str, str], now: datetime) -> str | None:
    """Return the seconds until `X-RateLimit-Reset`, which holds a span, or a moment in s or ms."""
    text = (
        (headers.get("X-RateLimit-Reset") or headers.get("RateLimit-Reset") or "").partition(".")[0].strip()
    )
    if not (text.isascii() and text.isdecimal()) or len(text) > 15:
        return None
    number = int(text)
    number = number // 1000 if number >= _EPOCH_MS else number
    return str(max(0, number - int(now.timestamp())) if number >= _EPOCH_S else number)


def validator(value: str | None) -> str | None:
    """Return an ETag or Last-Modified exactly as sent, or None if it could not be sent back."""
    fit = value and value.isascii() and value.isprintable() and len(value) <= _MAX_VALIDATOR
    return value if fit else None


def freshness(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Return the freshness lifetime of a response, at most 31 days; None if it states none.

    Source: RFC 9111 §4.2.1; the value for shared caches wins, because our copy may come from one.
    """
    directives = _directives(headers.get("Cache-Control", ""))
    if "no-cache" in directives or "no-store" in directives:
        return None
    for name in ("s-maxage", "max-age"):
        if (seconds := _seconds(directives.get(name, ""))) is not None:
            return _span(timedelta(seconds=seconds - (_seconds(headers.get("Age", "")) or 0)))
    until = _http_date(headers.get("Expires", ""))
    return _span(until - (_http_date(headers.get("Date", "")) or now)) if until else None


def _span(given: timedelta) -> timedelta | None:
    return min(given, MAX_FRESHNESS) if given > timedelta() else None


def _directives(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.lower().split(","))
    return {name.strip(): value.strip().strip('"') for name, _, value in pairs}


def _seconds(text: str) -> int | None:
    text = text.strip()
    return int(text[:10]) if text.isascii() and text.isdecimal() else None


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def evidence_headers(headers: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the headers to store as evidence, in a fixed order; no cookies."""
    found = ((name, headers.get(name, "")) for name in _EVIDENCE_HEADERS)
    return tuple((name, value[:_MAX_EVIDENCE]) for name, value in found if value)


def wall_reason(headers: Mapping[str, str], body: bytes, *, document: bool) -> str:
    """Return why a response with status 200 is a block page, "" if it is none.

    With `document`, a feed was expected: then a login or consent form is a block page too, unless the page
    links to a feed.
    """
    if headers.get("cf-mitigated", "").strip().lower() == "challenge":
        return f"answers with a check for browsers; {_BROWSER}"
    start = body[:_MAX_PAGE_START]
    if not _HTML.match(start):
        return ""
    if _CHALLENGE.search(start):
        return f"answers with a check for browsers; {_BROWSER}"
    return _form(start) if document and not _OFFER.search(start) else ""


def _form(start: bytes) -> str:
    if _LOGIN.search(start):
        return "answers with a form to log in; give the feed user and password, or token, or another address"
    if _CONSENT.search(start):
        return "answers with a request for consent; find an address of the feed that needs none"
    return ""


def validators_lied(stored: Validators, etag: str | None, modified: str | None, body_hash: str) -> bool:
    """Say whether the validators are equal although the bytes changed.

    If there is an ETag, it alone counts; weak ones are compared like strong ones.
    """
    if stored.body_hash is None or stored.body_hash == body_hash:
        return False
    if stored.etag or etag:
        return stored.etag == etag
    return modified is not None and modified == stored.last_modified


def compatible_agent(agent: str) -> str:
    """Return a User-Agent in the form that most firewalls accept, still with our name; "" if it has it.

    ``name/1 (+https://… )`` becomes ``Mozilla/5.0 (compatible; name/1; +https://… )``.
    """
    if agent.startswith("Mozilla/"):
        return ""
    name, _, about = agent.partition("(")
    parts = (name.strip(), about.strip().rstrip(")").strip())
    return f"Mozilla/5.0 (compatible; {'; '.join(part for part in parts if part)})"
