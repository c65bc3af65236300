"""When digests are due: one moment for every local date, from what the database remembers. Pure.

A local date and "HH:MM" in a zone name exactly one instant: the first of two when clocks go back, shifted
forward by the gap when they jump. No schedule is kept, so a restart or a week of downtime skips nothing.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from monitor.model import Occasion, Subscription, SubscriptionState

WELCOME = "welcome"
WELCOME_QUIET = timedelta(seconds=3)
WELCOME_LATEST = timedelta(seconds=8)
LATE = timedelta(hours=2)
MOST_AT_ONCE = 7

_DAY = timedelta(days=1)


def due(sub: Subscription, state: SubscriptionState, now: datetime) -> tuple[Occasion, ...]:
    """Return the occasions to plan now, in order: dates after the last one planned and after the beginning.

    Dates missed while nobody ran become one occasion that covers them all (`coalesce`), the last seven one by
    one, the first of which covers what is older (`each`), or nothing (`skip`), which lets their alerts wait.
    """
    missed = tuple(_missed(sub, state, now))
    if not missed:
        return ()
    if sub.catch_up == "each":
        older, last = missed[: 1 - MOST_AT_ONCE], missed[1 - MOST_AT_ONCE :]
        groups = (older, *((day,) for day in last)) if older else tuple((day,) for day in last)
        return tuple(_occasion(sub, days) for days in groups)
    if sub.catch_up == "skip":
        on_time = now - moment_of(sub, missed[-1]) <= LATE
        return (_occasion(sub, missed[-1:]),) if on_time else ()
    return (_occasion(sub, missed),)


def next_after(sub: Subscription, moment: datetime) -> datetime:
    """Return the first time after `moment` at which a digest is due."""
    days = _days(sub, _local_date(sub, moment) - _DAY)
    return next(at for at in (moment_of(sub, day) for day in days) if at > moment)


def welcome_due(
    sub: Subscription,
    state: SubscriptionState,
    first_alert_at: datetime | None,
    last_alert_at: datetime | None,
    now: datetime,
) -> Occasion | None:
    """Return the very first digest's occasion once there is something to show and the first rush is over.

    That is 3 s without a new alert, or 8 s after the first one.
    """
    if not sub.welcome or state.digests or first_alert_at is None or last_alert_at is None:
        return None
    at = min(last_alert_at + WELCOME_QUIET, first_alert_at + WELCOME_LATEST)
    return Occasion(sub.name, WELCOME, at) if at <= now else None


def moment_of(sub: Subscription, day: date) -> datetime:
    """Return when the digest of a local date is due, in UTC."""
    return datetime.combine(day, time.fromisoformat(sub.at), ZoneInfo(sub.zone)).astimezone(UTC)


def _missed(sub: Subscription, state: SubscriptionState, now: datetime) -> Iterator[date]:
    planned = _date_of(state.last_key)
    begun = state.last_due_at or state.since
    for day in _days(sub, planned + _DAY if planned else _local_date(sub, begun) - _DAY):
        at = moment_of(sub, day)
        if at > now:
            return
        if planned or at > begun:
            yield day


def _days(sub: Subscription, start: date) -> Iterator[date]:
    days = (start + n * _DAY for n in count())
    return (day for day in days if day.isoweekday() in sub.days)


def _occasion(sub: Subscription, days: tuple[date, ...]) -> Occasion:
    covers = tuple(day.isoformat() for day in days)
    return Occasion(sub.name, covers[-1], moment_of(sub, days[-1]), covers)


def _date_of(key: str) -> date | None:
    try:
        return date.fromisoformat(key)
    except ValueError:
        return None


def _local_date(sub: Subscription, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(sub.zone)).date()
