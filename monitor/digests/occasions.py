"""Compute when digests are due: one time for each local date, week, month or hour. Pure.

A local date and "HH:MM" in a zone give exactly one instant: the first of two when clocks go back, shifted by
the gap when they go forward. A weekly digest is due on one day of the ISO week, a monthly one on one day of
the month. Hours are those of UTC, none of which is repeated or missing. No schedule is stored, so a restart
or a week of downtime skips nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from monitor.model import LATE, CatchUp, DigestPeriod, Occasion, Subscription, SubscriptionState

WELCOME = "welcome"
WELCOME_QUIET = timedelta(seconds=3)
WELCOME_LATEST = timedelta(seconds=8)
MAX_CATCH_UP = 7

#: A last occasion further ahead than this was planned by a wrong clock.
AHEAD = timedelta(hours=36)

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_HOURLY = "%Y-%m-%dT%H"
_MONTHLY = "%Y-%m"


@dataclass(frozen=True, slots=True)
class Slot:
    """A time at which a digest is due: its key, the instant and the local date."""

    key: str
    at: datetime
    day: date


def due(sub: Subscription, state: SubscriptionState, now: datetime) -> tuple[Occasion, ...]:
    """Return the occasions to plan now, in order: all since the last planned one or the subscription.

    Occasions missed during downtime become one that covers them all (`coalesce`), the last seven, the first
    of which covers the older ones (`each`), or none, so that alerts wait for the next one (`skip`).
    """
    missed = tuple(_missed(sub, state, now))
    if not missed:
        return ()
    if sub.catch_up == CatchUp.EACH:
        older, last = missed[: 1 - MAX_CATCH_UP], missed[1 - MAX_CATCH_UP :]
        groups = (older, *((slot,) for slot in last))
        return tuple(_occasion(sub, slots) for slots in groups if slots)
    if sub.catch_up == CatchUp.SKIP:
        on_time = now - missed[-1].at <= LATE
        return (_occasion(sub, missed[-1:]),) if on_time else ()
    return (_occasion(sub, missed),)


def is_early(sub: Subscription, state: SubscriptionState, occasions: Sequence[Occasion]) -> bool:
    """Say whether the first digest of a backfill is for a time before its subscription began."""
    began = state.since + sub.backfill
    return not state.digests and any(occasion.due_at < began for occasion in occasions)


def next_after(sub: Subscription, moment: datetime) -> datetime:
    """Return the first time after `moment` at which a digest is due."""
    return next(slot.at for slot in _slots(sub, "", moment) if slot.at > moment)


def welcome_due(
    sub: Subscription,
    state: SubscriptionState,
    first_alert_at: datetime | None,
    last_alert_at: datetime | None,
    now: datetime,
) -> Occasion | None:
    """Return the first digest's occasion, due 3 s after the last alert, at most 8 s after the first one."""
    if not sub.welcome or state.digests or first_alert_at is None or last_alert_at is None:
        return None
    at = min(last_alert_at + WELCOME_QUIET, first_alert_at + WELCOME_LATEST)
    return Occasion(sub.name, WELCOME, at) if at <= now else None


def moment_of(sub: Subscription, day: date) -> datetime:
    """Return when the digest of a local date is due, in UTC."""
    return datetime.combine(day, time.fromisoformat(sub.at), ZoneInfo(sub.zone)).astimezone(UTC)


def is_shaky(sub: Subscription, now: datetime) -> bool:
    """Say whether the clocks of its zone change within a year at about the time of a digest."""
    if sub.every == DigestPeriod.HOUR or sub.at > "03:30":
        return False
    zone, noon = ZoneInfo(sub.zone), now.replace(hour=12)
    return len({(noon + n * _DAY).astimezone(zone).utcoffset() for n in range(0, 366, 7)}) > 1


def _missed(sub: Subscription, state: SubscriptionState, now: datetime) -> Iterator[Slot]:
    begun, planned = state.last_due_at or state.since, state.last_key
    if begun > now + AHEAD:
        begun, planned = now - LATE, ""
    for slot in _slots(sub, planned, begun):
        if slot.at > now:
            return
        yield slot


def _slots(sub: Subscription, planned: str, begun: datetime) -> Iterator[Slot]:
    """Yield the slots after the last planned one, or else after `begun`, in order and without end."""
    last = _LAST[sub.every](planned)
    for slot in _EVERY[sub.every](sub, last, begun):
        if _is_on(sub, slot) and slot.day not in sub.holidays and (last or slot.at > begun):
            yield slot


def _is_on(sub: Subscription, slot: Slot) -> bool:
    return sub.every == DigestPeriod.MONTH or slot.day.isoweekday() in sub.days


def _daily(sub: Subscription, last: datetime | None, begun: datetime) -> Iterator[Slot]:
    start = last.date() + _DAY if last else _local_date(sub, begun) - _DAY
    for day in (start + n * _DAY for n in count()):
        yield Slot(day.isoformat(), moment_of(sub, day), day)


def _weekly(sub: Subscription, last: datetime | None, begun: datetime) -> Iterator[Slot]:
    start = last.date() + 7 * _DAY if last else _local_date(sub, begun) - 7 * _DAY
    monday = start - timedelta(days=start.weekday())
    for day in (monday + timedelta(days=7 * n + sub.days[0] - 1) for n in count()):
        yield Slot(day.strftime("%G-W%V"), moment_of(sub, day), day)


def _monthly(sub: Subscription, last: datetime | None, begun: datetime) -> Iterator[Slot]:
    start = last.date() if last else _local_date(sub, begun).replace(day=1) - _DAY
    months = start.year * 12 + start.month - 1
    for month in count(months + 1 if last else months):
        day = date(month // 12, month % 12 + 1, sub.days[0])
        yield Slot(day.strftime(_MONTHLY), moment_of(sub, day), day)


def _hourly(sub: Subscription, last: datetime | None, begun: datetime) -> Iterator[Slot]:
    start, zone = last or begun.replace(minute=0, second=0, microsecond=0), ZoneInfo(sub.zone)
    for at in (start + n * _HOUR for n in count(1)):
        yield Slot(at.strftime(_HOURLY), at, at.astimezone(zone).date())


_EVERY: Mapping[str, Callable[[Subscription, datetime | None, datetime], Iterator[Slot]]] = {
    DigestPeriod.HOUR: _hourly,
    DigestPeriod.DAY: _daily,
    DigestPeriod.WEEK: _weekly,
    DigestPeriod.MONTH: _monthly,
}


def _read(key: str, pattern: str) -> datetime | None:
    try:
        return datetime.strptime(key, pattern).replace(tzinfo=UTC)
    except ValueError:
        return None


#: Reads the key of the last occasion; None if it is of another period, or the first digest's.
_LAST: Mapping[str, Callable[[str], datetime | None]] = {
    DigestPeriod.HOUR: lambda key: _read(key, _HOURLY),
    DigestPeriod.DAY: lambda key: _read(key, "%Y-%m-%d"),
    DigestPeriod.WEEK: lambda key: _read(f"{key}-1", "%G-W%V-%u"),
    DigestPeriod.MONTH: lambda key: _read(key, _MONTHLY),
}


def _occasion(sub: Subscription, slots: tuple[Slot, ...]) -> Occasion:
    covers = tuple(dict.fromkeys(slot.day.isoformat() for slot in slots))
    return Occasion(sub.name, slots[-1].key, slots[-1].at, covers)


def _local_date(sub: Subscription, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(sub.zone)).date()
