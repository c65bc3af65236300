"""The values of adapters, and the work that all of them share. Pure."""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from monitor.errors import FeedError, FeedHealth
from monitor.feeds.discover import advertised_feeds, refresh_target
from monitor.feeds.identity.naming import EntryIdentity, name_entries
from monitor.feeds.links import absolute, display_url
from monitor.feeds.parsing.clean import MAX_ITEMS, Cleaned
from monitor.feeds.parsing.dates import read_date
from monitor.feeds.parsing.plain_text import first_sentence, plain_text, verbatim_text, without_cdata
from monitor.model import Feed, Item, UnreadDates

MAX_TITLE = 1_000
MAX_SUMMARY = 20_000
MAX_BODY = 20_000
MAX_HEADLINE = 300
MAX_DATE = 60
MAX_CATEGORY = 100

#: More are no subjects but the words of an index.
MAX_CATEGORIES = 40

_LANGUAGE = re.compile(r"([a-z]{2})(?:[-_]|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """The items of a document, in document order.

    `complete` is False when it broke off or held more than 5,000 items: its validators must not be stored
    then. No items and no error is a feed that is empty now. `hint` is the freshness lifetime that the
    document states; `identity` and `weak` are those of `naming.EntryNames`. `wordless` is the number of
    entries that were dropped because they have no words.
    """

    items: tuple[Item, ...]
    title: str
    complete: bool
    hint: timedelta | None = None
    identity: str = "guid"
    weak: int = 0
    wordless: int = 0
    unread_dates: UnreadDates = field(default_factory=UnreadDates)


@dataclass(frozen=True, slots=True)
class DocumentSource:
    """The origin of a document: its feed, the base address of its links, and the time of the poll.

    `identity` is the naming in use for the feed so far.
    """

    feed: Feed
    base_url: str
    now: datetime
    identity: str = "guid"

    @property
    def display_url(self) -> str:
        """The address without secrets, for error texts."""
        return display_url(self.base_url)


class Verbatim(str):
    """A text that is no markup by the rules of its format."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """An entry as its publisher wrote it; of `links` and `dates` the first usable one counts.

    `title`, `summary` and `texts` are markup unless they are `Verbatim`. `texts` are the full text, once or
    in several forms.
    """

    title: str
    summary: str = ""
    texts: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    guid: str = ""
    lang: str = ""
    categories: tuple[str, ...] = ()


Adapter = Callable[[Cleaned, DocumentSource], ParsedFeed]


def to_parsed_feed(
    entries: Iterable[FeedEntry], source: DocumentSource, title: str = "", *, whole: bool = True
) -> ParsedFeed:
    """Return the items of these entries, at most 5,000; entries without words are only counted."""
    listed = tuple(entries)
    whole = whole and len(listed) <= MAX_ITEMS
    listed = listed[:MAX_ITEMS]
    identities = [_identity_of(entry, source.base_url) for entry in listed]
    names = name_entries(identities, source.identity)
    made = _items(listed, identities, names.guids, source)
    items = {item.guid: item for item in reversed(made) if item.title}
    return ParsedFeed(
        items=tuple(items[guid] for guid in dict.fromkeys(names.guids) if guid in items),
        title=plain_text(title, MAX_TITLE),
        complete=whole,
        identity=names.identity,
        weak=names.weak,
        wordless=sum(not item.title for item in made),
        unread_dates=_unread_dates(listed, made),
    )


def _items(
    entries: Sequence[FeedEntry],
    identities: Sequence[EntryIdentity],
    guids: Sequence[str],
    source: DocumentSource,
) -> list[Item]:
    """Return an item of each entry; without words it has no title."""
    return [
        _item(entry, identity, guid, source)
        for entry, identity, guid in zip(entries, identities, guids, strict=True)
    ]


def _unread_dates(entries: Sequence[FeedEntry], items: Sequence[Item]) -> UnreadDates:
    """Return the number of entries whose dates cannot be read, with the first of these dates."""
    unread = [
        date
        for entry, item in zip(entries, items, strict=True)
        if item.published_at is None and (date := next(filter(str.strip, entry.dates), ""))
    ]
    return UnreadDates(len(unread), " ".join(unread[0].split())[:MAX_DATE] if unread else "")


def _identity_of(entry: FeedEntry, base_url: str) -> EntryIdentity:
    links = (absolute(base_url, without_cdata(link)) for link in entry.links)
    return EntryIdentity(
        guid=entry.guid,
        link=next((link for link in links if link), ""),
        title=_words(entry.title, MAX_TITLE),
        summary=_words(entry.summary, MAX_SUMMARY),
    )


def _item(entry: FeedEntry, identity: EntryIdentity, guid: str, source: DocumentSource) -> Item:
    dates = (read_date(without_cdata(date), source.now, order=source.feed.date_order) for date in entry.dates)
    body = _body(entry, identity.summary)
    return Item(
        feed=source.feed.name,
        guid=guid,
        url=identity.link,
        title=identity.title or first_sentence(identity.summary or body, MAX_HEADLINE),
        summary=identity.summary,
        first_seen_at=source.now,
        published_at=next((dated.at for dated in dates if dated), None),
        lang=entry.lang,
        body=body,
        categories=_categories(entry.categories),
    )


def _categories(given: Iterable[str]) -> tuple[str, ...]:
    """Return categories as plain text, each once whatever its case."""
    found: dict[str, str] = {}
    for text in islice(given, MAX_CATEGORIES):
        if words := plain_text(text, MAX_CATEGORY):
            found.setdefault(words.casefold(), words)
    return tuple(found.values())


def _body(entry: FeedEntry, summary: str) -> str:
    """Return the full text of an entry, "" if the summary has all of it."""
    texts = dict.fromkeys(_words(text, MAX_BODY) for text in entry.texts)
    further = [text for text in texts if text and text not in summary]
    return "\n\n".join(further)[:MAX_BODY]


def _words(text: str, longest: int) -> str:
    return verbatim_text(text, longest) if isinstance(text, Verbatim) else plain_text(text, longest)


def language_code(tag: str) -> str:
    """Return the two-letter code of a language tag, "" if it is none."""
    match = _LANGUAGE.match(tag.strip().lower())
    return match[1] if match else ""


def load_json(document: Cleaned, source: DocumentSource) -> Any:
    """Return the value of a JSON document.

    Raises:
        FeedError: another kind of document, broken off, or nested too deep.
    """
    if document.kind != "json":
        refuse(document, source)
    try:
        return json.loads(document.text)
    except (ValueError, RecursionError) as error:
        raise FeedError(
            f"{source.display_url} answers with JSON that cannot be read; it is asked again later",
            FeedHealth.PARSE_ERROR,
        ) from error


def json_text(value: Any) -> str:
    """Return a JSON string or number as text; "" for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return value if isinstance(value, str) else f"{value:.15g}" if isinstance(value, float) else str(value)


def json_texts(value: Any) -> tuple[str, ...]:
    """Return the texts of a JSON list, or of one text with commas; values of other kinds are left out."""
    listed = value if isinstance(value, list) else json_text(value).split(",")
    return tuple(text for each in listed if (text := json_text(each).strip()))


def json_at(value: Any, path: str) -> Any:
    """Return the value at a dotted path (``data.results``, ``links.0.href``), or None."""
    for step in filter(None, path.split(".")):
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step[:9]) < len(value):
            value = value[int(step[:9])]
        else:
            return None
    return value


