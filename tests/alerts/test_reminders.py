"""Which deadlines need a reminder, and what it says."""

from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.alerts.reminders import ReminderTimes, in_days, reminder_of
from monitor.model import AlertKind, ChangeKind, Deadline
from tests.conftest import NOW, alert

DAY = date(2026, 12, 30)
DEADLINE = Deadline("s1", DAY, NOW, alert(story="s1"))


@pytest.mark.parametrize(("left", "words"), [(0, "today"), (1, "tomorrow"), (7, "in 7 days")])
def test_the_days_left_are_in_words(left: int, words: str) -> None:
    assert in_days(left) == words


def test_a_reminder_is_due_at_its_time_of_day() -> None:
    times = ReminderTimes(days=7, at=timedelta(hours=7))
    assert times.last_day(datetime(2026, 12, 23, 6, 59, tzinfo=UTC)) == date(2026, 12, 29)
    assert times.last_day(datetime(2026, 12, 23, 7, 0, tzinfo=UTC)) == DAY


@pytest.mark.parametrize(("days", "needed"), [(7, True), (36, True), (37, False), (90, False)])
def test_a_deadline_that_is_stated_too_late_needs_no_reminder(days: int, needed: bool) -> None:
    assert ReminderTimes(days=days).is_needed(DEADLINE) is needed


def test_a_reminder_updates_its_story_and_says_how_many_days_are_left() -> None:
    reminder = reminder_of(DEADLINE, datetime(2026, 12, 23, 7, 0, tzinfo=UTC))
    assert (reminder.kind, reminder.story) == (AlertKind.UPDATE, "s1")
    assert reminder.news == "deadline in 7 days: 30 December 2026"
    (change,) = reminder.changes
    assert (change.kind, change.before, change.now) == (ChangeKind.REMINDER, "7", "2026-12-30")
    assert reminder.decision.placement == DEADLINE.alert.decision.placement
    assert reminder.id != DEADLINE.alert.id
