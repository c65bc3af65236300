"""What of a feed's state an operator should be told, and when it has lasted long enough. Pure."""

from collections.abc import Iterator
from datetime import timedelta

from monitor.feeds.profile.quiet_spells import silence
from monitor.model import Feed, FeedState, Tier

#: Failures in a row before one is told of: an official source is missed sooner, and one that is asked rarely
#: after as many as fill some hours.
PATIENCE, PATIENCE_OFFICIAL = 6, 2
HOURS = timedelta(hours=6)

#: What does not heal by itself is told of at once.
FINAL = frozenset({"gone", "parser_killed", "guarded", "crashed"})


def troubles(feed: Feed, state: FeedState) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a feed now, as (kind, reason); a kind at most once.

    ``failing`` names its health in the reason; ``silent`` is a feed that answers and brings nothing; the rest
    are the signs of its last document.
    """
    if _fails(feed, state):
        yield "failing", f"{state.health}: {state.reason}"
    elif said := silence(state.profile, state.polled_at):
        yield "silent", said
    yield from state.profile.signs.items()


def _fails(feed: Feed, state: FeedState) -> bool:
    if not state.failures:
        return False
    usual = PATIENCE_OFFICIAL if feed.tier is Tier.OFFICIAL else PATIENCE
    patience = min(usual, max(PATIENCE_OFFICIAL, int(HOURS / feed.every)))
    return state.health in FINAL or state.failures >= patience
