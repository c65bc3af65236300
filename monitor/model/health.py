"""Incidents and the reports about them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .keys import key_of


class IncidentKind(StrEnum):
    """The kinds of incidents: of feeds, their last documents, channels, processes, and the program itself."""

    FAILING = "failing"
    SILENT = "silent"

    BURST = "burst"
    DRIFT = "drift"
    GAP = "gap"
    MOVED = "moved"
    NOTICE = "notice"
    REDIRECTED = "redirected"
    TICKER = "ticker"
    WORDLESS = "wordless"

    CANARY = "canary"
    CHANNEL = "channel"
    MISSING = "missing"

    DIFFERS = "differs"
    WORKER = "worker"

    DETECTION = "detection"
    OFFLINE = "offline"
    TEMPLATE = "template"
    UNACCOUNTED = "unaccounted"
    WEB = "web"


@dataclass(frozen=True, slots=True)
class Incident:
    """A fault of the monitor, a feed, a channel or a process, from its detection to its end.

    `subject` is the name of a feed, a channel or a process of a cluster, or "" for the program as a whole.
    """

    subject: str
    kind: IncidentKind
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
