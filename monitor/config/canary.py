"""``[canary]``: when a test item is sent through the whole pipeline to each channel."""

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, field_validator

from monitor.channels.smtp.addresses import mailbox

from .base import Duration, Section, Time, after_midnight

_SHORTEST = timedelta(minutes=5)


def _one_mailbox(given: str) -> str:
    if given:
        mailbox(given)
    return given


class CanarySettings(Section):
    """``[canary]``: a marked test item that is judged and sent to each channel; without the table, none.

    `at` is a time of day in UTC. An incident opens when a channel does not accept a canary `within` this
    time. Empty `channels`: all that do not page people; `to` is the recipient of those sent by mail.
    """

    every: Duration = timedelta(hours=24)
    at: Time = "07:00"
    within: Duration = timedelta(minutes=30)
    channels: tuple[str, ...] = ()
    to: Annotated[str, AfterValidator(_one_mailbox)] = ""

    @field_validator("every")
    @classmethod
    def _is_long_enough(cls, given: timedelta) -> timedelta:
        if given < _SHORTEST:
            raise ValueError("write 5m or more: channels bear no more canaries")
        return given

    @property
    def after_midnight(self) -> timedelta:
        """The time of day, as the time since midnight."""
        return after_midnight(self.at)
