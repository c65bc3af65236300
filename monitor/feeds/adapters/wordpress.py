"""Read the WordPress REST API (``/wp-json/wp/v2/<type>``). Pure.

Source: WordPress REST API handbook, Posts; sites define their own types (``state_press_release``).
"""

from collections.abc import Iterator
from typing import Any

from monitor.errors import FeedError, FeedHealth
from monitor.feeds.parsing.clean import Cleaned

from .base import DocumentSource, FeedEntry, ParsedFeed, json_at, json_text, load_json, to_parsed_feed


def read_wordpress(document: Cleaned, source: DocumentSource) -> ParsedFeed:
    """Read a list of posts; the guid is the number of the post, which survives a change of its link.

    Raises:
        FeedError: no JSON, or no list of posts; the errors of WordPress itself are quoted.
    """
    found = load_json(document, source)
    if isinstance(found, dict) and found.get("code") == "rest_no_route":
        raise FeedError(
            f"{source.display_url}: WordPress has no such route; "
            "look under /wp-json/wp/v2/types for its new name",
            FeedHealth.GONE,
        )
    if not isinstance(found, list):
        raise FeedError(
            f"{source.display_url} answers with JSON that is no list of WordPress posts",
            FeedHealth.PARSE_ERROR,
        )
    posts = [post for post in found if isinstance(post, dict) and _rendered(post, "title")]
    if found and not posts:
        raise FeedError(
            f"{source.display_url} answers with posts that have no title.rendered", FeedHealth.PARSE_ERROR
        )
    return to_parsed_feed(map(_entry, posts), source)


def _entry(post: dict[str, Any]) -> FeedEntry:
    return FeedEntry(
        title=_rendered(post, "title"),
        summary=_rendered(post, "excerpt") or _rendered(post, "content"),
        texts=(_rendered(post, "content"),),
        links=(json_text(post.get("link")), json_text(json_at(post, "guid.rendered"))),
        dates=(json_text(post.get("date_gmt")), json_text(post.get("modified_gmt"))),
        categories=tuple(_categories(post)),
        guid=f"wp:{json_text(post.get('id'))}" if json_text(post.get("id")) else "",
    )


def _categories(post: dict[str, Any]) -> Iterator[str]:
    """Yield the names of categories and tags; without ``_embed`` in the address there are numbers only."""
    groups = json_at(post, "_embedded.wp:term")
    for group in groups if isinstance(groups, list) else ():
        for term in group if isinstance(group, list) else ():
            yield json_text(json_at(term, "name"))


def _rendered(post: dict[str, Any], name: str) -> str:
    return json_text(json_at(post, f"{name}.rendered"))
