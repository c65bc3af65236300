"""Examine the clock and time zones; compare the clock with hosts of feeds if the operator asks."""

import ctypes
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import httpx

from monitor.app.http import guarded_client
from monitor.clock import utc_now
from monitor.errors import StoreError
from monitor.model import Tier
from monitor.store import open_store

from .base import Examination, Finding, fail, ok, warn
from .database import is_usable

_TOLERANCE = timedelta(minutes=2)
_HOSTS = 3
#: No release of this program is older.
_EARLIEST = datetime(2026, 11, 1, tzinfo=UTC)

#: What adjtimex(2) returns while nothing sets the clock.
_TIME_ERROR = 5
_TIMEX_BYTES = 512
_REMEDY = "let a time service such as chrony or systemd-timesyncd set the clock"


def examine_clock(examination: Examination) -> Iterator[Finding]:
    """Yield what is odd about the clock by itself, against the database, and about configured zones."""
    now = examination.now
    if now < _EARLIEST:
        yield fail(f"the clock says {now:%Y-%m-%d %H:%M}, which is past", "", _REMEDY)
    if not time.get_clock_info("monotonic").monotonic:
        yield fail("the monotonic clock goes back", "", "use another system: time limits do not work here")
    if _is_unset():
        yield warn("nothing keeps the clock right", "adjtimex(2)", _REMEDY)
    yield from _against_database(examination)
    yield from _zones(examination)


def _is_unset() -> bool:
    """Say whether the kernel knows that no time service sets its clock."""
    try:
        call = ctypes.CDLL(None).adjtimex
    except (OSError, AttributeError):
        return False
    return bool(call(ctypes.create_string_buffer(_TIMEX_BYTES)) == _TIME_ERROR)


def _against_database(examination: Examination) -> Iterator[Finding]:
    if not is_usable(examination.settings.database):
        return
    with closing(open_store(examination.settings.database, lock=False)) as store:
        polled = [state.polled_at for state in store.feed_states() if state.polled_at]
    newest = max(polled, default=examination.now)
    if newest > examination.now + _TOLERANCE:
        what = f"a feed was polled at {newest:%Y-%m-%d %H:%M:%S}Z, after now"
        yield warn(what, "the database", f"the clock is behind, or was ahead then: {_REMEDY}")


def _zones(examination: Examination) -> Iterator[Finding]:
    settings = examination.settings
    zones = {
        **{("digests", name): table.zone for name, table in settings.digests.items()},
        **{("routes", name): table.zone for name, table in settings.routes.items()},
        **{("quiet", name): table.zone for name, table in settings.quiet.items()},
    }
    for (table, name), zone in zones.items():
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            place = examination.place(table, name, "zone")
            yield fail(f"no time zone {zone!r} on this machine", place, "install tzdata, or mend the name")
    local = examination.now.astimezone()
    yield ok(f"{examination.now:%Y-%m-%d %H:%M}Z; here it is {local:%H:%M} ({local.tzname()})")


async def dates_of_hosts(examination: Examination) -> AsyncIterator[Finding]:
    """Yield how far the clock is from the Date of the answers of official feeds."""
    http, _ = guarded_client(examination.settings)
    async with http:
        for name, url in _official(examination):
            try:
                answer = await http.head(url, timeout=examination.timeout_s)
                date = parsedate_to_datetime(answer.headers["date"])
            except (httpx.HTTPError, KeyError, ValueError, OSError, StoreError) as error:
                yield warn(f"no date: {type(error).__name__}", f"feed {name}", "look at the network")
                continue
            apart = abs(utc_now() - date)
            if apart > _TOLERANCE:
                what = f"the clock is {apart.total_seconds():.0f} s from the date of this host"
                yield fail(what, f"feed {name}", _REMEDY)
            else:
                yield ok(f"the clock agrees with feed {name}")


def _official(examination: Examination) -> list[tuple[str, str]]:
    """Return a few feeds of official sources, else the first ones."""
    feeds = {
        name: feed
        for name, feed in examination.settings.feeds.items()
        if feed.enabled and feed.url.startswith(("http://", "https://"))
    }
    ordered = sorted(feeds, key=lambda name: feeds[name].tier is not Tier.OFFICIAL)
    return [(name, feeds[name].url) for name in ordered[:_HOSTS]]
