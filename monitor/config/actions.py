"""What readers may do, and when they are left in peace: ``[web]``, ``[quiet.<name>]``, ``[escalation]``."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from monitor.channels.settings import refuse_unsafe, with_secrets_read

from .base import DAYS, Day, Duration, Section, Time, Zone

_LISTEN = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):(?P<port>\d{1,5})")


class WebSettings(Section):
    """``[web]``: the small web server, and the links in messages that lead to it once `base_url` is set.

    `secret` signs these links; without one it is made and kept in `key_file`.
    """

    confidential: ClassVar[tuple[str, ...]] = ("secret", "feed_token")

    enabled: bool = True
    listen: str = "127.0.0.1:8080"
    base_url: str = ""
    secret: SecretStr | None = Field(None, min_length=16)
    key_file: Path = Path("var/web.secret")
    link_life: Duration = timedelta(days=30)
    feed_token: SecretStr | None = Field(None, min_length=16)

    @model_validator(mode="before")
    @classmethod
    def _read_secret_files(cls, given: Any) -> Any:
        return with_secrets_read(given, cls.confidential)

    @field_validator("listen")
    @classmethod
    def _is_a_place(cls, given: str) -> str:
        found = _LISTEN.fullmatch(given)
        if found is None or int(found["port"]) > 65535:
            raise ValueError('write host and port as "127.0.0.1:8080"; port 0 takes any that is free')
        return given

    @field_validator("base_url")
    @classmethod
    def _is_safe(cls, given: str) -> str:
        if given:
            refuse_unsafe(given)
        return given.rstrip("/")

    @property
    def host(self) -> str:
        """Where to listen."""
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """The port to listen at; 0 takes any that is free."""
        return int(self.listen.rpartition(":")[2])


class QuietSettings(Section):
    """``[quiet.<name>]``: when channels, or some recipients of theirs, are left in peace, and why.

    `end` before `start` is on the next day; `days` are those on which it begins. Alerts of severity
    `break_through`, and with `flips` those that change direction, come all the same; 6 lets none through.
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
    def _lasts(self) -> Self:
        if self.start == self.end:
            raise ValueError('"from" and "to" are the same time: quiet hours must begin and end')
        return self

    @property
    def weekdays(self) -> tuple[int, ...]:
        """ISO weekdays, 1 = Monday."""
        return tuple(DAYS.index(day) + 1 for day in self.days)


class EscalationSettings(Section):
    """``[escalation]``: who else is told of a grave alert that nobody acknowledges within `after`."""

    first: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    after: Duration = timedelta(minutes=30)
    min_severity: int = Field(5, ge=1, le=5)

    @field_validator("after")
    @classmethod
    def _gives_time(cls, given: timedelta) -> timedelta:
        if given < timedelta(minutes=1):
            raise ValueError("give readers at least 1m to acknowledge")
        return given

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.then and not self.first:
            raise ValueError("then: there is no first step")
        return self

    @property
    def steps(self) -> tuple[tuple[str, ...], ...]:
        """The channels of each step, at most two."""
        return tuple(filter(None, (self.first, self.then)))


def named_channels(
    quiet: Mapping[str, QuietSettings], escalation: EscalationSettings
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield every key that names channels, with the names."""
    yield from ((f"quiet.{name}.channels", table.channels) for name, table in quiet.items())
    yield "escalation.first", escalation.first
    yield "escalation.then", escalation.then


def lost_by(quiet: Mapping[str, QuietSettings], digested: Collection[str]) -> Iterator[str]:
    """Yield the quiet hours that leave alerts to a digest which does not come."""
    for name, table in quiet.items():
        for channel in table.channels if table.release == "digest" else ():
            if channel not in digested:
                yield (
                    f"quiet.{name}.release: no digest goes to {channel!r}, so its alerts would be lost;"
                    ' write "at_end", or name the channel in a digest'
                )
