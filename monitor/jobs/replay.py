"""Stored items judged again: what these rules would have said, against what was said. Never writes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from monitor.alerts.routing import BACKLOG, RoutingTable, decide, lowered
from monitor.model import Decision, Feed, Item, Judged, Tier, Verdict

#: So many items are read at once; no more are held.
BATCH = 500


class Items(Protocol):
    """Whoever keeps the items."""

    def judged_since(
        self, since: datetime, after: Judged | None = None, limit: int = 500
    ) -> tuple[Judged, ...]:
        """Return items first seen since then, the oldest first; go on `after` the last one of a batch."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What judges now: the engine, where its verdicts go, and the feeds as they are configured."""

    judge: Callable[[Item, Tier], Verdict]
    table: RoutingTable
    feeds: Mapping[str, Feed]

    def again(self, stored: Judged) -> Judged:
        """Judge a stored item as if it came now; a feed that is gone keeps the credibility it had."""
        feed = self.feeds.get(stored.item.feed)
        verdict = self.judge(stored.item, feed.tier if feed else Tier.REGIONAL)
        if feed is None:
            verdict = replace(verdict, credibility=stored.verdict.credibility)
        backlog = feed.backlog if feed else None
        because = stored.decision.because
        first_poll, doubt = because == BACKLOG, because.partition("; ")[2]
        decision = decide(verdict, self.table)
        decision = lowered(decision, stored.item, backlog, first_poll=first_poll, doubt=doubt)
        return Judged(stored.item, verdict, decision)


@dataclass(frozen=True, slots=True)
class Change:
    """An item that would be judged otherwise: topics won and lost, and the old and the new placement."""

    item: Item
    won: tuple[str, ...]
    lost: tuple[str, ...]
    before: Decision
    after: Decision
    verdict: Verdict

    @property
    def kind(self) -> str:
        """``flagged`` anew, ``dropped``, or only ``moved``; what is won weighs more than what is lost."""
        return "flagged" if self.won else "dropped" if self.lost else "moved"


@dataclass(slots=True)
class Replayed:
    """What a replay has come to so far: how many items, and how many changes of each kind."""

    items: int = 0
    counts: dict[str, int] = field(default_factory=lambda: {"flagged": 0, "dropped": 0, "moved": 0})


def replay(
    store: Items, rules: Rules, since: datetime, so_far: Replayed, batch: int = BATCH
) -> Iterator[Change]:
    """Yield every change since then, the oldest item first, and count in `so_far`."""
    last: Judged | None = None
    while found := store.judged_since(since, last, batch):
        for stored in found:
            so_far.items += 1
            if change := compared(stored, rules.again(stored)):
                so_far.counts[change.kind] += 1
                yield change
        last = found[-1]


def compared(before: Judged, after: Judged) -> Change | None:
    """Return what changed between two judgements of one item; None if topics and placement are the same."""
    old, new = before.verdict.topics, after.verdict.topics
    won = tuple(topic for topic in new if topic not in old)
    lost = tuple(topic for topic in old if topic not in new)
    if not won and not lost and before.decision.placement is after.decision.placement:
        return None
    return Change(before.item, won, lost, before.decision, after.decision, after.verdict)
