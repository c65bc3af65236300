"""Kinds of records in an export, and its period."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ExportKind(StrEnum):
    """A kind of records in an export; items have their verdicts, deliveries their attempts."""

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
