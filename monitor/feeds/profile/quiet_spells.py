"""How often something new comes, and whether it stopped coming. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from monitor.model import Lull, Memory

#: How many days with something new are remembered, and how few say nothing.
MOST_DAYS, FEWEST_DAYS = 14, 3

#: Silence is longer than this many usual lulls, and never shorter than that.
TIMES, SHORTEST = 3, timedelta(hours=6)


def arrived(memory: Memory, now: datetime) -> Memory:
    """Return what is remembered once something new has come."""
    if memory.fresh_at is None:
        return replace(memory, fresh_at=now)
    day, waited = f"{now:%Y-%m-%d}", (now - memory.fresh_at).total_seconds()
    before = {lull.day: lull.longest_s for lull in memory.lulls}
    lulls = before | {day: max(waited, before.get(day, 0.0))}
    kept = tuple(Lull(day, longest) for day, longest in sorted(lulls.items())[-MOST_DAYS:])
    return replace(memory, fresh_at=max(now, memory.fresh_at), lulls=kept)


def usual_lull(memory: Memory) -> timedelta | None:
    """Return how long the feed is used to be quiet; None while too little is known.

    The second longest of the daily longest waits: nights and weekends count, one outage of ours does not.
    """
    if len(memory.lulls) < FEWEST_DAYS:
        return None
    return timedelta(seconds=sorted(lull.longest_s for lull in memory.lulls)[-2])


def silence(memory: Memory, polled_at: datetime | None) -> str:
    """Return in words how long nothing new came where that is unusual, "" where it is not.

    Counted to the last poll, not to now: while nobody asks, nobody hears.
    """
    usual = usual_lull(memory)
    if usual is None or polled_at is None or memory.fresh_at is None:
        return ""
    quiet = polled_at - memory.fresh_at
    if quiet <= max(TIMES * usual, SHORTEST):
        return ""
    return (
        f"nothing new since {memory.fresh_at:%Y-%m-%d %H:%M} UTC, {lasting(quiet)}; usual is {lasting(usual)}"
    )


def lasting(time: timedelta) -> str:
    """Return a length of time as people say it, in its largest fitting unit."""
    hours = time.total_seconds() / 3600
    if hours >= 48:
        return f"{hours / 24:.0f} days"
    return f"{hours:.0f} hours" if hours >= 2 else f"{max(hours * 60, 1):.0f} minutes"
