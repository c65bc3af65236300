"""Deadlines of stories, and reminders of them."""

from dataclasses import dataclass
from datetime import date, datetime

from .alerts import Alert
from .deliveries import Delivery
from .documents import ArchivedDocument


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a period that a story has stated since `stated_at`; `alert` is the alert about it."""

    story: str
    day: date
    stated_at: datetime
    alert: Alert


@dataclass(frozen=True, slots=True)
class Reminder:
    """The reminder of a deadline: its alert with its deliveries, or neither if none is needed."""

    deadline: Deadline
    alerts: tuple[Alert, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    document: ArchivedDocument | None = None
