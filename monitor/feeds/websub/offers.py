"""Find the hub that a document names, in the Link header or in the document. Pure.

Source: WebSub §4; JSON Feed 1.1, `hubs`.
"""

import html
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from monitor.model import HubOffer

#: Hub and topic stand before the entries of a document.
_MAX_HEAD = 65_536
_MAX_JSON = 2_000_000
_MAX_URL = 2_000

_HEADER_LINK = re.compile(r"<([^<>]{1,2000})>((?:\s{0,9};[^;,]{0,200}){1,9})")
_REL = re.compile(r"""\brel\s{0,9}=\s{0,9}(?:"([^"]{0,200})"|'([^']{0,200})'|([^\s"';,/>]{1,200}))""", re.I)
_HREF = re.compile(r"""\bhref\s{0,9}=\s{0,9}(?:"([^"]{0,4000})"|'([^']{0,4000})')""", re.I)
_ELEMENT = re.compile(r"<(?:[a-z0-9]{1,20}:)?link\s([^<>]{0,5000})>", re.I)
_ENTRIES = re.compile(rb"<(?:[a-z0-9]{1,20}:)?(?:item|entry)[\s>]", re.I)


def hub_offer(link_header: str, body: bytes, document_url: str) -> HubOffer:
    """Return the first hub that a response names, with the address that the document gives as its own.

    Without ``self`` there is no offer: the address that we fetch may hold a secret of the operator's.
    """
    links = [*_in_header(link_header), *_in_document(body)]
    hub, topic = _first(links, "hub", document_url), _first(links, "self", document_url)
    return HubOffer(hub, topic) if hub and topic else HubOffer()


def _first(links: list[tuple[str, str]], rel: str, base: str) -> str:
    """Return the first usable address of a relation, "" if there is none."""
    addresses = (_address(href, base) for rels, href in links if rel in rels.lower().split())
    return next(filter(None, addresses), "")


def _address(href: str, base: str) -> str:
    try:
        url = urljoin(base, href.strip())
        parts = urlsplit(url)
    except ValueError:
        return ""
    is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    return url if is_web and len(url) <= _MAX_URL and url.isprintable() and " " not in url else ""


def _in_header(header: str) -> Iterator[tuple[str, str]]:
    for found in _HEADER_LINK.finditer(header):
        if rel := _REL.search(found[2]):
            yield _value(rel), found[1]


def _in_document(body: bytes) -> Iterator[tuple[str, str]]:
    if b"hub" not in body:
        return
    if body.lstrip()[:1] == b"{":
        yield from _in_json(body)
    else:
        yield from _in_xml(body)


def _in_xml(body: bytes) -> Iterator[tuple[str, str]]:
    head = body[:_MAX_HEAD]
    if entries := _ENTRIES.search(head):  # the links of an entry are not those of the feed
        head = head[: entries.start()]
    for element in _ELEMENT.finditer(head.decode("utf-8", "replace")):
        rel, href = _REL.search(element[1]), _HREF.search(element[1])
        if rel and href:
            yield _value(rel), html.unescape(_value(href))


def _in_json(body: bytes) -> Iterator[tuple[str, str]]:
    try:
        document: Any = json.loads(body) if len(body) <= _MAX_JSON else None
    except (ValueError, RecursionError):
        return
    if not isinstance(document, dict):
        return
    hubs = document.get("hubs")
    for hub in hubs if isinstance(hubs, list) else ():
        if isinstance(hub, dict) and str(hub.get("type")).lower() == "websub":
            yield "hub", str(hub.get("url"))
    if isinstance(url := document.get("feed_url"), str):
        yield "self", url


def _value(found: re.Match[str]) -> str:
    """Return the group of an attribute's value that matched."""
    return next((group for group in found.groups() if group is not None), "")
