"""Find the open stories that a text may report, by an inverted index of their terms. No I/O; keeps state.

The rarest terms of a text select a few candidates, so that a decision costs the same however many stories
are open.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from heapq import heappop, heappush
from itertools import islice
from math import log
from types import MappingProxyType

from monitor.model import Deal, Fingerprint, Story

from .fingerprint import stems

#: So many of the rarest words, and of the rarest facts, are looked up.
MAX_RARE_TOKENS = 8

#: So many stories are compared with a text.
MAX_CANDIDATES = 16

#: Postings longer than this are not read: a term in so many open stories tells them apart no more.
MAX_POSTINGS = 400


class StoryIndex:
    """Open stories by id, by item and by token; adding a story replaces its earlier version.

    An index on a `base` hides the base's version of the stories it holds itself, and never changes the base.
    `deals` are purchases of arms whose stories may be closed.
    """

    def __init__(
        self,
        stories: Iterable[Story] = (),
        base: "StoryIndex | None" = None,
        deals: Sequence[Deal] = (),
    ) -> None:
        self._base = base
        self._deals = deals
        self._by_id: dict[str, Story] = {}
        self._by_item: dict[str, str] = {}
        self._tokens: dict[str, frozenset[str]] = {}
        self._versions: dict[str, int] = {}
        self._ages: list[tuple[datetime, str]] = []
        self._postings: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for story in stories:
            self.add(story)

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[Story]:
        return iter(self._by_id.values())

    def add(self, story: Story) -> None:
        """Add a story or its newer version."""
        before = self._tokens.get(story.id, frozenset())
        now = frozenset(token for fingerprint in story.fingerprints for token in tokens(fingerprint))
        for token in before - now:
            self._remove_posting(token, story.id)
        for token in now - before:
            self._postings[token][story.id] = None
        old = self._by_id.get(story.id)
        for item in old.item_ids if old else ():
            self._by_item.pop(item, None)
        self._by_item.update(dict.fromkeys(story.item_ids, story.id))
        self._by_id[story.id], self._tokens[story.id] = story, now
        self._versions[story.id] = story.version
        if old is None:
            heappush(self._ages, (story.updated_at, story.id))

    def update(self, changed: Iterable[Story], since: datetime) -> None:
        """Add changed stories, and close those that were last updated before `since`."""
        for story in changed:
            self.add(story)
        while self._ages and self._ages[0][0] < since:
            _, id = heappop(self._ages)
            story = self._by_id[id]
            if story.updated_at < since:
                self._close(story)
            else:
                heappush(self._ages, (story.updated_at, id))

    def versions(self) -> Mapping[str, int]:
        """Return the known version of each story by id, as they are at any time."""
        return MappingProxyType(self._versions)

    def get(self, id: str) -> Story | None:
        """Return a story by id."""
        story = self._by_id.get(id)
        return story if story or self._base is None else self._base.get(id)

    def deals(self, buyer: str, systems: Iterable[str]) -> list[Deal]:
        """Return the purchases of a buyer that share a system, open or not, the one updated last first."""
        own = [each for each in self._deals if each.buyer == buyer and not each.systems.isdisjoint(systems)]
        return own or (self._base.deals(buyer, systems) if self._base is not None else [])

    def of_item(self, item: str) -> Story | None:
        """Return the story that an item is part of."""
        if id := self._by_item.get(item):
            return self._by_id[id]
        found = self._base.of_item(item) if self._base is not None else None
        return self.get(found.id) if found else None

    def candidates(self, fingerprint: Fingerprint) -> list[Story]:
        """Return the open stories that share the most rare tokens with a text, best first."""
        text = tokens(fingerprint)
        scores: dict[str, float] = defaultdict(float)
        self._add_scores(scores, (token for token in text if token[0] != "~"))
        self._add_scores(scores, (token for token in text if token[0] == "~"))
        ranked = sorted(scores, key=lambda story: (-scores[story], story))
        own = [self._by_id[id] for id in ranked[:MAX_CANDIDATES]]
        inherited = self._base.candidates(fingerprint) if self._base is not None else []
        return own + [story for story in inherited if story.id not in self._by_id]

    def _add_scores(self, scores: dict[str, float], tokens: Iterable[str]) -> None:
        """Add the weight of the rarest tokens to each story that has them."""
        known = [token for token in tokens if token in self._postings]
        known.sort(key=lambda token: (len(self._postings[token]), token))
        for token in known[:MAX_RARE_TOKENS]:
            postings = self._postings[token]
            if scores and len(postings) > MAX_POSTINGS:
                break
            weight = log(1 + len(self._by_id) / len(postings))
            for story in islice(reversed(postings), MAX_POSTINGS):
                scores[story] += weight

    def _close(self, story: Story) -> None:
        for token in self._tokens.pop(story.id):
            self._remove_posting(token, story.id)
        self._versions.pop(story.id)
        for item in self._by_id.pop(story.id).item_ids:
            if self._by_item.get(item) == story.id:
                del self._by_item[item]

    def _remove_posting(self, token: str, story: str) -> None:
        postings = self._postings[token]
        postings.pop(story, None)
        if not postings:
            del self._postings[token]


def tokens(fingerprint: Fingerprint) -> frozenset[str]:
    """Return the tokens of a text: its terms, and marked as facts its names, figures, sums and stems."""
    facts = (
        *fingerprint.named,
        *fingerprint.figures,
        *fingerprint.counted,
        *_rounded(fingerprint.sums),
        *stems(fingerprint.words),
    )
    terms = (*fingerprint.title_terms, *fingerprint.lead_terms) or fingerprint.words
    return frozenset((*terms, *(f"~{fact}" for fact in facts)))


def _rounded(sums: Iterable[str]) -> Iterator[str]:
    """Yield each sum by currency and leading figure, so that "4.5bn" finds "4.4bn"."""
    for each in sums:
        currency, _, value = each.rpartition(" ")
        yield f"{currency} {float(value):.0e}"
