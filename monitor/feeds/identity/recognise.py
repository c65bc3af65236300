"""Which entries of a document are items that are stored already, under this name or another. Pure.

To tell an item twice is a nuisance, to take a new one for an old one loses it: in doubt an entry is new.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from monitor.feeds.profile.bursts import is_burst
from monitor.model import FeedState, Item, Judged, KnownItem, KnownItems
from monitor.similarity import heading, link_key, same_page, similarity
from monitor.text import words

from .edits import Edit, edit_of
from .identity import told_apart
from .matching import ALIKE, dates_agree, matched

#: So many earlier versions are known again when they come back.
VERSIONS_KEPT = 8


@dataclass(frozen=True, slots=True)
class Recognised:
    """What the entries of a document are.

    `new` items are to be judged and stored; `revised` ones too, under the id they always had, with what is
    stored of each in `before`. `seen` are the names of all entries that are stored already, `aliases` those
    among them that are new names, each with its item's id. `recycled` are names that no longer say which item
    is meant, `tickers` the items that changed too often to be judged again.
    """

    new: tuple[Item, ...]
    revised: tuple[Item, ...] = ()
    before: Mapping[str, Judged] = field(default_factory=dict)
    seen: tuple[str, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()
    recycled: frozenset[str] = frozenset()
    tickers: tuple[str, ...] = ()

    def sure(self, known: Mapping[str, str]) -> dict[str, str]:
        """Return the spans whose names say which item is meant; the others are to be read each time."""
        return {span: id for span, id in known.items() if id not in self.recycled}

    def versioned(self, judged: Judged) -> Judged:
        """Return a judged item with the versions that it had before."""
        if (before := self.before.get(judged.item.id)) is None:
            return judged
        return replace(judged, earlier=(*before.earlier, before.item.content_hash)[-VERSIONS_KEPT:])


def recognise(
    items: Sequence[Item], known_items: KnownItems, present: Collection[str] = (), *, lax: bool = False
) -> Recognised:
    """Say of each item of a document whether it is new, revised, or seen before.

    `present` are the ids of what else is in the document. A known id is the item it always was, unless it was
    given to another one since. An unknown one may be a stored item under another name: see `matching`, where
    `lax` is for documents in which too much is new at once.
    """
    by_name = {name: stored for stored in known_items.candidates for name in stored.names}
    entries: dict[str, Item] = {}
    recycled = set()
    for item in items:
        own = item if item.id in known_items.same else _own(item, by_name.get(item.id))
        entries.setdefault(own.id, own)
        recycled |= {item.id} - {own.id}
    there = {*known_items.same, *present}
    known = {id: by_name[id] for id in entries if id in by_name and id not in known_items.same}
    unknown = [entry for id, entry in entries.items() if id not in known and id not in known_items.same]
    renamed = matched(unknown, entries.values(), known_items.candidates, {*there, *known}, lax=lax)
    revised, tickers = _edited(known | renamed, entries, there)
    return Recognised(
        new=tuple(entry for entry in unknown if entry.id not in renamed),
        revised=tuple(revised.values()),
        before={id: stored.judged for id, stored in _by_id(known | renamed).items() if id in revised},
        seen=tuple(id for id in entries if id in known_items.same or id in known or id in renamed),
        aliases=tuple((name, stored.judged.item.id) for name, stored in renamed.items()),
        recycled=frozenset(recycled),
        tickers=tickers,
    )


def _own(item: Item, stored: KnownItem | None) -> Item:
    """Return an item under a name of its own, where the one it has was another item's."""
    if stored is None or not _another(item, stored.judged.item):
        return item
    return replace(item, guid=told_apart(item.guid, item.url))


def _another(item: Item, stored: Item) -> bool:
    """Say whether a publisher gave an old name to another item: one of another page, with another title.

    A series keeps its title from one issue to the next: there dates that are apart, and other words, say so.
    By a page that it shares with others an item would not be found again.
    """
    if not link_key(item.url) or not stored.url or _same_link(item.url, stored.url):
        return False
    candidates = similarity(heading(item), heading(stored)) >= ALIKE
    same_words = (
        words(item.title) == words(stored.title) and similarity(item.summary, stored.summary) >= ALIKE
    )
    return not candidates or (not dates_agree(item, stored) and not same_words)


def _same_link(one: str, other: str) -> bool:
    return link_key(one) == link_key(other) or same_page(one, other)


def _edited(
    found: Mapping[str, KnownItem], entries: Mapping[str, Item], there: Collection[str]
) -> tuple[dict[str, Item], tuple[str, ...]]:
    """Return the revised items by id, and the ids of tickers: at most one version of each item.

    Of an item that a document has twice the entry of the item's own name counts, and any entry that did not
    change.
    """
    revised: dict[str, Item] = {}
    tickers = set()
    for id, stored in sorted(found.items(), key=lambda pair: (pair[0] != pair[1].judged.item.id, pair[0])):
        before = stored.judged.item
        if before.id in revised or not stored.names.isdisjoint(there):
            continue
        edit = edit_of(entries[id], stored)
        if edit is Edit.WORDS:
            revised[before.id] = _revision(entries[id], before)
        elif edit is Edit.TICKER:
            tickers.add(before.id)
    return revised, tuple(sorted(tickers))


def _revision(item: Item, before: Item) -> Item:
    """Return the new words of an item, which stays the one it was."""
    return replace(
        item,
        guid=before.guid,
        url=item.url or before.url,
        first_seen_at=before.first_seen_at,
        published_at=item.published_at or before.published_at,
        body=before.body,
    )


def _by_id(found: Mapping[str, KnownItem]) -> dict[str, KnownItem]:
    return {stored.judged.item.id: stored for stored in found.values()}


def recognised(
    state: FeedState, items: Sequence[Item], seen: Sequence[str], count: int, known_items: KnownItems
) -> Recognised:
    """Recognise what was read; in a storm, where most that seems new has a title we know, that is enough."""
    found = recognise(items, known_items, seen)
    if state.read_at is None or not is_burst(state.profile, len(found.new), count):
        return found
    lax = recognise(items, known_items, seen, lax=True)
    return lax if len(lax.new) < len(found.new) / 2 else found
