"""Read and write lists of feeds as OPML; our own settings are attributes in our own namespace. Pure.

Source: OPML 2.0 (opml.org/spec2): `outline` with `xmlUrl`, nested at will.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit
from xml.parsers.expat import ExpatError, ParserCreate
from xml.sax.saxutils import quoteattr

from monitor.errors import MonitorError
from monitor.feeds.parsing.decode import decode

NAMESPACE = "urn:sanctions-monitor:opml"
MAX_FEEDS = 5_000
_MAX_LENGTH = 2_000
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_KEY = re.compile(r"[a-z][a-z_0-9]*(?:\.[a-z]+)?")


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed in an OPML list; `keys` are those of its table, with dots for nested tables (``page.items``)."""

    url: str
    title: str = ""
    name: str = ""
    keys: Mapping[str, str] = field(default_factory=dict)


def to_opml(outlines: Iterable[Outline], title: str) -> str:
    """Return a list of feeds as OPML 2.0; credentials in addresses are left out."""
    lines = (f"    <outline {' '.join(_attributes(outline))}/>" for outline in outlines)
    return "\n".join(
        (
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<opml version="2.0" xmlns:sm="{NAMESPACE}">',
            f"  <head><title>{quoteattr(_legal(title))[1:-1]}</title></head>",
            "  <body>",
            *lines,
            "  </body>",
            "</opml>",
            "",
        )
    )


def _attributes(outline: Outline) -> Iterator[str]:
    attributes = {
        "type": "rss",
        "text": outline.title or outline.name,
        "title": outline.title,
        "xmlUrl": without_credentials(outline.url),
    }
    attributes |= {"sm:name": outline.name} | {f"sm:{key}": value for key, value in outline.keys.items()}
    yield from (f"{name}={quoteattr(_legal(value))}" for name, value in attributes.items() if value)


def without_credentials(url: str) -> str:
    """Return an address without ``user:password@``."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])) if "@" in parts.netloc else url


def parse_opml(body: bytes) -> tuple[Outline, ...]:
    """Return the feeds of an OPML list, in its order; each address once.

    Raises:
        MonitorError: no OPML, not well-formed, with a DOCTYPE, or of more than 5,000 feeds.
    """
    text, _ = decode(body)
    return _OutlineHandler().parse(re.sub(r"\A\ufeff?\s*<\?xml[^>]{0,200}\?>", "", text))


class _OutlineHandler:
    """Collects outlines with an address, event by event, so that deep nesting costs nothing."""

    def __init__(self) -> None:
        self._found: dict[str, Outline] = {}
        self._root = ""

    def parse(self, text: str) -> tuple[Outline, ...]:
        parser = ParserCreate("utf-8", " ")
        parser.StartElementHandler = self._start
        parser.StartDoctypeDeclHandler = self._refuse
        try:
            parser.Parse(text.encode("utf-8", "replace"), True)
        except ExpatError as error:
            raise MonitorError(f"the list of feeds is not well-formed XML: {error}") from error
        return tuple(self._found.values())

    def _refuse(self, *_: object) -> None:
        raise MonitorError("the list of feeds has a DOCTYPE, which no such list needs; take it out")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._root = self._root or name
        if self._root.lower() != "opml":
            raise MonitorError(f"this is no list of feeds: its root is {name[:50]!r}, not opml")
        plain = {key.lower(): value.strip() for key, value in attributes.items() if " " not in key}
        if name.lower() == "outline" and (url := plain.get("xmlurl", "")) and len(url) <= _MAX_LENGTH:
            own = dict(self._own(attributes))
            title = plain.get("title") or ("" if "name" in own else plain.get("text", ""))
            self._found.setdefault(url, Outline(url, title[:_MAX_LENGTH], own.pop("name", ""), own))
        if len(self._found) > MAX_FEEDS:
            raise MonitorError(f"the list names more than {MAX_FEEDS:,} feeds; split it")

    def _own(self, attributes: dict[str, str]) -> Iterator[tuple[str, str]]:
        for key, value in attributes.items():
            space, _, name = key.rpartition(" ")
            if space == NAMESPACE and _KEY.fullmatch(name) and len(value) <= _MAX_LENGTH:
                yield name, value


def _legal(text: str) -> str:
    return _ILLEGAL.sub(" ", text)
