"""Find the quiet hours that defer a delivery to a channel or to some of its recipients. Pure.

A window belongs to the local date on which it begins. Its start and end are local times, each of which gives
one instant: the first of two when clocks go back, shifted by the gap when they go forward.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from monitor.model import (
    Alert,
    ChangeKind,
    Delivery,
    DeliveryKind,
)

#: Kinds of delivery that quiet hours defer; tests and canaries are exempt.
DEFERRABLE_KINDS = frozenset(
    {
        DeliveryKind.ALERT,
        DeliveryKind.STORM,
        DeliveryKind.SILENCE,
        DeliveryKind.DIGEST,
        DeliveryKind.HEALTH,
    }
)

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """Quiet hours as configured.

    `start` and `end` are "HH:MM" in `zone` (IANA); an end that is not after the start is on the next day.
    `days` are ISO weekdays on which they begin, `recipients` those they apply to, empty for all.
    With `release` ``digest`` an alert goes into the next digest instead of being sent at the end.
    """

    name: str
    reason: str
    channels: tuple[str, ...]
    start: str
    end: str
    zone: str
    days: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)
    recipients: tuple[str, ...] = ()
    break_through: int = 5
    flips: bool = True
    release: str = "at_end"

    def covers(self, delivery: Delivery) -> bool:
        """Say whether these quiet hours apply to a delivery."""
        whom = not self.recipients or delivery.recipient in self.recipients
        return delivery.kind in DEFERRABLE_KINDS and delivery.channel in self.channels and whom

    def end_of(self, now: datetime) -> datetime | None:
        """Return when the window that is open now ends, in UTC; None if none is."""
        today = now.astimezone(ZoneInfo(self.zone)).date()
        for day in (today - _DAY, today):
            begins, ends = self._window(day)
            if day.isoweekday() in self.days and begins <= now < ends:
                return ends
        return None

    def _window(self, day: date) -> tuple[datetime, datetime]:
        last = day if self.start < self.end else day + _DAY
        return self._moment(day, self.start), self._moment(last, self.end)

    def _moment(self, day: date, at: str) -> datetime:
        return datetime.combine(day, time.fromisoformat(at), ZoneInfo(self.zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Deferral:
    """The quiet hours that defer a delivery, and when they end."""

    quiet_hours: QuietHours
    until: datetime


def breaks_through(alert: Alert | None, severity: int, flips: bool) -> bool:
    """Say whether an alert is exempt: of that severity or more, or, with `flips`, a change of direction."""
    return alert is not None and (alert.verdict.severity >= severity or (flips and is_flip(alert)))


def is_flip(alert: Alert) -> bool:
    """Say whether an alert reverses the direction of its story."""
    return any(change.kind is ChangeKind.DIRECTION for change in alert.changes)


def deferral_of(
    quiet_hours: Iterable[QuietHours], delivery: Delivery, alert: Alert | None, now: datetime
) -> Deferral | None:
    """Return what defers a delivery now; None if it may go.

    Adjacent windows count as one: the delivery is due when none is open.
    """
    applying = [each for each in quiet_hours if each.covers(delivery)]
    applying = [each for each in applying if not breaks_through(alert, each.break_through, each.flips)]
    last, until = None, now
    for _ in range(2 * len(applying)):  # two windows may alternate for ever
        ends = [(end, each) for each in applying if (end := each.end_of(until))]
        if not ends:
            break
        until, last = max(ends, key=lambda pair: pair[0])
    return Deferral(last, until) if last else None
