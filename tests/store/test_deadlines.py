"""Deadlines of stories and the reminders of them, on every database."""

from dataclasses import replace
from datetime import date, timedelta

from monitor.model import Deadline, Reminder, Story
from monitor.store import SqlStore
from tests.conftest import NOW, alert, delivery, item
from tests.store.builders import feed, full, outcome, state_of

FIRST, LAST = date(2026, 11, 23), date(2027, 1, 31)
MARCH = date(2027, 3, 12)


def begin(store: SqlStore, *days: str, guid: str = "1") -> Story:
    """Store a story with these deadlines, and the alert that states them."""
    store.enrol([feed()], NOW)
    written = full(state_of(store), guid)
    story = replace(written.stories[0], deadlines=days)
    (raised,) = written.alerts
    raised = replace(raised, story=story.id, deadlines=days)
    store.commit([replace(written, stories=(story,), alerts=(raised,))])
    return story


def retell(store: SqlStore, story: Story, *days: str) -> None:
    later = replace(story, deadlines=days, updated_at=NOW + timedelta(hours=1))
    store.commit([outcome(state_of(store), stories=(later,))])


def days(store: SqlStore, waiting: bool = False) -> list[date]:
    return [each.day for each in store.deadlines(FIRST, LAST, waiting)]


def reminder(deadline: Deadline, id: str = "r1") -> Reminder:
    raised = alert(item=deadline.alert.item, story=deadline.story, kind="update", news="a deadline")
    return Reminder(deadline, (raised,), (delivery(id=id, ref=raised.id),))


def test_deadlines_are_found_by_day_with_the_alert_that_states_them(store: SqlStore) -> None:
    story = begin(store, "2026-12-30", "2027-03-12")
    (found,) = store.deadlines(FIRST, LAST)
    assert (found.story, found.day, found.stated_at) == (story.id, date(2026, 12, 30), NOW)
    assert found.alert.item == item(guid="1", feed="wire")
    assert [each.day for each in store.deadlines(FIRST, MARCH)] == [date(2026, 12, 30), MARCH]


def test_a_day_that_is_stated_again_keeps_its_time(store: SqlStore) -> None:
    story = begin(store, "2026-12-30")
    retell(store, story, "2026-12-30")
    (found,) = store.deadlines(FIRST, LAST)
    assert found.stated_at == NOW


def test_a_later_report_puts_a_deadline_off(store: SqlStore) -> None:
    story = begin(store, "2026-12-30")
    retell(store, story, "2026-12-30", "2027-01-15")
    assert days(store) == [date(2027, 1, 15)]


def test_a_reminder_is_written_once_with_its_alert_and_its_deliveries(store: SqlStore) -> None:
    begin(store, "2026-12-30")
    (deadline,) = store.deadlines(FIRST, LAST, True)
    assert store.remind(reminder(deadline), NOW)
    assert not store.remind(reminder(deadline, "r2"), NOW)
    assert (store.delivery("r1") is None, store.delivery("r2")) == (False, None)
    assert len(store.alerts(NOW - timedelta(days=1), NOW + timedelta(days=1))) == 2
    assert (days(store), days(store, waiting=True)) == ([date(2026, 12, 30)], [])
    assert store.accounting(NOW - timedelta(days=1)).missing == ()


def test_a_needless_reminder_waits_no_longer(store: SqlStore) -> None:
    begin(store, "2026-12-30")
    (deadline,) = store.deadlines(FIRST, LAST, True)
    assert store.remind(Reminder(deadline), NOW)
    assert days(store, waiting=True) == []
