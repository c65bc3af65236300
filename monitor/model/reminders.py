"""Deadlines of stories, and the reminders of them."""

from dataclasses import dataclass
from datetime import date, datetime

from .alerts import Alert
from .deliveries import Delivery
from .documents import ArchivedDocument


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day until which something runs, as a story states since `stated_at`; `alert` names it to people."""

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
