"""What of a feed's state an operator should be told, and when it has lasted long enough. Pure."""

from collections.abc import Iterator
from datetime import timedelta

from monitor.feeds.profile.quiet_spells import quiet_spell
from monitor.model import Feed, FeedState, Tier

#: Failures in a row before one is told of: an official source is missed sooner, and one that is asked rarely
#: after as many as fill some hours.
FAILURE_LIMIT, FAILURE_LIMIT_OFFICIAL = 6, 2
FAILURE_PERIOD = timedelta(hours=6)

#: What does not heal by itself is told of at once.
PERMANENT = frozenset({"gone", "parser_killed", "guarded", "crashed"})


def feed_faults(feed: Feed, state: FeedState) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a feed now, as (kind, reason); a kind at most once.

    ``failing`` names its health in the reason; ``silent`` is a feed that answers and brings nothing; the rest
    are the signs of its last document.
    """
    if _is_failing(feed, state):
        yield "failing", f"{state.health}: {state.reason}"
    elif said := quiet_spell(state.profile, state.polled_at):
        yield "silent", said
    yield from state.profile.signs.items()


def _is_failing(feed: Feed, state: FeedState) -> bool:
    if not state.failures:
        return False
    usual = FAILURE_LIMIT_OFFICIAL if feed.tier is Tier.OFFICIAL else FAILURE_LIMIT
    patience = min(usual, max(FAILURE_LIMIT_OFFICIAL, int(FAILURE_PERIOD / feed.every)))
    return state.health in PERMANENT or state.failures >= patience
