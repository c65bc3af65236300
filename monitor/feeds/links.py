"""Resolve addresses, remove credentials and tracking, and normalise them for comparison. Pure."""

import re
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

MAX_LENGTH = 2_000

_PORTS = {"http": 80, "https": 443}
_TRACKING = frozenset(
    "fbclid gclid dclid gbraid wbraid msclkid yclid ymclid twclid igshid mc_cid mc_eid _hsenc _hsmi mkt_tok"
    " cmpid ncid maca traffic_source at_medium at_campaign at_format at_link_origin"
    " wt_mc ocid xtor sh_kit".split()
)
_TRACKING_STARTS = ("utm_", "mtm_", "pk_", "piwik_", "matomo_")
_ORIGIN_WORDS = frozenset("ref source src from via".split())
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
#: Illegal in addresses (RFC 3986 §2), and able to break out of the markup around an address.
_ESCAPED = {ord(c): f"%{ord(c):02X}" for c in " <>\"'`\\{}|^"} | dict.fromkeys((0xA0, 0x3000), "%20")


def display_url(url: str) -> str:
    """Return scheme, host and path only, without secrets, for error texts."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return "an address that cannot be read"
    start = f"{parts.scheme}://{host}" if host else f"{parts.scheme}:" if parts.scheme else ""
    return "".join(c if c.isprintable() else "?" for c in f"{start}{parts.path}"[:300])


def absolute(base: str, link: str) -> str:
    """Return `link` as a full http or https address without credentials and tracking; "" if it cannot be one.

    Source: RFC 3986 §5.2; blanks around it are dropped, illegal characters inside it percent-encoded.
    """
    link = _CONTROL.sub("", link.strip()).translate(_ESCAPED)
    try:
        parts = urlsplit(urljoin(base, link))
        host = _host(parts, _PORTS.get(parts.scheme))
    except ValueError:
        return ""
    if not link or parts.scheme not in _PORTS or not host or "%" in host or len(link) > MAX_LENGTH:
        return ""
    return urlunsplit((parts.scheme, host, parts.path, _untracked(parts.query), parts.fragment))


def normal_link(url: str) -> str:
    """Return the form under which two links to one page are equal; "" for what is no web address.

    Scheme, default port, fragment, tracking and case of the host do not count; the order of the query does.
    """
    parts = urlsplit(absolute("", url))
    host = _host(parts, *_PORTS.values())
    return urlunsplit(("https", host, parts.path or "/", parts.query, "")) if host else ""


def _host(parts: SplitResult, *usual: int | None) -> str:
    """Return host and port without credentials, case, final dot and usual ports."""
    name = (parts.hostname or "").rstrip(".")
    name = f"[{name}]" if ":" in name else name
    return f"{name}:{parts.port}" if name and parts.port and parts.port not in usual else name


def _untracked(query: str) -> str:
    """Drop tracking parameters; the others stay byte for byte."""
    return "&".join(part for part in query.split("&") if not _tracks(part))


def _tracks(part: str) -> bool:
    name, _, value = part.partition("=")
    name = name.lower()
    if name in _ORIGIN_WORDS:
        return value.lower() in {"rss", "feed"}
    return name in _TRACKING or name.startswith(_TRACKING_STARTS)
