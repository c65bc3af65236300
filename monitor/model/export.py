"""What can be exported, and of which time."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ExportKind(StrEnum):
    """The kinds of records in an export: items with their verdicts, and what came of them."""

    ITEMS = "items"
    ALERTS = "alerts"
    DELIVERIES = "deliveries"
    FEEDBACK = "feedback"
    ENTRIES = "entries"  # of sanctions lists


@dataclass(frozen=True, slots=True)
class Period:
    """The time in [since, until); None is open."""

    since: datetime | None = None
    until: datetime | None = None
