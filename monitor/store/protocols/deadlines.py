"""The protocol for deadlines of stories and the reminders of them."""

from datetime import date, datetime
from typing import Protocol

from monitor.model import Deadline, Reminder


class DeadlineStore(Protocol):
    """Deadlines of stories; a later day that a later report of the story states replaces an earlier one."""

    def deadlines(self, first: date, last: date, waiting: bool = False) -> tuple[Deadline, ...]:
        """Return the deadlines from `first` to `last`, the soonest first; if `waiting`, without reminder."""

    def remind(self, reminder: Reminder, now: datetime) -> bool:
        """Write a reminder's alert and deliveries, or that none is needed; False if it was written before."""
