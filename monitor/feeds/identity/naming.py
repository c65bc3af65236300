"""Name the entries of a document: by guid, or by link, title or words where guids are not distinct. Pure.

A feed moves only from coarse to fine namings (guid, link, title, words), so no entry is renamed twice.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from monitor.feeds.links import normal_link
from monitor.model import key_of

MAX_GUID = 500

#: Guids are given up when at least this many entries, and a larger share (0-1), have no guid of their own.
_WEAK_SHARE, _MIN_WEAK = 0.05, 2

_FRAGMENT = re.compile(r"#(?!xtor=)(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class EntryIdentity:
    """The fields that identify an entry; the guid is as the publisher wrote it."""

    guid: str
    link: str
    title: str
    summary: str


@dataclass(frozen=True, slots=True)
class EntryNames:
    """The guids of a document's entries, in order, and the naming in use for the feed from now on.

    `weak` is the number of entries without a guid of their own, while guids are in use. If it is 0, no name
    depends on the other entries.
    """

    guids: tuple[str, ...]
    identity: str
    weak: int = 0


def name_entries(entries: Sequence[EntryIdentity], identity: str = "guid") -> EntryNames:
    """Name the entries of one document, where `identity` is the naming in use for its feed.

    A few guids shared by different entries are extended by what differs. Where many are shared, links name
    the entries; where links are not distinct, links and titles; otherwise links and words. Entries that are
    the same item twice keep one name.
    """
    if identity == "guid":
        weak = _weak_guids(entries)
        if weak < _MIN_WEAK or weak <= _WEAK_SHARE * len(entries):
            return EntryNames(_distinct_guids(entries), "guid", weak)
        identity = "link"
    escalation = list(NAMINGS)[list(NAMINGS).index(identity) :]
    found = next((each for each in escalation if _distinguishes(NAMINGS[each], entries)), escalation[-1])
    return EntryNames(tuple(map(NAMINGS[found], entries)), found)


def guid_of(entry: EntryIdentity) -> str:
    """Return the guid, or the normalised link, or a hash of the words."""
    guid = entry.guid.strip()
    if len(guid) > MAX_GUID:
        return f"guid:{key_of(guid)}"
    return guid or normal_link(entry.link) or f"words:{key_of(entry.title, entry.summary)}"


def guid_with_link(guid: str, link: str) -> str:
    """Return the name of an entry whose guid belongs to another item: guid and link."""
    return f"{guid} {key_of(_schemeless(link))}"


def _by_link(entry: EntryIdentity) -> str:
    """Return the link with its fragment: several notices may share one page."""
    fragment = _FRAGMENT.search(entry.link)
    if link := normal_link(entry.link):
        return f"{link}{fragment[0] if fragment else ''}"
    return f"words:{key_of(entry.title, entry.summary)}"


def _by_title(entry: EntryIdentity) -> str:
    return f"title:{key_of(_by_link(entry), entry.title)}"


def _by_words(entry: EntryIdentity) -> str:
    return f"words:{key_of(_by_link(entry), entry.title, entry.summary)}"


#: The namings, from coarse to fine.
NAMINGS: Mapping[str, Callable[[EntryIdentity], str]] = {
    "guid": guid_of,
    "link": _by_link,
    "title": _by_title,
    "words": _by_words,
}


def _weak_guids(entries: Sequence[EntryIdentity]) -> int:
    """Return the number of entries without a guid, or with one that a different entry has too."""
    of_guid: dict[str, set[str]] = defaultdict(set)
    count = Counter(entry.guid.strip() for entry in entries)
    for entry in entries:
        of_guid[entry.guid.strip()].add(_words(entry))
    return sum(number for guid, number in count.items() if not guid or len(of_guid[guid]) > 1)


def _distinguishes(name: Callable[[EntryIdentity], str], entries: Sequence[EntryIdentity]) -> bool:
    """Say whether different entries have different names."""
    words: dict[str, str] = {}
    return all(words.setdefault(name(entry), _words(entry)) == _words(entry) for entry in entries)


def _distinct_guids(entries: Sequence[EntryIdentity]) -> tuple[str, ...]:
    """Return the guid of each entry, extended where different entries share it."""
    guids = tuple(map(guid_of, entries))
    bearers: dict[str, list[EntryIdentity]] = defaultdict(list)
    for guid, entry in zip(guids, entries, strict=True):
        bearers[guid].append(entry)
    naming = {guid: _distinguisher(group) for guid, group in bearers.items()}
    return tuple(naming[guid](guid, entry) for guid, entry in zip(guids, entries, strict=True))


def _distinguisher(group: Sequence[EntryIdentity]) -> Callable[[str, EntryIdentity], str]:
    """Return a naming for entries that share a guid: by link, title or words; the guid for one item."""
    items = len({_words(entry) for entry in group})
    if items == 1:
        return lambda guid, entry: guid
    if len({_schemeless(entry.link) for entry in group}) == items:
        return lambda guid, entry: guid_with_link(guid, entry.link)
    part = _title if len({entry.title for entry in group}) == items else _words
    return lambda guid, entry: f"{guid} {key_of(part(entry))}"


def _schemeless(link: str) -> str:
    return link.partition("://")[2]


def _title(entry: EntryIdentity) -> str:
    return entry.title


def _words(entry: EntryIdentity) -> str:
    return f"{entry.title}\0{entry.summary}"
