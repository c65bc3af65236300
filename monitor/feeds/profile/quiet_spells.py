"""Measure how long a feed is usually quiet, and detect when it is quiet for unusually long. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from monitor.model import FeedProfile, QuietSpell

#: The number of remembered days with new items, and the fewest for a judgement.
MAX_DAYS, MIN_DAYS = 14, 3

#: A quiet spell is unusual beyond this factor of the usual one, and beyond this time.
QUIET_FACTOR, MIN_QUIET = 3, timedelta(hours=6)


def with_new_item(profile: FeedProfile, now: datetime) -> FeedProfile:
    """Return the profile after a new item has arrived."""
    if profile.fresh_at is None:
        return replace(profile, fresh_at=now)
    day, waited = f"{now:%Y-%m-%d}", (now - profile.fresh_at).total_seconds()
    before = {quiet_spell.day: quiet_spell.longest_s for quiet_spell in profile.quiet_spells}
    quiet_spells = before | {day: max(waited, before.get(day, 0.0))}
    kept = tuple(QuietSpell(day, longest) for day, longest in sorted(quiet_spells.items())[-MAX_DAYS:])
    return replace(profile, fresh_at=max(now, profile.fresh_at), quiet_spells=kept)


def usual_quiet_spell(profile: FeedProfile) -> timedelta | None:
    """Return the usual quiet spell of a feed; None while too little is known.

    It is the second longest of the daily longest waits: nights and weekends count, a single outage does not.
    """
    if len(profile.quiet_spells) < MIN_DAYS:
        return None
    return timedelta(seconds=sorted(quiet_spell.longest_s for quiet_spell in profile.quiet_spells)[-2])


def quiet_spell(profile: FeedProfile, polled_at: datetime | None) -> str:
    """Describe an unusually long quiet spell; "" if it is usual.

    It counts to the last poll, not to now: without polls nothing new can be seen.
    """
    usual = usual_quiet_spell(profile)
    if usual is None or polled_at is None or profile.fresh_at is None:
        return ""
    quiet = polled_at - profile.fresh_at
    if quiet <= max(QUIET_FACTOR * usual, MIN_QUIET):
        return ""
    since = f"nothing new since {profile.fresh_at:%Y-%m-%d %H:%M} UTC"
    return f"{since}, {format_span(quiet)}; usual is {format_span(usual)}"


def format_span(time: timedelta) -> str:
    """Return a time span in words, in its largest fitting unit."""
    hours = time.total_seconds() / 3600
    if hours >= 48:
        return f"{hours / 24:.0f} days"
    return f"{hours:.0f} hours" if hours >= 2 else f"{max(hours * 60, 1):.0f} minutes"
