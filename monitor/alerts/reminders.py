"""Decide which deadlines need a reminder, and make the alert of one. Pure."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from monitor.model import Alert, AlertKind, Change, ChangeKind, Deadline


@dataclass(frozen=True, slots=True)
class ReminderTimes:
    """When reminders are due: so many `days` before a deadline, 0 for never, `at` a time of day in UTC."""

    days: int = 7
    at: timedelta = timedelta(hours=7)

    def last_day(self, now: datetime) -> date:
        """Return the last day whose reminder is due."""
        return (now - self.at).date() + timedelta(days=self.days)

    def is_needed(self, deadline: Deadline) -> bool:
        """Say whether a deadline was stated before its reminder is due; else the report itself reminds."""
        return deadline.stated_at.date() + timedelta(days=self.days) < deadline.day


def reminder_of(deadline: Deadline, now: datetime) -> Alert:
    """Return the alert of a reminder: an update of the story, placed as the alert with the deadline."""
    alert, left = deadline.alert, (deadline.day - now.date()).days
    words = f"deadline {in_days(left)}: {deadline.day:%-d %B %Y}"
    change = Change(ChangeKind.REMINDER, str(left), deadline.day.isoformat(), words)
    return replace(
        alert,
        decision=replace(alert.decision, because="a deadline comes near"),
        raised_at=now,
        kind=AlertKind.UPDATE,
        news=words,
        seq=0,
        late=False,
        changes=(change,),
        deadlines=(deadline.day.isoformat(),),
        grouped_because="a reminder of the story's deadline",
    )


def in_days(left: int) -> str:
    """Return a number of days from today in words."""
    return "today" if not left else "tomorrow" if left == 1 else f"in {left} days"
