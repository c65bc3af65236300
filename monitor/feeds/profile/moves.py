"""An address that answers from somewhere else: followed at once, believed later. Pure."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from monitor.model import FeedProfile, Move

#: A permanent redirect is believed after so many polls over so long a time.
POLLS, TIME = 3, timedelta(hours=48)
#: A document is the same feed when at least this share (0-1) of it was known.
ALIKE = 0.5


def moved(profile: FeedProfile, target: str, known: float, now: datetime) -> Move | None:
    """Return what is remembered of a permanent redirect; `known` is the share (0-1) of items known there."""
    before = profile.move
    if not target:
        return None
    if before is None or before.target != target:
        return Move(target, now, same_feed=known >= ALIKE)
    polls = before.polls + 1
    proven = before.same_feed and known >= ALIKE and polls >= POLLS and now - before.since >= TIME
    return Move(target, before.since, polls, before.same_feed, before.proven or proven)


def elsewhere(asked: str, answered: str) -> bool:
    """Say whether another site answered than was asked; ``www.`` and encryption make no other site."""
    return _site(asked) != _site(answered)


def _site(url: str) -> str:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")
