"""``[reminders]``: how many days before a deadline its story is reported again."""

from datetime import timedelta

from pydantic import Field

from .base import Section, Time, after_midnight


class ReminderSettings(Section):
    """``[reminders]``: a reminder so many `days` before a deadline, 0 for none, `at` this time in UTC."""

    days: int = Field(7, ge=0, le=90)
    at: Time = "07:00"

    @property
    def after_midnight(self) -> timedelta:
        """The time of day, as the time since midnight."""
        return after_midnight(self.at)
