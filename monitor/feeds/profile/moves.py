"""Track permanent redirects of a feed until they are proven. Pure."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from monitor.model import FeedProfile, Move

#: A permanent redirect is proven after this many polls over this time.
MIN_POLLS, MIN_TIME = 3, timedelta(hours=48)
#: A document is the same feed when at least this share (0-1) of it was known.
KNOWN_SHARE = 0.5


def track_move(profile: FeedProfile, target: str, known: float, now: datetime) -> Move | None:
    """Return the state of a permanent redirect; `known` is the share (0-1) of known items at the target."""
    before = profile.move
    if not target:
        return None
    if before is None or before.target != target:
        return Move(target, now, same_feed=known >= KNOWN_SHARE)
    polls = before.polls + 1
    proven = (
        before.same_feed and known >= KNOWN_SHARE and polls >= MIN_POLLS and now - before.since >= MIN_TIME
    )
    return Move(target, before.since, polls, before.same_feed, before.proven or proven)


def is_other_site(requested: str, final: str) -> bool:
    """Say whether the response came from another site; ``www.`` and the scheme do not count."""
    return _site(requested) != _site(final)


def _site(url: str) -> str:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")
