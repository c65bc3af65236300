"""Any list in JSON to items, by the paths that the operator wrote down. Pure."""

from typing import Any

from monitor.errors import FeedError
from monitor.feeds.parsing.clean import Cleaned
from monitor.model import Fields

from .base import Entry, Parsed, Source, at, language, loaded, parsed, words


def read_mapped(document: Cleaned, source: Source) -> Parsed:
    """Read JSON by `Feed.fields`; ``items = ""`` is a document that is itself the list.

    Raises:
        FeedError: no JSON, or the paths lead to nothing.
    """
    fields = source.feed.fields
    found = at(loaded(document, source), fields.items)
    rows = list(found.values()) if isinstance(found, dict) else found
    if not isinstance(rows, list):
        raise FeedError(
            f"{source.shown}: no list at json.items = {fields.items!r} in its answer", "parse_error"
        )
    entries = [_entry(row, fields) for row in rows if isinstance(row, dict)]
    if rows and not any(entry.title for entry in entries):
        reason = f"{source.shown}: nothing at json.title = {fields.title!r} in any of {len(rows)} items"
        raise FeedError(reason, "parse_error")
    return parsed(entries, source)


def _entry(row: dict[str, Any], fields: Fields) -> Entry:
    paths = {"summary": fields.summary, "link": fields.link, "date": fields.date, "id": fields.id}
    said = {name: words(at(row, path)) if path else "" for name, path in paths.items()}
    return Entry(
        title=words(at(row, fields.title)),
        summary=said["summary"],
        links=(said["link"],),
        dates=(said["date"],),
        guid=said["id"],
        lang=language(words(row.get("language"))),
    )
