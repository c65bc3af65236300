"""Find the feeds that a web page advertises. Pure."""

import html
import re
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from monitor.feeds.parsing.plain_text import plain_text

from .links import absolute

_HEAD = 500_000
_LINK = re.compile(r"<(?P<element>link|base)\b(?P<rest>[^<>]{0,2000})>", re.IGNORECASE)
_META = re.compile(r"<meta\b(?P<rest>[^<>]{0,2000})>", re.IGNORECASE)
_REFRESH = re.compile(r"\s*[\d.]{0,9}\s*[;,]\s*(?:url\s*=\s*)?(.{1,1000})", re.IGNORECASE | re.DOTALL)
_ATTRIBUTE = re.compile(
    r"""\b(rel|href|type|title|http-equiv|content)\s{0,9}=\s{0,9}(?:"([^"<>]{0,1000})"|'([^'<>]{0,1000})'|([^"'\s<>]{1,1000}))""",
    re.IGNORECASE,
)
_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"}
)
_COMMON_PATHS = (
    "feed/",
    "rss.xml",
    "feed.xml",
    "atom.xml",
    "index.xml",
    "rss",
    "feed.json",
    "news-sitemap.xml",
)


@dataclass(frozen=True, slots=True)
class AdvertisedFeed:
    """A feed that a page links to in its head."""

    url: str
    title: str
    type: str


def advertised_feeds(page: str, base_url: str) -> tuple[AdvertisedFeed, ...]:
    """Return the feeds in a page's head, in document order; comment feeds are left out."""
    found: dict[str, AdvertisedFeed] = {}
    for element in _LINK.finditer(_without_comments(page[:_HEAD])):
        marks = _attributes(element["rest"])
        if element["element"].lower() == "base":
            base_url = absolute(base_url, marks.get("href", "")) or base_url
            continue
        type, url = marks.get("type", "").lower().strip(), absolute(base_url, marks.get("href", ""))
        if type in _TYPES and "alternate" in marks.get("rel", "alternate").lower().split() and url:
            found.setdefault(url, AdvertisedFeed(url, plain_text(marks.get("title", ""), 200), type))
    return tuple(each for url, each in found.items() if "/comments/" not in urlsplit(url).path)


def refresh_target(page: str, base_url: str) -> str:
    """Return the target of a page that leads on by itself (``<meta http-equiv="refresh">``), "" for none."""
    for element in _META.finditer(_without_comments(page[:_HEAD])):
        attributes = _attributes(element["rest"])
        if attributes.get("http-equiv", "").strip().lower() != "refresh":
            continue
        if target := _REFRESH.match(attributes.get("content", "")):
            return absolute(base_url, target[1].strip().strip("'\""))
    return ""


def _without_comments(text: str) -> str:
    """Drop comments in one pass; an unclosed one ends at the next."""
    begun = text.split("<!--")
    kept = [begun[0]]
    for piece in begun[1:]:
        _, end, behind = piece.partition("-->")
        kept.append(behind if end else "")
    return "".join(kept)


def _attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, *groups in _ATTRIBUTE.findall(text):
        found.setdefault(name.lower(), html.unescape("".join(groups)))
    return found


def candidate_feed_urls(url: str) -> tuple[str, ...]:
    """Return addresses where sites often keep a feed; none of them was checked."""
    parts = urlsplit(url)
    return tuple(urlunsplit((parts.scheme, parts.netloc, f"/{place}", "", "")) for place in _COMMON_PATHS)
