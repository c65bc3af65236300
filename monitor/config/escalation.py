"""``[escalation]``: who gets a grave alert that nobody acknowledges."""

from datetime import timedelta
from typing import Self

from pydantic import Field, field_validator, model_validator

from .base import Duration, Section


class EscalationSettings(Section):
    """``[escalation]``: the channels that get a grave alert when nobody acknowledges it within `after`."""

    first: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    after: Duration = timedelta(minutes=30)
    min_severity: int = Field(5, ge=1, le=5)

    @field_validator("after")
    @classmethod
    def _is_long_enough(cls, given: timedelta) -> timedelta:
        if given < timedelta(minutes=1):
            raise ValueError("give recipients at least 1m to acknowledge")
        return given

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.then and not self.first:
            raise ValueError("then: there is no first step; write its channels as first")
        return self

    @property
    def steps(self) -> tuple[tuple[str, ...], ...]:
        """The channels of each step, at most two."""
        return tuple(filter(None, (self.first, self.then)))
