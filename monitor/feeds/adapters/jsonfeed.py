"""Read JSON Feed 1.0 and 1.1. Pure.

Source: jsonfeed.org/version/1.1.
"""

from typing import Any

from monitor.errors import FeedError, FeedHealth
from monitor.feeds.parsing.clean import Cleaned

from .base import (
    DocumentSource,
    FeedEntry,
    ParsedFeed,
    Verbatim,
    json_at,
    json_text,
    json_texts,
    language_code,
    load_json,
    to_parsed_feed,
)

_VERSION = "jsonfeed.org/version/1"


def read_json_feed(document: Cleaned, source: DocumentSource) -> ParsedFeed:
    """Read a JSON Feed; other JSON is refused with the kind that would read it.

    Raises:
        FeedError: no JSON, or no JSON Feed.
    """
    found = load_json(document, source)
    if not isinstance(found, dict) or _VERSION not in json_text(found.get("version")):
        raise FeedError(
            f"{source.display_url} answers with JSON that is no JSON Feed; {_remedy(found)}",
            FeedHealth.PARSE_ERROR,
        )
    items = found.get("items")
    if not isinstance(items, list):
        raise FeedError(
            f"{source.display_url} answers with a JSON Feed without a list of items", FeedHealth.PARSE_ERROR
        )
    lang = language_code(json_text(found.get("language")))
    entries = (_entry(item, lang) for item in items if isinstance(item, dict))
    return to_parsed_feed(entries, source, json_text(found.get("title")))


def _entry(item: dict[str, Any], lang: str) -> FeedEntry:
    texts = (Verbatim(json_text(item.get("content_text"))), json_text(item.get("content_html")))
    return FeedEntry(
        title=Verbatim(json_text(item.get("title"))),
        summary=next(filter(None, (Verbatim(json_text(item.get("summary"))), *texts)), ""),
        texts=texts,
        links=(json_text(item.get("url")), json_text(item.get("external_url"))),
        dates=(json_text(item.get("date_published")), json_text(item.get("date_modified"))),
        guid=json_text(item.get("id")),
        lang=language_code(json_text(item.get("language"))) or lang,
        categories=json_texts(item.get("tags")),
    )


def _remedy(found: Any) -> str:
    if json_text(json_at(found, "0.title.rendered")):
        return 'it looks like WordPress: write kind = "wordpress"'
    return 'map its fields with kind = "json"'
