"""Incidents and the reports about them."""

from dataclasses import dataclass
from datetime import datetime

from .keys import key_of


@dataclass(frozen=True, slots=True)
class Incident:
    """A fault of the monitor, a feed or a channel, from its detection to its end.

    `subject` is the name of a feed or a channel, or "" for the program as a whole; `kind` one word of a
    closed list.
    """

    subject: str
    kind: str
    reason: str
    opened_at: datetime
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HealthReport:
    """The incidents that opened and closed since the last report; `still_open` counts those open now."""

    at: datetime
    opened: tuple[Incident, ...]
    closed: tuple[Incident, ...]
    still_open: int

    @property
    def id(self) -> str:
        changed = (f"{each.subject} {each.kind} {each.opened_at}" for each in (*self.opened, *self.closed))
        return key_of("health", str(self.at), *changed)
