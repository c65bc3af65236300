"""Judge stored items again with the present rules and compare the results. Writes nothing."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from monitor.alerts.routing import RoutingTable, decide, lowered
from monitor.model import Decision, Feed, Item, Judged, Tier, Verdict

#: The number of items read at a time; no more are kept in memory.
BATCH = 500


class JudgedItems(Protocol):
    """A source of stored items."""

    def judged_since(
        self, since: datetime, after: Judged | None = None, limit: int = 500
    ) -> tuple[Judged, ...]:
        """Return items first seen since then, oldest first; continue `after` the last one of a batch."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The present rules: the engine, the routing table and the configured feeds."""

    judge: Callable[[Item, Tier], Verdict]
    table: RoutingTable
    feeds: Mapping[str, Feed]

    def judge_again(self, stored: Judged) -> Judged:
        """Judge a stored item as if it were new; without its feed it keeps its credibility."""
        feed = self.feeds.get(stored.item.feed)
        verdict = self.judge(stored.item, feed.tier if feed else Tier.REGIONAL)
        if feed is None:
            verdict = replace(verdict, credibility=stored.verdict.credibility)
        backlog = feed.backlog if feed else None
        first_poll, doubt = stored.decision.from_backlog, stored.decision.doubt
        decision = decide(verdict, self.table)
        decision = lowered(decision, stored.item, backlog, first_poll=first_poll, doubt=doubt)
        return Judged(stored.item, verdict, decision)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedVerdict:
    """An item with a different result: topics added and removed, and the old and the new decision."""

    item: Item
    added: tuple[str, ...]
    removed: tuple[str, ...]
    before: Decision
    after: Decision
    verdict: Verdict

    @property
    def kind(self) -> str:
        """``flagged`` if a topic was added, else ``dropped`` if one was removed, else ``moved``."""
        return "flagged" if self.added else "dropped" if self.removed else "moved"


@dataclass(slots=True)
class Replayed:
    """The counts of a replay so far: items, and changes of each kind."""

    items: int = 0
    counts: dict[str, int] = field(default_factory=lambda: {"flagged": 0, "dropped": 0, "moved": 0})


def replay(
    store: JudgedItems, rules: Rules, since: datetime, so_far: Replayed, batch: int = BATCH
) -> Iterator[ChangedVerdict]:
    """Yield the changes of items first seen since then, oldest first, and count in `so_far`."""
    last: Judged | None = None
    while found := store.judged_since(since, last, batch):
        for stored in found:
            so_far.items += 1
            if change := verdict_change(stored, rules.judge_again(stored)):
                so_far.counts[change.kind] += 1
                yield change
        last = found[-1]


def verdict_change(before: Judged, after: Judged) -> ChangedVerdict | None:
    """Return the change between two judgements of one item; None if topics and placement are the same."""
    old, new = before.verdict.topics, after.verdict.topics
    added = tuple(topic for topic in new if topic not in old)
    removed = tuple(topic for topic in old if topic not in new)
    if not added and not removed and before.decision.placement is after.decision.placement:
        return None
    return ChangedVerdict(
        item=before.item,
        added=added,
        removed=removed,
        before=before.decision,
        after=after.decision,
        verdict=after.verdict,
    )


def change_data(change: ChangedVerdict) -> dict[str, Any]:
    """Return a change as data; `first_seen_at` is a datetime, and texts are as the feed wrote them."""
    event = change.verdict.event
    return {
        "change": change.kind,
        "item": change.item.id,
        "feed": change.item.feed,
        "title": change.item.title,
        "first_seen_at": change.item.first_seen_at,
        "won": list(change.added),
        "lost": list(change.removed),
        "before": change.before.placement.name.lower(),
        "after": change.after.placement.name.lower(),
        "because": change.after.because,
        "relevance": dict(change.verdict.relevance),
        "event": event.type if event else None,
        "rules": list(change.verdict.rules),
    }
