"""A poll's document, read with what is known of the one before. Pure."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from monitor.model import Feed, Item, Kind

from .adapters.base import Parsed, Source
from .clean import Cleaned, clean
from .delta import Spans, only, split
from .identity import alone
from .parse import parse_cleaned

#: Whoever reads a document for a story: see `read`.
Read = Callable[[Feed, bytes, str, str, datetime, Mapping[str, str]], Awaitable["Reading"]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a document says that the one before did not.

    `items` are those whose text was not there before, `seen` the ids of the others; all of them in the order
    of the document. `known` is what the next reading of this feed is told: the item's id for each span.
    """

    items: tuple[Item, ...]
    complete: bool
    seen: tuple[str, ...] = ()
    known: Mapping[str, str] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many items the document has."""
        return len(self.items) + len(self.seen)


def read(
    feed: Feed, body: bytes, content_type: str, base_url: str, now: datetime, known: Mapping[str, str]
) -> Reading:
    """Read a feed's document; what `known` names is not parsed again where that surely makes no difference.

    Raises:
        FeedError: the bytes are not what the feed should be.
    """
    document, source = clean(body, content_type, feed.request.encoding), Source(feed, base_url, now)
    spans = split(document.xml, base_url) if document.kind == "feed" and feed.kind is Kind.AUTO else None
    if spans and not known.keys().isdisjoint(spans.names) and (less := _rest(document, source, spans, known)):
        return less
    parsed = parse_cleaned(document, source)
    named = _named(spans.names, parsed) if spans else {}
    return Reading(parsed.items, parsed.complete, known=named)


def _rest(document: Cleaned, source: Source, spans: Spans, known: Mapping[str, str]) -> Reading | None:
    """Read what is not known; None if an identity could depend on the items left out."""
    unseen = [name for name in spans.names if name not in known]
    seen = {name: known[name] for name in spans.names if name in known}
    parsed = Parsed((), "", document.whole)
    if unseen:
        parsed = parse_cleaned(replace(document, xml=only(spans, unseen)), source)
    new = _named(unseen, parsed)
    if len(new) < len(unseen) or not set(new.values()).isdisjoint(seen.values()):
        return None
    return Reading(parsed.items, parsed.complete, tuple(dict.fromkeys(seen.values())), seen | new)


def _named(names: tuple[str, ...] | list[str], parsed: Parsed) -> dict[str, str]:
    """Return the id of each span's item; nothing unless each has one, by a name that is its own."""
    if len(parsed.items) != len(names) or not all(alone(item.guid) for item in parsed.items):
        return {}
    return {name: item.id for name, item in zip(names, parsed.items, strict=True)}
