"""Open stories by what tells them apart: which could a text retell? Pure; holds what it is given.

An inverted index over the window: a text's rarest tokens name a few stories to look at closely, so that
deciding costs the same however many stories are open.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from math import log

from monitor.model import Fingerprint, Story

from .fingerprint import stems

#: So many of the rarest words, and of the rarest names and figures, are looked up.
RAREST = 8

#: So many stories are looked at closely.
LIKELIEST = 16

#: Lists of stories are read until they had so many entries in all, the rarest token's first.
_READ = 4_000


class Near:
    """Open stories, found by item and by likeness. A story that is put again takes the place of what it was.

    What is put over another index hides what that holds of the same story, and leaves it as it was.
    """

    def __init__(self, stories: Iterable[Story] = (), beneath: "Near | None" = None) -> None:
        self._beneath = beneath
        self._told: dict[str, Story] = {}
        self._tokens: dict[str, frozenset[str]] = {}
        self._stories: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._of_item: dict[str, str] = {}
        for told in stories:
            self.put(told)

    def __len__(self) -> int:
        return len(self._told)

    def __iter__(self) -> Iterator[Story]:
        return iter(self._told.values())

    def put(self, told: Story) -> None:
        """Add a story, or what became of it."""
        before = self._tokens.get(told.id, frozenset())
        now = frozenset(token for fingerprint in told.fingerprints for token in tokens(fingerprint))
        for token in before - now:
            self._forget(token, told.id)
        for token in now - before:
            self._stories[token][told.id] = None
        old = self._told.get(told.id)
        for item in old.item_ids if old else ():
            self._of_item.pop(item, None)
        self._of_item.update(dict.fromkeys(told.item_ids, told.id))
        self._told[told.id], self._tokens[told.id] = told, now

    def learn(self, anew: Iterable[Story], since: datetime) -> None:
        """Add what was told anew, and close the stories that were last told before then."""
        for told in anew:
            self.put(told)
        for story in [told.id for told in self._told.values() if told.updated_at < since]:
            for token in self._tokens.pop(story):
                self._forget(token, story)
            for item in self._told.pop(story).item_ids:
                if self._of_item.get(item) == story:
                    del self._of_item[item]

    def versions(self) -> dict[str, int]:
        """Return which version of each story is known."""
        return {story: told.version for story, told in self._told.items()}

    def get(self, story: str) -> Story | None:
        """Return a story by its name."""
        told = self._told.get(story)
        return told if told or not self._beneath else self._beneath.get(story)

    def of_item(self, item: str) -> Story | None:
        """Return the story that an item told before."""
        if story := self._of_item.get(item):
            return self._told[story]
        found = self._beneath.of_item(item) if self._beneath else None
        return self.get(found.id) if found else None

    def like(self, fingerprint: Fingerprint) -> list[Story]:
        """Return the likeliest stories, those first that share most of what is rare."""
        mine = tokens(fingerprint)
        score: Counter[str] = Counter()
        for part in (_words, _facts):
            read = 0
            known = sorted((len(self._stories[t]), t) for t in part(mine) if t in self._stories)
            for count, token in known[:RAREST]:
                if read and read + count > _READ:
                    break
                read += count
                weight = log(1 + len(self._told) / count)
                for story in self._stories[token]:
                    score[story] += weight  # type: ignore[assignment]
        likeliest = sorted(score.items(), key=lambda each: (-each[1], each[0]))[:LIKELIEST]
        mine_ = [self._told[story] for story, _ in likeliest]
        others = self._beneath.like(fingerprint) if self._beneath else ()
        return [*mine_, *(told for told in others if told.id not in self._told)]

    def _forget(self, token: str, story: str) -> None:
        stories = self._stories[token]
        stories.pop(story, None)
        if not stories:
            del self._stories[token]


def tokens(fingerprint: Fingerprint) -> frozenset[str]:
    """Return what a text is looked up by: its words, and marked as facts its names, figures and sums."""
    facts = (
        *fingerprint.named,
        *fingerprint.figures,
        *fingerprint.counted,
        *_rounded(fingerprint.sums),
        *stems(fingerprint.words),
    )
    return frozenset((*fingerprint.words, *(f"~{fact}" for fact in facts)))


def _words(all: frozenset[str]) -> Iterator[str]:
    return (token for token in all if token[0] != "~")


def _facts(all: frozenset[str]) -> Iterator[str]:
    return (token for token in all if token[0] == "~")


def _rounded(sums: Iterable[str]) -> Iterator[str]:
    """A sum by its currency and its leading figure: "4.5bn" and "4.4bn" are found by one another's."""
    for each in sums:
        currency, _, value = each.rpartition(" ")
        yield f"{currency} {float(value):.0e}"
