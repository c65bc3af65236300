"""By what name an entry is known again. Pure."""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from monitor.model import key_of

from .links import normal_link

LONGEST = 500

_TOLD_APART = re.compile(r" [0-9a-f]{20}$")


@dataclass(frozen=True, slots=True)
class Marks:
    """What an entry shows of its identity: the publisher's own words, the guid untouched."""

    guid: str
    link: str
    title: str
    summary: str


def guid_of(marks: Marks) -> str:
    """Return the guid if there is one, else the normalised link, else a hash of the words."""
    guid = marks.guid.strip()
    if len(guid) > LONGEST:
        return f"guid:{key_of(guid)}"
    return guid or normal_link(marks.link) or f"words:{key_of(marks.title, marks.summary)}"


def guids(entries: Sequence[Marks]) -> tuple[str, ...]:
    """Return the identity of every entry of one document, in order.

    A guid or link that entries of different words share (all of them ``0``, or a ministry's front page) names
    none of them: each is then known by that and its own link, where links do not differ its title, and else
    its words. Entries that are one item twice keep one identity.
    """
    named = tuple(guid_of(entry) for entry in entries)
    bearers: dict[str, list[Marks]] = defaultdict(list)
    for guid, entry in zip(named, entries, strict=True):
        bearers[guid].append(entry)
    tell = {guid: _teller(group) for guid, group in bearers.items()}
    return tuple(
        f"{guid} {key_of(tell[guid](entry))}" if tell[guid](entry) else guid
        for guid, entry in zip(named, entries, strict=True)
    )


def alone(guid: str) -> bool:
    """Say whether a guid that `guids` gave would be the same had the other entries not been there."""
    return not _TOLD_APART.search(guid)


def _teller(group: Sequence[Marks]) -> Callable[[Marks], str]:
    """Return what tells entries of one guid apart, the steadiest first; nothing where they are one item."""
    items = len({_words(entry) for entry in group})
    if items == 1:
        return lambda entry: ""
    return next(tell for tell in (_link, _title, _words) if len({tell(entry) for entry in group}) == items)


def _link(entry: Marks) -> str:
    return entry.link.partition("://")[2]


def _title(entry: Marks) -> str:
    return entry.title


def _words(entry: Marks) -> str:
    return f"{entry.title}\0{entry.summary}"
