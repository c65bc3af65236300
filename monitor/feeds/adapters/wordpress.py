"""What WordPress answers at ``/wp-json/wp/v2/<type>`` to items. Pure.

Source: WordPress REST API handbook, Posts; sites name their own types (``state_press_release``).
"""

from typing import Any

from monitor.errors import FeedError
from monitor.feeds.parsing.clean import Cleaned

from .base import Entry, Parsed, Source, at, loaded, parsed, words


def read_wordpress(document: Cleaned, source: Source) -> Parsed:
    """Read a list of posts; an identity is the post's number, which survives a change of its link.

    Raises:
        FeedError: no JSON, or none that WordPress writes; its own errors are quoted.
    """
    found = loaded(document, source)
    if isinstance(found, dict) and found.get("code") == "rest_no_route":
        raise FeedError(
            f"{source.shown}: WordPress has no such route; look under /wp-json/wp/v2/types for its new name",
            "gone",
        )
    if not isinstance(found, list):
        raise FeedError(f"{source.shown} answers with JSON that is no list of WordPress posts", "parse_error")
    posts = [post for post in found if isinstance(post, dict) and _rendered(post, "title")]
    if found and not posts:
        raise FeedError(f"{source.shown} answers with posts that have no title.rendered", "parse_error")
    return parsed(map(_entry, posts), source)


def _entry(post: dict[str, Any]) -> Entry:
    return Entry(
        title=_rendered(post, "title"),
        summary=_rendered(post, "excerpt") or _rendered(post, "content"),
        links=(words(post.get("link")), words(at(post, "guid.rendered"))),
        dates=(words(post.get("date_gmt")), words(post.get("modified_gmt"))),
        guid=f"wp:{words(post.get('id'))}" if words(post.get("id")) else "",
    )


def _rendered(post: dict[str, Any], name: str) -> str:
    return words(at(post, f"{name}.rendered"))