def refuse(document: Cleaned, source: DocumentSource) -> ParsedFeed:
    """Raise the error for a document of the wrong kind.

    Raises:
        FeedError: always; `health` is ``html``, ``empty`` or ``parse_error``.
    """
    health, reason = _REFUSALS[document.kind]
    if document.kind in {"html", "other"} and (target := refresh_target(document.text, source.base_url)):
        reason = (
            f"answers with a web page that leads on to {display_url(target)}; write the address of the feed"
        )
        health = FeedHealth.HTML
    elif document.kind == "html" and (found := advertised_feeds(document.text, source.base_url)):
        reason = f"answers with a web page, not a feed; the page names this one: {display_url(found[0].url)}"
    raise FeedError(f"{source.display_url} {reason}", health)


_REFUSALS = {
    "html": (
        FeedHealth.HTML,
        "answers with a web page, not a feed; look on that page for the address of its feed",
    ),
    "empty": (FeedHealth.EMPTY, "answers with nothing; it is asked again later"),
    "json": (FeedHealth.PARSE_ERROR, 'answers with JSON that is no JSON Feed; map it with kind = "json"'),
    "feed": (FeedHealth.PARSE_ERROR, 'answers with a feed; take `kind` away, or write kind = "auto"'),
    "sitemap": (FeedHealth.PARSE_ERROR, 'answers with a sitemap; take `kind` away, or write kind = "auto"'),
    "other": (
        FeedHealth.PARSE_ERROR,
        "answers with something that is neither RSS nor Atom; look at it in a browser",
    ),
}
