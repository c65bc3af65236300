"""``[canary]``: whether and when the way to each channel is tried."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, field_validator

from monitor.channels.smtp.mime import mailbox

from .base import Duration, Section

_SHORTEST = timedelta(minutes=5)


def _one_mailbox(given: str) -> str:
    if given:
        mailbox(given)
    return given


class CanarySettings(Section):
    """``[canary]``: a test item, marked as one, through the whole way to each channel; without it, none.

    `at` is a time of day in UTC. An incident is told when a canary is not taken `within` so long. Empty
    `channels` mean all, but for those that ring; `to` is who gets those that go by mail.
    """

    every: Duration = timedelta(hours=24)
    at: str = "07:00"
    within: Duration = timedelta(minutes=30)
    channels: tuple[str, ...] = ()
    to: Annotated[str, AfterValidator(_one_mailbox)] = ""

    @field_validator("at")
    @classmethod
    def _is_a_time(cls, given: str) -> str:
        if not re.fullmatch(r"(?:[01]\d|2[0-3]):[0-5]\d", given):
            raise ValueError('write the time as "HH:MM", from "00:00" to "23:59"')
        return given

    @field_validator("every")
    @classmethod
    def _is_bearable(cls, given: timedelta) -> timedelta:
        if given < _SHORTEST:
            raise ValueError("a canary every five minutes is the most that channels bear")
        return given

    @property
    def after_midnight(self) -> timedelta:
        """The time of day as what has passed since midnight."""
        hours, minutes = map(int, self.at.split(":"))
        return timedelta(hours=hours, minutes=minutes)
