"""Recognise which entries of a document are stored items, under the same guid or another. Pure.

A duplicate alert is a nuisance, a new item taken for an old one is lost: in doubt an entry is new.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from monitor.feeds.base import ParsedDocument
from monitor.feeds.profile.bursts import is_burst
from monitor.model import FeedState, Item, Judged, KnownItem, KnownItems
from monitor.similarity import heading, link_key, same_page, similarity
from monitor.text import words

from .edits import Edit, edit_of
from .matching import TITLE_SIMILARITY, dates_agree, match_entries
from .naming import guid_with_link

#: The number of earlier versions by which an item is recognised when they come back.
MAX_VERSIONS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """The entries of a document, recognised.

    `new` and `revised` items are judged and stored; a revised item keeps its id, and `before` holds the
    stored version of each. `seen` are the ids of entries that are stored already; `aliases` are the new ids
    among them, each with the id of its item. `recycled` are ids that no longer identify one item. `tickers`
    are items that changed too often to be judged again.
    """

    new: tuple[Item, ...]
    revised: tuple[Item, ...] = ()
    before: Mapping[str, Judged] = field(default_factory=dict)
    seen: tuple[str, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()
    recycled: frozenset[str] = frozenset()
    tickers: tuple[str, ...] = ()

    def stable_spans(self, known: Mapping[str, str]) -> dict[str, str]:
        """Return the spans whose id identifies one item; the others must be parsed each time."""
        return {span: id for span, id in known.items() if id not in self.recycled}

    def with_versions(self, judged: Judged) -> Judged:
        """Return a judged item with the hashes of its earlier versions."""
        if (before := self.before.get(judged.item.id)) is None:
            return judged
        return replace(judged, earlier=(*before.earlier, before.item.content_hash)[-MAX_VERSIONS:])


def recognise_items(
    items: Sequence[Item], known_items: KnownItems, present: Collection[str] = (), *, lax: bool = False
) -> Recognition:
    """Recognise each item of a document as new, revised or seen.

    `present` are the ids of the other items in the document. A known id is the stored item, unless the
    publisher reused it. An unknown id may be a stored item under another guid: see `matching`, where `lax` is
    for documents with a burst of new items.
    """
    by_name = {name: stored for stored in known_items.candidates for name in stored.names}
    entries, recycled = _entries(items, known_items, by_name)
    present_ids = {*known_items.same, *present}
    known = {id: by_name[id] for id in entries if id in by_name and id not in known_items.same}
    unknown = [entry for id, entry in entries.items() if id not in known and id not in known_items.same]
    renamed = match_entries(
        unknown, entries.values(), known_items.candidates, {*present_ids, *known}, lax=lax
    )
    revised, tickers = _edits(known | renamed, entries, present_ids)
    left = _left_behind(known | renamed, entries, revised)
    renamed = {id: stored for id, stored in renamed.items() if id not in left}
    for id in left & known.keys():
        own = replace(entries[id], guid=guid_with_link(entries[id].guid, entries[id].url))
        del known[id]
        recycled.add(id)
        unknown += [own] if own.id not in entries and own.id not in by_name else []
    return Recognition(
        new=tuple(entry for entry in unknown if entry.id not in renamed),
        revised=tuple(revised.values()),
        before={id: stored.judged for id, stored in _by_id(known | renamed).items() if id in revised},
        seen=tuple(id for id in entries if id in known_items.same or id in known or id in renamed),
        aliases=tuple(_aliases(renamed, entries, revised)),
        recycled=frozenset(recycled),
        tickers=tickers,
    )


def _entries(
    items: Sequence[Item], known_items: KnownItems, by_name: Mapping[str, KnownItem]
) -> tuple[dict[str, Item], set[str]]:
    """Return the entries by id, with guids of their own where needed, and the ids that were reused."""
    entries: dict[str, Item] = {}
    recycled = set()
    for item in items:
        own = item if item.id in known_items.same else _with_own_guid(item, by_name.get(item.id))
        entries.setdefault(own.id, own)
        recycled |= {item.id} - {own.id}
    return entries, recycled


def _aliases(
    renamed: Mapping[str, KnownItem], entries: Mapping[str, Item], revised: Mapping[str, Item]
) -> Iterator[tuple[str, str]]:
    """Yield each new name with the id of its item.

    An entry that will be taken for one with a reused guid in the next document gets that name, too.
    """
    for name, stored in renamed.items():
        item, entry = stored.judged.item, entries[name]
        yield name, item.id
        if _is_other_item(entry, revised.get(item.id, item)):
            yield replace(entry, guid=guid_with_link(entry.guid, entry.url)).id, item.id


def _left_behind(
    found: Mapping[str, KnownItem], entries: Mapping[str, Item], revised: Mapping[str, Item]
) -> set[str]:
    """Return the entries of stored items that this document revises into other items: they are new.

    Under a name of the revised item they would not be recognised in the next document.
    """
    left = set()
    for id, stored in found.items():
        after = revised.get(stored.judged.item.id)
        if after and _is_other_item(entries[id], after):
            left.add(id)
    return left


def _with_own_guid(item: Item, stored: KnownItem | None) -> Item:
    """Return the item, with a guid of its own if the publisher reused that of another item."""
    if stored is None or not _is_other_item(item, stored.judged.item):
        return item
    return replace(item, guid=guid_with_link(item.guid, item.url))


def _is_other_item(item: Item, stored: Item) -> bool:
    """Say whether a guid was reused for another item: another page with another title.

    The issues of a series share a title: there different dates and different words decide. Items without a
    page of their own are never separated, since they could not be found again.
    """
    if not link_key(item.url) or not stored.url or _same_link(item.url, stored.url):
        return False
    similar = similarity(heading(item), heading(stored)) >= TITLE_SIMILARITY
    same_words = (
        words(item.title) == words(stored.title)
        and similarity(item.summary, stored.summary) >= TITLE_SIMILARITY
    )
    return not similar or (not dates_agree(item, stored) and not same_words)


def _same_link(one: str, other: str) -> bool:
    return link_key(one) == link_key(other) or same_page(one, other)


def _edits(
    found: Mapping[str, KnownItem], entries: Mapping[str, Item], present_ids: Collection[str]
) -> tuple[dict[str, Item], tuple[str, ...]]:
    """Return the revised items by id, and the ids of tickers; at most one version of each item.

    If a document holds an item twice, the entry with the item's own id counts, and any unchanged entry.
    """
    revised: dict[str, Item] = {}
    tickers = set()
    for id, stored in sorted(found.items(), key=lambda pair: (pair[0] != pair[1].judged.item.id, pair[0])):
        before = stored.judged.item
        if before.id in revised or not stored.names.isdisjoint(present_ids):
            continue
        edit = edit_of(entries[id], stored)
        if edit is Edit.WORDS:
            revised[before.id] = _revision(entries[id], before)
        elif edit is Edit.TICKER:
            tickers.add(before.id)
    return revised, tuple(sorted(tickers))


def _revision(item: Item, before: Item) -> Item:
    """Return the stored item with the new words."""
    return replace(
        item,
        guid=before.guid,
        url=item.url or before.url,
        first_seen_at=before.first_seen_at,
        published_at=item.published_at or before.published_at,
        body=item.body or before.body,
    )


def _by_id(found: Mapping[str, KnownItem]) -> dict[str, KnownItem]:
    return {stored.judged.item.id: stored for stored in found.values()}


def recognise_document(state: FeedState, document: ParsedDocument, known_items: KnownItems) -> Recognition:
    """Recognise the items of a document; in a burst whose titles are mostly known, equal titles suffice."""
    found = recognise_items(document.items, known_items, document.seen)
    if state.read_at is None or not is_burst(state.profile, len(found.new), document.count):
        return found
    lax = recognise_items(document.items, known_items, document.seen, lax=True)
    return lax if len(lax.new) < len(found.new) / 2 else found
