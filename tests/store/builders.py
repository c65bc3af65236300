"""Builders of what a poll writes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.model import (
    Alert,
    Decision,
    DigestPlan,
    Feed,
    FeedState,
    Item,
    Judged,
    Placement,
    PollOutcome,
    Story,
    SubscriptionState,
)
from monitor.store import SqlStore
from tests.conftest import NOW, alert, delivery, item, verdict

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
ARCHIVED = Decision(Placement.ARCHIVE, "not flagged")


def feed(name: str = "wire", **changes: Any) -> Feed:
    plain: dict[str, Any] = {
        "name": name,
        "url": f"https://{name}.example/feed",
        "title": f"The {name}",
        "host": f"{name}.example",
    }
    return Feed(**plain | changes)


def state_of(store: SqlStore, name: str = "wire") -> FeedState:
    return next(state for state in store.feed_states() if state.feed == name)


def judged(item: Item, **changes: Any) -> Judged:
    return Judged(item, verdict(**changes), ARCHIVED)


def outcome(state: FeedState, /, *items: Item, **changes: Any) -> PollOutcome:
    """A good poll that read `items`."""
    polled = replace(state, polled_at=NOW, good_at=NOW, next_poll_at=NOW + timedelta(minutes=10), health="ok")
    plain: dict[str, Any] = {
        "state": polled,
        "host": f"{state.feed}.example",
        "host_free_at": NOW + timedelta(seconds=2),
        "judged": tuple(map(judged, items)),
    }
    return PollOutcome(**plain | changes)


def full(state: FeedState, guid: str = "1") -> PollOutcome:
    """A poll that wrote something everywhere."""
    one = item(guid=guid, feed=state.feed)
    story = Story(
        id=f"s{guid}",
        event_type="contract",
        stage="contract",
        polarity="acquire",
        official=False,
        updated_at=NOW,
        item_ids=(one.id,),
    )
    owed = delivery(id=f"{state.feed}-{guid}")
    return outcome(state, one, alerts=(alert(item=one),), stories=(story,), deliveries=(owed,))


def stored(store: SqlStore, *items: Item) -> list[str]:
    """Return the ids of those items that are stored with these very words."""
    same = store.recall_items(items[0].feed, items).same
    return [item.id for item in items if item.id in same]


def write_plan(store: SqlStore, plan: DigestPlan) -> bool:
    """Write one digest; return whether it was written."""
    return store.plan_each((plan,))[0]


def subscription_state(store: SqlStore, name: str) -> SubscriptionState | None:
    """Return how far one subscription has come."""
    return store.subscription_states((name,)).get(name)


def stories_of(store: SqlStore) -> dict[str, Story]:
    """Return every stored story by id."""
    return {story.id: story for story in store.stories_changed(EARLIEST, {})}


def raised(store: SqlStore, *items: Item, **changes: Any) -> tuple[Alert, ...]:
    """Commit a poll of ``wire`` that raises an alert for each of `items`; return the alerts."""
    if not any(state.feed == "wire" for state in store.feed_states()):
        store.enrol([feed()], NOW)
    alerts = tuple(alert(item=one, **changes) for one in items)
    assert store.commit([outcome(state_of(store), *items, alerts=alerts)]) == ("wire",)
    return alerts


def raise_stories(store: SqlStore, stories: Mapping[str, Item]) -> None:
    """Commit a poll of ``wire`` that raises one alert for each story, given as story → item."""
    store.enrol([feed()], NOW)
    alerts = tuple(alert(item=one, story=story) for story, one in stories.items())
    assert store.commit([outcome(state_of(store), *stories.values(), alerts=alerts)]) == ("wire",)
