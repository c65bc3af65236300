"""``[quiet.<name>]``: quiet hours of channels and recipients."""

from typing import Literal, Self

from pydantic import Field, model_validator

from .base import DAYS, Day, Section, Time, Zone


class QuietSettings(Section):
    """``[quiet.<name>]``: when alerts to channels, or to some of their recipients, are deferred, and why.

    An `end` before `start` is on the next day; quiet hours begin on `days`. Alerts of severity
    `break_through` or more are sent all the same, and with `flips` those that change direction; 6: none.
    """

    reason: str = Field(min_length=1)
    channels: tuple[str, ...] = Field(min_length=1)
    recipients: tuple[str, ...] = ()
    start: Time = Field(alias="from")
    end: Time = Field(alias="to")
    zone: Zone = "UTC"
    days: tuple[Day, ...] = Field(DAYS, min_length=1)
    break_through: int = Field(5, ge=0, le=6)
    flips: bool = True
    release: Literal["at_end", "digest"] = "at_end"

    @model_validator(mode="after")
    def _is_not_empty(self) -> Self:
        if self.start == self.end:
            raise ValueError('"from" and "to" are the same time: quiet hours must begin and end')
        return self

    @property
    def weekdays(self) -> tuple[int, ...]:
        """ISO weekdays, 1 = Monday."""
        return tuple(DAYS.index(day) + 1 for day in self.days)
