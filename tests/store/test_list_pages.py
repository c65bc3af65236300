"""Alerts, deliveries and digests page by page, on both databases."""

from datetime import timedelta

from monitor.model import StoryFilter, StoryView
from monitor.store import SqlStore
from tests.conftest import NOW, delivery, item
from tests.store.builders import raised, write_plan
from tests.store.test_digests import DAILY, plan

MINUTE = timedelta(minutes=1)


def raise_some(store: SqlStore, count: int) -> list[str]:
    """Raise alerts a minute apart, those of odd numbers about one story; return their ids."""
    ids = []
    for number in range(count):
        at = NOW + number * MINUTE
        one = item(guid=str(number), first_seen_at=at)
        (alert,) = raised(store, one, story=f"s{number % 2}", raised_at=at)
        ids.append(alert.id)
    return ids


def test_alerts_are_read_from_the_newest_on_and_go_on_where_a_page_ended(store: SqlStore) -> None:
    ids = raise_some(store, 5)
    first = store.alert_page(limit=2)
    assert [each.id for each in first] == ids[:2:-1]
    raised(store, item(guid="new"), story="s9", raised_at=NOW + 9 * MINUTE)
    second = store.alert_page(before=first[-1].seq, limit=2)
    assert [each.id for each in second] == ids[2:0:-1]


def test_alerts_are_read_by_time_and_story(store: SqlStore) -> None:
    ids = raise_some(store, 5)
    found = store.alert_page(since=NOW + MINUTE, until=NOW + 3 * MINUTE)
    assert [each.id for each in found] == [ids[2], ids[1]]
    assert [each.id for each in store.alert_page(story="s1")] == [ids[3], ids[1]]
    assert store.alert_page(since=NOW + 9 * MINUTE) == ()
    assert store.alert_page(until=NOW) == ()


def test_alerts_are_read_by_what_their_stories_are_found_by(store: SqlStore) -> None:
    ids = raise_some(store, 3)
    wanted = StoryFilter(view=StoryView.ALL, topics=("arms",), feeds=("wire",), min_severity=4)
    assert [each.id for each in store.alert_page(filter=wanted)] == ids[::-1]
    assert [each.id for each in store.alert_page(filter=wanted, limit=1)] == ids[2:]
    other = StoryFilter(view=StoryView.ALL, topics=("sanctions",))
    assert store.alert_page(filter=other) == ()


def test_deliveries_are_read_with_their_numbers(store: SqlStore) -> None:
    for number in range(4):
        store.add_deliveries(
            [delivery(id=f"d{number}", channel="mail" if number % 2 else "chat", story="s1")]
        )
    first = store.delivery_page(limit=3)
    assert [each.id for _, each in first] == ["d3", "d2", "d1"]
    assert [each.id for _, each in store.delivery_page(before=first[-1][0])] == ["d0"]
    assert [each.id for _, each in store.delivery_page(channel="mail", states=["owed"])] == ["d3", "d1"]
    assert store.delivery_page(states=["dead"]) == ()
    both = store.delivery_page(states=["owed", "dead"], limit=3)
    assert [each.id for _, each in both] == ["d3", "d2", "d1"]
    assert [each.id for _, each in store.delivery_page(states=["owed"], before=both[-1][0])] == ["d0"]
    assert len(store.delivery_page(story="s1")) == 4
    assert store.delivery_page(story="s2") == ()


def test_digests_are_read_behind_the_last_one_of_a_page(store: SqlStore) -> None:
    store.subscribe([DAILY], NOW)
    days = [f"2026-11-{day}" for day in (24, 25, 26)]
    for number, day in enumerate(days):
        assert write_plan(store, plan(day, planned_at=NOW + number * MINUTE))
    first = store.digest_page(limit=2)
    assert [each.key for each in first] == days[:0:-1]
    assert [each.key for each in store.digest_page(after=first[-1].id)] == days[:1]
    assert [each.key for each in store.digest_page(subscription="daily")] == days[::-1]
    assert store.digest_page(subscription="weekly") == ()
    assert store.digest_page(after="unknown") == ()
