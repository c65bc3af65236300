"""``[reminders]``: how many days before a deadline its story is reported again."""

from datetime import timedelta

from pydantic import Field, field_validator

from .base import Section
from .canary import after_midnight, time_of_day


class ReminderSettings(Section):
    """``[reminders]``: a reminder so many `days` before a deadline, 0 for none, `at` this time in UTC."""

    days: int = Field(7, ge=0, le=90)
    at: str = "07:00"

    _is_a_time = field_validator("at")(time_of_day)

    @property
    def after_midnight(self) -> timedelta:
        """The time of day, as the time since midnight."""
        return after_midnight(self.at)
