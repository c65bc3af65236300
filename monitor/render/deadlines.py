"""The deadlines that a digest lists, the soonest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from monitor.model import Alert, Deadline

from .sanitize import sanitized

#: A digest lists so many deadlines.
MOST = 12


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """A deadline as templates show it: the day, how many days are left, and the alert that names it."""

    day: date
    left: int
    alert: Alert


def deadline_rows(deadlines: Iterable[Deadline], today: date) -> tuple[DeadlineRow, ...]:
    """Return the rows of the first deadlines, their texts sanitized; `today` is the digest's local date."""
    rows = (DeadlineRow(each.day, (each.day - today).days, sanitized(each.alert)) for each in deadlines)
    return tuple(row for row, _ in zip(rows, range(MOST), strict=False))
