"""A poll's document, read with what is known of the one before. Pure."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.feeds.adapters.base import Parsed, Source
from monitor.model import Feed, Item, Kind

from .clean import Cleaned, clean
from .delta import Spans, only, split
from .parse import parse_cleaned

#: Whoever reads a document for a story: see `read`.
Read = Callable[[Feed, bytes, str, str, datetime, "Before"], Awaitable["Reading"]]


@dataclass(frozen=True, slots=True)
class Before:
    """What earlier readings of a feed left: what its names are made of, and the id of each known span."""

    identity: str = "guid"
    known: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a document says that the one before did not.

    `items` are those whose text was not there before, `seen` the ids of the others; all of them in the order
    of the document. `known` and `identity` are what the next reading of this feed is told: the item's id for
    each span, and what names are made of. `hint` is how long the document says it stays fresh.
    """

    items: tuple[Item, ...]
    complete: bool
    seen: tuple[str, ...] = ()
    known: Mapping[str, str] = field(default_factory=dict)
    hint: timedelta | None = None
    identity: str = "guid"

    @property
    def count(self) -> int:
        """How many items the document has."""
        return len(self.items) + len(self.seen)


def read(feed: Feed, body: bytes, content_type: str, base_url: str, now: datetime, before: Before) -> Reading:
    """Read a feed's document; what is known is not parsed again where that surely makes no difference.

    Raises:
        FeedError: the bytes are not what the feed should be.
    """
    document, source = (
        clean(body, content_type, feed.request.encoding),
        Source(feed, base_url, now, before.identity),
    )
    spans = split(document.xml, base_url) if document.kind == "feed" and feed.kind is Kind.AUTO else None
    known = before.known
    if spans and not known.keys().isdisjoint(spans.names) and (less := _rest(document, source, spans, known)):
        return less
    parsed = parse_cleaned(document, source)
    named = _named(spans.names, parsed) if spans else {}
    return Reading(parsed.items, parsed.complete, known=named, hint=parsed.hint, identity=parsed.identity)


def _rest(document: Cleaned, source: Source, spans: Spans, known: Mapping[str, str]) -> Reading | None:
    """Read what is not known; None if an identity could depend on the items left out."""
    unseen = [name for name in spans.names if name not in known]
    seen = {name: known[name] for name in spans.names if name in known}
    parsed = Parsed((), "", document.whole, identity=source.identity)
    if unseen:
        parsed = parse_cleaned(replace(document, xml=only(spans, unseen)), source)
    new = _named(unseen, parsed)
    if len(new) < len(unseen) or not set(new.values()).isdisjoint(seen.values()):
        return None
    if parsed.weak or parsed.identity != source.identity:
        return None
    ids = tuple(dict.fromkeys(seen.values()))
    return Reading(parsed.items, parsed.complete, ids, seen | new, parsed.hint, parsed.identity)


def _named(names: tuple[str, ...] | list[str], parsed: Parsed) -> dict[str, str]:
    """Return the id of each span's item; nothing unless each has one, by a name that is its own.

    One entry without a guid does no harm as long as none comes to it.
    """
    if len(parsed.items) != len(names) or parsed.weak > 1:
        return {}
    return {name: item.id for name, item in zip(names, parsed.items, strict=True)}
