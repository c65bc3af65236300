"""Match entries with new guids to stored items: guids made anew, moved hosts, headlines in guids. Pure.

Official notices often share a title, and pages are often renewed under one address. So neither is enough
alone, and an item that two entries could claim is given to neither.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from monitor.model import Item, KnownItem
from monitor.similarity import heading, link_key, same_page, similarity, title_key
from monitor.text import words

#: The least similarity (0-1) of two titles of one item.
TITLE_SIMILARITY = 0.5

#: Dates further apart are never those of one publication, whatever their zones.
MAX_DATE_GAP = timedelta(hours=20)

#: The number of characters of a summary that are compared.
_BEGINNING = 500

Rule = Callable[["_Candidate", "_Candidate"], bool]
Claim = Callable[[Sequence["_Candidate"]], dict[str, str]]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """The compared fields of an entry or a stored item; `alone` if no other has its link."""

    item: Item
    link: str
    title: str
    words: tuple[str, ...]
    alone: bool


def match_entries(
    unknown: Sequence[Item],
    entries: Iterable[Item],
    stored: Sequence[KnownItem],
    present: Collection[str],
    *,
    lax: bool,
) -> dict[str, KnownItem]:
    """Return the stored item of each unknown entry that surely is one, by entry id.

    `present` are all ids in the document that are known already: their items are taken, except for an entry
    that repeats one word for word. If `lax`, an equal title is enough.
    """
    if not unknown or not stored:
        return {}
    candidates = _candidates(unknown, [link_key(entry.url) for entry in entries])
    theirs = _candidates(
        [each.judged.item for each in stored], [link_key(each.judged.item.url) for each in stored]
    )
    by_id = {each.judged.item.id: each for each in stored}
    pool = _Pool(theirs, {id for id, each in by_id.items() if not each.names.isdisjoint(present)})
    claims: list[Claim] = [
        partial(pool.in_turn, _same_item),
        pool.repeated,
        partial(pool.only, _related_item),
    ]
    if lax:
        claims += [partial(pool.in_turn, _same_words), partial(pool.in_turn, _same_title)]
    found: dict[str, str] = {}
    for claim in claims:
        found |= claim([entry for entry in candidates if entry.item.id not in found])
    return {entry.id: by_id[found[entry.id]] for entry in unknown if entry.id in found}


class _Pool:
    """Stored items that entries may claim, each once; `taken` are ids that cannot be claimed."""

    def __init__(self, stored: Iterable[_Candidate], taken: Collection[str]) -> None:
        self._taken = set(taken)
        self._by_key: dict[str, list[_Candidate]] = defaultdict(list)
        for entry in stored:
            for key in {entry.link, f"title {entry.title}"} - {"", "title "}:
                self._by_key[key].append(entry)

    def in_turn(self, rule: Rule, entries: Sequence[_Candidate]) -> dict[str, str]:
        """Assign to each entry the first free item that satisfies the rule."""
        found: dict[str, str] = {}
        for entry in entries:
            if chosen := next(self._free(entry, rule), None):
                found[entry.item.id] = chosen.item.id
                self._taken.add(chosen.item.id)
        return found

    def repeated(self, entries: Sequence[_Candidate]) -> dict[str, str]:
        """Assign taken items to entries that repeat them word for word with their link."""
        found: dict[str, str] = {}
        for entry in entries:
            again = (
                each
                for each in self._indexed(entry)
                if each.item.id in self._taken and _same_item(entry, each)
            )
            if entry.link and (chosen := next(again, None)):
                found[entry.item.id] = chosen.item.id
        return found

    def only(self, rule: Rule, entries: Sequence[_Candidate]) -> dict[str, str]:
        """Assign items where entry and item satisfy the rule with each other only."""
        claims: dict[str, list[str]] = {}
        for entry in entries:
            claims[entry.item.id] = [each.item.id for each in self._free(entry, rule)]
        wanted = Counter(id for ids in claims.values() for id in ids)
        found = {name: ids[0] for name, ids in claims.items() if len(ids) == 1 and wanted[ids[0]] == 1}
        self._taken.update(found.values())
        return found

    def _free(self, entry: _Candidate, rule: Rule) -> Iterator[_Candidate]:
        return (
            each for each in self._indexed(entry) if each.item.id not in self._taken and rule(entry, each)
        )

    def _indexed(self, entry: _Candidate) -> list[_Candidate]:
        """Return the items with the link or the title of an entry, ordered by id."""
        keys = (entry.link, f"title {entry.title}")
        found = {each.item.id: each for key in keys for each in self._by_key.get(key, ())}
        return [found[id] for id in sorted(found)]


def _candidates(items: Iterable[Item], links: Iterable[str]) -> list[_Candidate]:
    """Return the compared fields of items, ordered by id."""
    count = Counter(links)
    made = [
        _Candidate(item, link := link_key(item.url), title_key(item), words(item.summary), count[link] <= 1)
        for item in items
    ]
    return sorted(made, key=lambda entry: entry.item.id)


def _same_item(entry: _Candidate, stored: _Candidate) -> bool:
    """Say whether words and page are equal, on any host; on a front page the dates must be equal too."""
    if not _same_words(entry, stored) or not dates_agree(entry.item, stored.item):
        return False
    if same_page(entry.item.url, stored.item.url):
        return True
    return not entry.link and not stored.link and entry.item.published_at == stored.item.published_at


def _related_item(entry: _Candidate, stored: _Candidate) -> bool:
    """Say whether the pages are equal and the titles similar, or title and exact date are equal."""
    if entry.link and entry.link == stored.link and entry.alone and stored.alone:
        similar = similarity(heading(entry.item), heading(stored.item)) >= TITLE_SIMILARITY
        return similar and dates_agree(entry.item, stored.item)
    moment = entry.item.published_at
    exact = moment is not None and bool(moment.minute or moment.second)
    return exact and bool(entry.title) and entry.title == stored.title and moment == stored.item.published_at


def _same_words(entry: _Candidate, stored: _Candidate) -> bool:
    return entry.title == stored.title and entry.words == stored.words


def _same_title(entry: _Candidate, stored: _Candidate) -> bool:
    """Say whether the titles are equal and the summaries not different."""
    if not entry.title or entry.title != stored.title:
        return False
    one, other = entry.item.summary[:_BEGINNING], stored.item.summary[:_BEGINNING]
    return not entry.words or not stored.words or similarity(one, other) >= TITLE_SIMILARITY


def dates_agree(one: Item, other: Item) -> bool:
    """Say whether two items may have been published at one moment; an unknown date agrees with any."""
    if one.published_at is None or other.published_at is None:
        return True
    return abs(one.published_at - other.published_at) <= MAX_DATE_GAP
