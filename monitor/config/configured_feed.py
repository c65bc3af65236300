"""Make the feed that polling works with from its settings. Pure."""

import re
import unicodedata
from collections.abc import Collection
from datetime import timedelta
from urllib.parse import urlsplit

from monitor.feeds.cadence import tier_interval
from monitor.feeds.http.guard import forbidden, literal
from monitor.feeds.mailbox.address import PORTS
from monitor.model import Feed, host_of

from .feeds import FeedSettings


def feed_of(name: str, table: FeedSettings) -> Feed:
    """Return a feed as polling works with it."""
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
        mail=table.mail_filter,
        slowest=timedelta() if table.every else usual.slowest,
        request=table.request,
        full_text=table.full_text,
        date_order=table.date_order,
        internal=bool(own_host(table.url)),
    )


def own_host(url: str) -> str:
    """Return host:port of an address that says outright that it is internal, else ""."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    address = literal(host)
    if host != "localhost" and (address is None or forbidden(str(address)) is None):
        return ""
    port = parts.port or PORTS.get(parts.scheme, 443 if parts.scheme == "https" else 80)
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def free_name(title: str, taken: Collection[str]) -> str:
    """Return a name for the table of a feed, made of words, that no other feed has."""
    ascii = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", ascii).strip("-")[:40].strip("-") or "feed"
    numbered = (f"{base}-{number}" for number in range(2, 10_000))
    return base if base not in taken else next(name for name in numbered if name not in taken)
