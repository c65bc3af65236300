"""Read any list in JSON by the dotted paths of the configuration. Pure."""

from typing import Any

from monitor.errors import FeedError, FeedHealth
from monitor.feeds.parsing.clean import Cleaned
from monitor.model import Fields

from .base import (
    DocumentSource,
    FeedEntry,
    ParsedFeed,
    json_at,
    json_text,
    json_texts,
    language_code,
    load_json,
    to_parsed_feed,
)


def read_mapped(document: Cleaned, source: DocumentSource) -> ParsedFeed:
    """Read JSON by `Feed.fields`; with ``items = ""`` the document itself is the list.

    Raises:
        FeedError: no JSON, or the paths lead to nothing.
    """
    fields = source.feed.fields
    found = json_at(load_json(document, source), fields.items)
    rows = list(found.values()) if isinstance(found, dict) else found
    if not isinstance(rows, list):
        raise FeedError(
            f"{source.display_url}: no list at json.items = {fields.items!r} in its answer",
            FeedHealth.PARSE_ERROR,
        )
    entries = [_entry(row, fields) for row in rows if isinstance(row, dict)]
    if rows and not any(entry.title for entry in entries):
        reason = f"{source.display_url}: nothing at json.title = {fields.title!r} in any of {len(rows)} items"
        raise FeedError(reason, FeedHealth.PARSE_ERROR)
    return to_parsed_feed(entries, source)


def _entry(row: dict[str, Any], fields: Fields) -> FeedEntry:
    paths = {"summary": fields.summary, "link": fields.link, "date": fields.date, "id": fields.id}
    texts = {name: json_text(json_at(row, path)) if path else "" for name, path in paths.items()}
    return FeedEntry(
        title=json_text(json_at(row, fields.title)),
        summary=texts["summary"],
        links=(texts["link"],),
        dates=(texts["date"],),
        guid=texts["id"],
        lang=language_code(json_text(row.get("language"))),
        categories=json_texts(json_at(row, fields.category)) if fields.category else (),
    )
