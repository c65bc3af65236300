"""By what name an entry is known again, and what a feed's names are made of. Pure.

Publishers say in a guid which entry is which. Those whose guids do not tell entries apart are known by coarse
to fine: guid, link, title, words. A feed only ever goes that way, so that nothing changes its name twice.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from monitor.feeds.links import normal_link
from monitor.model import key_of

LONGEST = 500

#: Where a larger share of the entries, and no fewer, have no guid of their own, guids name none.
_SHARE, _FEWEST = 0.05, 2

_FRAGMENT = re.compile(r"#(?!xtor=)(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Marks:
    """What an entry shows of its identity: the publisher's own words, the guid untouched."""

    guid: str
    link: str
    title: str
    summary: str


@dataclass(frozen=True, slots=True)
class Named:
    """The names of a document's entries, in order, and what names are made of from now on in its feed.

    `weak` entries have no guid of their own where names are made of those: without any, each name would be
    the same had the other entries not been there.
    """

    guids: tuple[str, ...]
    identity: str
    weak: int = 0


def named(entries: Sequence[Marks], identity: str = "guid") -> Named:
    """Name the entries of one document, of a feed that has come to `identity`.

    By guid, a few that entries of different words share name none of them: each is then known by that and
    what tells it apart. Where they are many, names are made of links instead; where those do not tell the
    entries apart, of links and titles, and else of links and words. Entries that are one item twice keep
    one name.
    """
    if identity == "guid":
        weak = _weak(entries)
        if weak < _FEWEST or weak <= _SHARE * len(entries):
            return Named(_apart(entries), "guid", weak)
        identity = "link"
    escalation = list(NAMES)[list(NAMES).index(identity) :]
    found = next((each for each in escalation if _tells_apart(NAMES[each], entries)), escalation[-1])
    return Named(tuple(map(NAMES[found], entries)), found)


def guid_of(marks: Marks) -> str:
    """Return the guid if there is one, else the normalised link, else a hash of the words."""
    guid = marks.guid.strip()
    if len(guid) > LONGEST:
        return f"guid:{key_of(guid)}"
    return guid or normal_link(marks.link) or f"words:{key_of(marks.title, marks.summary)}"


def told_apart(guid: str, link: str) -> str:
    """Return the name of an entry whose guid was another's, by its own link."""
    return f"{guid} {key_of(_schemeless(link))}"


def _by_link(marks: Marks) -> str:
    """Fragments count: they tell notices of one page apart."""
    fragment = _FRAGMENT.search(marks.link)
    if link := normal_link(marks.link):
        return f"{link}{fragment[0] if fragment else ''}"
    return f"words:{key_of(marks.title, marks.summary)}"


def _by_title(marks: Marks) -> str:
    return f"title:{key_of(_by_link(marks), marks.title)}"


def _by_words(marks: Marks) -> str:
    return f"words:{key_of(_by_link(marks), marks.title, marks.summary)}"


#: What names may be made of, from coarse to fine.
NAMES: Mapping[str, Callable[[Marks], str]] = {
    "guid": guid_of,
    "link": _by_link,
    "title": _by_title,
    "words": _by_words,
}


def _weak(entries: Sequence[Marks]) -> int:
    """Return how many entries have no guid, or one that an entry of other words has too."""
    of_guid: dict[str, set[str]] = defaultdict(set)
    count = Counter(entry.guid.strip() for entry in entries)
    for entry in entries:
        of_guid[entry.guid.strip()].add(_words(entry))
    return sum(number for guid, number in count.items() if not guid or len(of_guid[guid]) > 1)


def _tells_apart(name: Callable[[Marks], str], entries: Sequence[Marks]) -> bool:
    """Say whether no two entries of different words have one name."""
    said: dict[str, str] = {}
    return all(said.setdefault(name(entry), _words(entry)) == _words(entry) for entry in entries)


def _apart(entries: Sequence[Marks]) -> tuple[str, ...]:
    """Return each entry's guid, with what tells it apart where entries of different words share it."""
    guids = tuple(map(guid_of, entries))
    bearers: dict[str, list[Marks]] = defaultdict(list)
    for guid, entry in zip(guids, entries, strict=True):
        bearers[guid].append(entry)
    tell = {guid: _teller(group) for guid, group in bearers.items()}
    return tuple(tell[guid](guid, entry) for guid, entry in zip(guids, entries, strict=True))


def _teller(group: Sequence[Marks]) -> Callable[[str, Marks], str]:
    """Return what names entries of one guid, the steadiest first; the guid itself where they are one item."""
    items = len({_words(entry) for entry in group})
    if items == 1:
        return lambda guid, entry: guid
    if len({_schemeless(entry.link) for entry in group}) == items:
        return lambda guid, entry: told_apart(guid, entry.link)
    tell = _title if len({entry.title for entry in group}) == items else _words
    return lambda guid, entry: f"{guid} {key_of(tell(entry))}"


def _schemeless(link: str) -> str:
    return link.partition("://")[2]


def _title(entry: Marks) -> str:
    return entry.title


def _words(entry: Marks) -> str:
    return f"{entry.title}\0{entry.summary}"
