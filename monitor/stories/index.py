"""Open stories by what tells them apart: which could a text retell? Pure; holds what it is given.

An inverted index over the window: a text's rarest tokens name a few stories to look at closely, so that
deciding costs the same however many stories are open.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from math import log

from monitor.model import Gist, Told

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

    def __init__(self, stories: Iterable[Told] = (), beneath: "Near | None" = None) -> None:
        self._beneath = beneath
        self._told: dict[str, Told] = {}
        self._tokens: dict[str, frozenset[str]] = {}
        self._stories: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._of_item: dict[str, str] = {}
        for told in stories:
            self.put(told)

    def __len__(self) -> int:
        return len(self._told)

    def __iter__(self) -> Iterator[Told]:
        return iter(self._told.values())

    def put(self, told: Told) -> None:
        """Add a story, or what became of it."""
        before = self._tokens.get(told.story, frozenset())
        now = frozenset(token for gist in told.gists for token in tokens(gist))
        for token in before - now:
            self._forget(token, told.story)
        for token in now - before:
            self._stories[token][told.story] = None
        old = self._told.get(told.story)
        for item in old.item_ids if old else ():
            self._of_item.pop(item, None)
        self._of_item.update(dict.fromkeys(told.item_ids, told.story))
        self._told[told.story], self._tokens[told.story] = told, now

    def learn(self, anew: Iterable[Told], since: datetime) -> None:
        """Add what was told anew, and close the stories that were last told before then."""
        for told in anew:
            self.put(told)
        for story in [told.story for told in self._told.values() if told.told_at < since]:
            for token in self._tokens.pop(story):
                self._forget(token, story)
            for item in self._told.pop(story).item_ids:
                if self._of_item.get(item) == story:
                    del self._of_item[item]

    def versions(self) -> dict[str, int]:
        """Return which version of each story is known."""
        return {story: told.version for story, told in self._told.items()}

    def get(self, story: str) -> Told | None:
        """Return a story by its name."""
        told = self._told.get(story)
        return told if told or not self._beneath else self._beneath.get(story)

    def of_item(self, item: str) -> Told | None:
        """Return the story that an item told before."""
        if story := self._of_item.get(item):
            return self._told[story]
        found = self._beneath.of_item(item) if self._beneath else None
        return self.get(found.story) if found else None

    def like(self, gist: Gist) -> list[Told]:
        """Return the likeliest stories, those first that share most of what is rare."""
        mine = tokens(gist)
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
        others = self._beneath.like(gist) if self._beneath else ()
        return [*mine_, *(told for told in others if told.story not in self._told)]

    def _forget(self, token: str, story: str) -> None:
        stories = self._stories[token]
        stories.pop(story, None)
        if not stories:
            del self._stories[token]


def tokens(gist: Gist) -> frozenset[str]:
    """Return what a text is looked up by: its words, and marked as facts its names, figures and sums."""
    facts = (*gist.named, *gist.figures, *gist.counted, *_rounded(gist.sums), *stems(gist.words))
    return frozenset((*gist.words, *(f"~{fact}" for fact in facts)))


def _words(all: frozenset[str]) -> Iterator[str]:
    return (token for token in all if token[0] != "~")


def _facts(all: frozenset[str]) -> Iterator[str]:
    return (token for token in all if token[0] == "~")


def _rounded(sums: Iterable[str]) -> Iterator[str]:
    """A sum by its currency and its leading figure: "4.5bn" and "4.4bn" are found by one another's."""
    for each in sums:
        currency, _, value = each.rpartition(" ")
        yield f"{currency} {float(value):.0e}"
