"""Read a web page that lists links to items, by CSS selectors; the only module that imports lxml.

libxml2 nests at most 256 elements and drops deeper ones. Over-long tags are cut before parsing, because many
attributes take quadratic time.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from html import escape
from typing import Any

import lxml.html
from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from lxml.etree import ParserError

from monitor.errors import FeedError, FeedHealth
from monitor.feeds.links import absolute
from monitor.feeds.parsing.clean import Cleaned
from monitor.model import Fields, host_of

from .base import DocumentSource, FeedEntry, ParsedFeed, language_code, refuse, to_parsed_feed

MAX_LISTED = 500
MAX_PAGE = 3_000_000
_LONGEST_TAG = re.compile(r"<[^<>]{10000,}>?")
_DECLARATION = re.compile(r"\A\s{0,99}<\?xml[^>]{0,200}\?>")
_ATTRIBUTE = re.compile(r"(?P<selector>.*?)\s*@(?P<name>[a-z][a-z0-9:_-]*)\s*", re.DOTALL)


def read_listing(document: Cleaned, source: DocumentSource) -> ParsedFeed:
    """Read a page by `Feed.fields`: `items` selects the elements, the others select within each.

    A selector may end in ``@attribute``. Without one, a link is the element's ``href``, a date its
    ``datetime`` or its words. Without a selector, the link is the first in the item, the title its words.

    Raises:
        FeedError: no page, or no element matches; that is never taken for an empty feed.
    """
    if document.kind not in {"html", "other"}:
        refuse(document, source)
    root = _tree(document.text, source)
    fields = source.feed.fields
    entries = [entry for entry in _entries(root, fields) if entry.links]
    lang = language_code(root.get("lang") or "")
    source = replace(source, base_url=_base(root, source.base_url))
    whole = document.whole and len(entries) < MAX_LISTED
    page = to_parsed_feed((replace(entry, lang=lang) for entry in entries), source, _title(root), whole=whole)
    if not page.items:
        reason = f"no element of the page with words and a link fits page.items = {fields.items!r}"
        raise FeedError(
            f"{source.display_url}: {reason}; look whether the page was rebuilt, or refused us",
            FeedHealth.EMPTY,
        )
    return page


def _base(root: Any, base_url: str) -> str:
    """Return the address from which links of a page start: its base element, unless it names another host."""
    href = next((element.get("href") for element in root.iter("base") if element.get("href")), "")
    base = absolute(base_url, href)
    return base if base and host_of(base) == host_of(base_url) else base_url


def selector_error(selector: str) -> str:
    """Return the error in a configured selector, "" if there is none."""
    css, _ = _split(selector)
    try:
        if css:
            _compiled(css)
    except (SelectorError, ValueError) as error:
        return f"{selector!r} is no CSS selector: {error}"
    return ""


def page_tree(text: str) -> Any:
    """Return the root element of a page; None for one that holds nothing."""
    text = _LONGEST_TAG.sub(" ", _DECLARATION.sub("", text[:MAX_PAGE]))
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (ParserError, ValueError):
        return None


def _tree(text: str, source: DocumentSource) -> Any:
    root = page_tree(text)
    if root is None:
        raise FeedError(f"{source.display_url} answers with a page that holds nothing", FeedHealth.EMPTY)
    return root


def _entries(root: Any, fields: Fields) -> Iterator[FeedEntry]:
    """Yield an entry for each item, up to three times the text of a page: items may contain one another."""
    left = 3 * MAX_PAGE
    for element in _compiled(fields.items)(root)[:MAX_LISTED]:
        left -= sum(len(text) + 10 for text in element.itertext())
        if left < 0:
            return
        yield _entry(element, fields)


def _entry(item: Any, fields: Fields) -> FeedEntry:
    link = _found(item, fields.link or "a[href]", itself=item.get("href") is not None and not fields.link)
    title = _found(item, fields.title) if fields.title else (link if link is not None else item)
    return FeedEntry(
        title=_words(title, fields.title),
        summary=_words(_found(item, fields.summary), fields.summary) if fields.summary else "",
        links=tuple(filter(None, (_value(link, fields.link, "href"),))),
        dates=(_value(_found(item, fields.date), fields.date, "datetime"),) if fields.date else (),
    )


def _found(item: Any, selector: str, *, itself: bool = False) -> Any:
    css, _ = _split(selector)
    if itself or not css:
        return item
    return next(iter(_compiled(css)(item)), None)


def _value(element: Any, selector: str, usual: str) -> str:
    """Return the attribute that the selector names, or the usual one, or the text."""
    if element is None:
        return ""
    _, name = _split(selector)
    return (element.get(name or usual) or "") if name or usual == "href" else _date(element, usual)


def _date(element: Any, usual: str) -> str:
    return element.get(usual) or " ".join(element.itertext()).strip()


def _words(element: Any, selector: str) -> str:
    """Return the markup of an element, which becomes plain text like that of any feed."""
    if element is None:
        return ""
    _, name = _split(selector)
    if name:
        return escape(element.get(name) or "", quote=False)
    return str(lxml.html.tostring(element, encoding="unicode", with_tail=False))


def _title(root: Any) -> str:
    return escape(root.findtext(".//title") or "", quote=False)


def _split(selector: str) -> tuple[str, str]:
    match = _ATTRIBUTE.fullmatch(selector)
    return (match["selector"], match["name"]) if match else (selector, "")


@cache
def _compiled(css: str) -> CSSSelector:
    return CSSSelector(css, translator="html")
