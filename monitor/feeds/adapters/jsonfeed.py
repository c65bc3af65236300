"""JSON Feed 1.0 and 1.1 to items. Pure.

Source: jsonfeed.org/version/1.1.
"""

from typing import Any

from monitor.errors import FeedError
from monitor.feeds.parsing.clean import Cleaned

from .base import Entry, Parsed, Source, at, language, loaded, parsed, words

_VERSION = "jsonfeed.org/version/1"


def read_json_feed(document: Cleaned, source: Source) -> Parsed:
    """Read a JSON Feed; other JSON is refused with the kind that would read it.

    Raises:
        FeedError: no JSON, or no JSON Feed.
    """
    found = loaded(document, source)
    if not isinstance(found, dict) or _VERSION not in words(found.get("version")):
        raise FeedError(
            f"{source.shown} answers with JSON that is no JSON Feed; {_remedy(found)}", "parse_error"
        )
    items = found.get("items")
    if not isinstance(items, list):
        raise FeedError(f"{source.shown} answers with a JSON Feed without a list of items", "parse_error")
    lang = language(words(found.get("language")))
    entries = (_entry(item, lang) for item in items if isinstance(item, dict))
    return parsed(entries, source, words(found.get("title")))


def _entry(item: dict[str, Any], lang: str) -> Entry:
    return Entry(
        title=words(item.get("title")),
        summary=_first(item, "summary", "content_text", "content_html"),
        links=(words(item.get("url")), words(item.get("external_url"))),
        dates=(words(item.get("date_published")), words(item.get("date_modified"))),
        guid=words(item.get("id")),
        lang=language(words(item.get("language"))) or lang,
    )


def _first(item: dict[str, Any], *names: str) -> str:
    return next((text for name in names if (text := words(item.get(name)))), "")


def _remedy(found: Any) -> str:
    if words(at(found, "0.title.rendered")):
        return 'it looks like WordPress: write kind = "wordpress"'
    return 'map its fields with kind = "json"'
