"""How often something new comes, and whether it stopped coming. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from monitor.model import FeedProfile, QuietSpell

#: How many days with something new are remembered, and how few say nothing.
MOST_DAYS, FEWEST_DAYS = 14, 3

#: Silence is longer than this many usual lulls, and never shorter than that.
TIMES, SHORTEST = 3, timedelta(hours=6)


def arrived(profile: FeedProfile, now: datetime) -> FeedProfile:
    """Return what is remembered once something new has come."""
    if profile.fresh_at is None:
        return replace(profile, fresh_at=now)
    day, waited = f"{now:%Y-%m-%d}", (now - profile.fresh_at).total_seconds()
    before = {quiet_spell.day: quiet_spell.longest_s for quiet_spell in profile.quiet_spells}
    quiet_spells = before | {day: max(waited, before.get(day, 0.0))}
    kept = tuple(QuietSpell(day, longest) for day, longest in sorted(quiet_spells.items())[-MOST_DAYS:])
    return replace(profile, fresh_at=max(now, profile.fresh_at), quiet_spells=kept)


def usual_quiet_spell(profile: FeedProfile) -> timedelta | None:
    """Return how long the feed is used to be quiet; None while too little is known.

    The second longest of the daily longest waits: nights and weekends count, one outage of ours does not.
    """
    if len(profile.quiet_spells) < FEWEST_DAYS:
        return None
    return timedelta(seconds=sorted(quiet_spell.longest_s for quiet_spell in profile.quiet_spells)[-2])


def silence(profile: FeedProfile, polled_at: datetime | None) -> str:
    """Return in words how long nothing new came where that is unusual, "" where it is not.

    Counted to the last poll, not to now: while nobody asks, nobody hears.
    """
    usual = usual_quiet_spell(profile)
    if usual is None or polled_at is None or profile.fresh_at is None:
        return ""
    quiet = polled_at - profile.fresh_at
    if quiet <= max(TIMES * usual, SHORTEST):
        return ""
    since = f"nothing new since {profile.fresh_at:%Y-%m-%d %H:%M} UTC"
    return f"{since}, {lasting(quiet)}; usual is {lasting(usual)}"


def lasting(time: timedelta) -> str:
    """Return a length of time as people say it, in its largest fitting unit."""
    hours = time.total_seconds() / 3600
    if hours >= 48:
        return f"{hours / 24:.0f} days"
    return f"{hours:.0f} hours" if hours >= 2 else f"{max(hours * 60, 1):.0f} minutes"
