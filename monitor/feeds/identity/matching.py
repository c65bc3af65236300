"""Stored items that a document calls by new names: guids made anew, moved hosts, headlines in guids. Pure.

Official notices often share a title, and pages are often renewed under one address: what agrees in one of
these alone stays apart, as does whatever two entries or two items could claim alike.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from monitor.model import Item, KnownItem
from monitor.similarity import heading, link_key, same_page, similarity, title_key
from monitor.text import words

#: Two titles may be one item's from here on (0-1).
ALIKE = 0.5

#: Moments further apart are never one publication's, whatever zone each was meant in.
APART = timedelta(hours=20)

#: So much of a summary is enough to see that it says something else.
_BEGINNING = 500

Rule = Callable[["_Look", "_Look"], bool]
Claim = Callable[[Sequence["_Look"]], dict[str, str]]


@dataclass(frozen=True, slots=True)
class _Look:
    """What an item shows, entry or stored; `alone` if nothing else known has its link."""

    item: Item
    link: str
    title: str
    words: tuple[str, ...]
    alone: bool


def matched(
    unknown: Sequence[Item],
    entries: Iterable[Item],
    stored: Sequence[KnownItem],
    there: Collection[str],
    *,
    lax: bool,
) -> dict[str, KnownItem]:
    """Return the stored item that each of the unknown entries of a document is, where it surely is one.

    `there` are all names in the document that are known already: an item that goes by one of them is no other
    entry's, but for one that repeats it word for word. If `lax`, an equal title is enough.
    """
    if not unknown or not stored:
        return {}
    looks = _looks(unknown, [link_key(entry.url) for entry in entries])
    theirs = _looks(
        [each.judged.item for each in stored], [link_key(each.judged.item.url) for each in stored]
    )
    by_id = {each.judged.item.id: each for each in stored}
    pool = _Pool(theirs, {id for id, each in by_id.items() if not each.names.isdisjoint(there)})
    claims: list[Claim] = [partial(pool.in_turn, _twin), pool.repeated, partial(pool.only, _kin)]
    if lax:
        claims += [partial(pool.in_turn, _repeats), partial(pool.in_turn, _titled)]
    found: dict[str, str] = {}
    for claim in claims:
        found |= claim([look for look in looks if look.item.id not in found])
    return {entry.id: by_id[found[entry.id]] for entry in unknown if entry.id in found}


class _Pool:
    """Stored items that entries may claim, each of them once; `taken` are those that cannot be claimed."""

    def __init__(self, stored: Iterable[_Look], taken: Collection[str]) -> None:
        self._taken = set(taken)
        self._by_key: dict[str, list[_Look]] = defaultdict(list)
        for look in stored:
            for key in {look.link, f"title {look.title}"} - {"", "title "}:
                self._by_key[key].append(look)

    def in_turn(self, rule: Rule, looks: Sequence[_Look]) -> dict[str, str]:
        """Give each look the first item left for which the rule holds."""
        found: dict[str, str] = {}
        for look in looks:
            if chosen := next(self._free(look, rule), None):
                found[look.item.id] = chosen.item.id
                self._taken.add(chosen.item.id)
        return found

    def repeated(self, looks: Sequence[_Look]) -> dict[str, str]:
        """Give looks an item that another entry is already, if they repeat it word for word with its link."""
        found: dict[str, str] = {}
        for look in looks:
            again = (each for each in self._near(look) if each.item.id in self._taken and _twin(look, each))
            if look.link and (chosen := next(again, None)):
                found[look.item.id] = chosen.item.id
        return found

    def only(self, rule: Rule, looks: Sequence[_Look]) -> dict[str, str]:
        """Give looks the one item by which the rule holds, where it holds by no other look."""
        claims: dict[str, list[str]] = {}
        for look in looks:
            claims[look.item.id] = [each.item.id for each in self._free(look, rule)]
        wanted = Counter(id for ids in claims.values() for id in ids)
        found = {name: ids[0] for name, ids in claims.items() if len(ids) == 1 and wanted[ids[0]] == 1}
        self._taken.update(found.values())
        return found

    def _free(self, look: _Look, rule: Rule) -> Iterator[_Look]:
        return (each for each in self._near(look) if each.item.id not in self._taken and rule(look, each))

    def _near(self, look: _Look) -> list[_Look]:
        """Return what has the link or the title of a look, in an order that is always the same."""
        keys = (look.link, f"title {look.title}")
        near = {each.item.id: each for key in keys for each in self._by_key.get(key, ())}
        return [near[id] for id in sorted(near)]


def _looks(items: Iterable[Item], links: Iterable[str]) -> list[_Look]:
    """Return what items show, in an order that is always the same."""
    count = Counter(links)
    made = [
        _Look(item, link := link_key(item.url), title_key(item), words(item.summary), count[link] <= 1)
        for item in items
    ]
    return sorted(made, key=lambda look: look.item.id)


def _twin(entry: _Look, stored: _Look) -> bool:
    """The same words on the same page, on whatever host; on a front page also from the same moment."""
    if not _repeats(entry, stored) or not dates_agree(entry.item, stored.item):
        return False
    if same_page(entry.item.url, stored.item.url):
        return True
    return not entry.link and not stored.link and entry.item.published_at == stored.item.published_at


def _kin(entry: _Look, stored: _Look) -> bool:
    """One page with nearly the same title, or one title published at the very same moment."""
    if entry.link and entry.link == stored.link and entry.alone and stored.alone:
        candidates = similarity(heading(entry.item), heading(stored.item)) >= ALIKE
        return candidates and dates_agree(entry.item, stored.item)
    moment = entry.item.published_at
    exact = moment is not None and bool(moment.minute or moment.second)
    return exact and bool(entry.title) and entry.title == stored.title and moment == stored.item.published_at


def _repeats(entry: _Look, stored: _Look) -> bool:
    return entry.title == stored.title and entry.words == stored.words


def _titled(entry: _Look, stored: _Look) -> bool:
    """The same title, and no summaries that say something else."""
    if not entry.title or entry.title != stored.title:
        return False
    one, other = entry.item.summary[:_BEGINNING], stored.item.summary[:_BEGINNING]
    return not entry.words or not stored.words or similarity(one, other) >= ALIKE


def dates_agree(one: Item, other: Item) -> bool:
    """Say whether two items may have been published at one moment, as far as they say."""
    if one.published_at is None or other.published_at is None:
        return True
    return abs(one.published_at - other.published_at) <= APART
