"""Parse the document of a poll, skipping the items that the previous document already had. Pure."""

from collections.abc import Mapping
from dataclasses import replace

from monitor.feeds.adapters.base import DocumentSource, ParsedFeed
from monitor.feeds.adapters.mail import read_mailbox
from monitor.feeds.base import EarlierDocument, FeedDocument, ParsedDocument
from monitor.model import Kind

from .clean import Cleaned, clean
from .delta import Spans, split_items, without_known
from .parse import parse_cleaned


def parse_document(read: FeedDocument, earlier: EarlierDocument) -> ParsedDocument:
    """Parse a feed's document; known items are skipped where that surely changes no other item.

    Raises:
        FeedError: the bytes are not what the feed should be.
    """
    source = DocumentSource(read.feed, read.base_url, read.now, earlier.identity)
    if read.feed.kind is Kind.IMAP:
        return _whole_document(read_mailbox(read.body, source), None)
    document = clean(read.body, read.content_type, read.feed.request.encoding)
    is_feed = document.kind == "feed" and read.feed.kind is Kind.AUTO
    spans = split_items(document.xml, read.base_url) if is_feed else None
    if spans and not earlier.known_spans.keys().isdisjoint(spans.names):
        changes = _parse_unknown(document, source, spans, earlier.known_spans)
        if changes:
            return changes
    return _whole_document(parse_cleaned(document, source), spans)


def _whole_document(parsed: ParsedFeed, spans: Spans | None) -> ParsedDocument:
    return ParsedDocument(
        items=parsed.items,
        complete=parsed.complete,
        known_spans=_known_spans(spans.names, parsed) if spans else {},
        hint=parsed.hint,
        identity=parsed.identity,
        wordless=parsed.wordless,
        unread_dates=parsed.unread_dates,
    )


def _parse_unknown(
    document: Cleaned, source: DocumentSource, spans: Spans, known: Mapping[str, str]
) -> ParsedDocument | None:
    """Parse the unknown items only; None if an identity could depend on the items left out."""
    unknown = [name for name in spans.names if name not in known]
    seen = {name: known[name] for name in spans.names if name in known}
    parsed = ParsedFeed(items=(), title="", complete=document.whole, identity=source.identity)
    if unknown:
        parsed = parse_cleaned(replace(document, xml=without_known(spans, unknown)), source)
    new = _known_spans(unknown, parsed)
    if len(new) < len(unknown) or not set(new.values()).isdisjoint(seen.values()):
        return None
    if parsed.weak or parsed.identity != source.identity:
        return None
    return ParsedDocument(
        items=parsed.items,
        complete=parsed.complete,
        seen=tuple(dict.fromkeys(seen.values())),
        known_spans=seen | new,
        hint=parsed.hint,
        identity=parsed.identity,
    )


def _known_spans(names: tuple[str, ...] | list[str], parsed: ParsedFeed) -> dict[str, str]:
    """Return the item id of each span; nothing unless each span has an item with a name of its own.

    One entry without a guid does no harm as long as no second one joins it. A document with dates that cannot
    be read is parsed in full, to count them all.
    """
    if len(parsed.items) != len(names) or parsed.weak > 1 or parsed.unread_dates.count:
        return {}
    return {name: item.id for name, item in zip(names, parsed.items, strict=True)}
