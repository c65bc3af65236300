"""Find the faults of a feed that the operator should know, once they have lasted long enough. Pure."""

from collections.abc import Iterator
from datetime import timedelta

from monitor.errors import FeedHealth
from monitor.feeds.profile.quiet_spells import quiet_spell
from monitor.model import Feed, FeedState, IncidentKind, Tier

#: The failures in a row before a fault is reported; fewer for official sources. A feed that is polled rarely
#: is reported after the failures that fill `FAILURE_PERIOD`.
FAILURE_LIMIT, FAILURE_LIMIT_OFFICIAL = 6, 2
FAILURE_PERIOD = timedelta(hours=6)

#: Faults that do not pass by themselves are reported at once.
PERMANENT = frozenset({FeedHealth.GONE, FeedHealth.PARSER_KILLED, FeedHealth.GUARDED, FeedHealth.CRASHED})


def feed_faults(feed: Feed, state: FeedState) -> Iterator[tuple[IncidentKind, str]]:
    """Yield the present faults of a feed as (kind, reason); each kind at most once.

    ``failing`` names the health in its reason; ``silent`` is a feed that answers without new items; the other
    kinds are the signs of its last document.
    """
    if _is_failing(feed, state):
        yield IncidentKind.FAILING, f"{state.health}: {state.reason}"
    elif reason := quiet_spell(state.profile, state.polled_at):
        yield IncidentKind.SILENT, reason
    yield from state.profile.signs.items()


def _is_failing(feed: Feed, state: FeedState) -> bool:
    if not state.failures:
        return False
    usual = FAILURE_LIMIT_OFFICIAL if feed.tier is Tier.OFFICIAL else FAILURE_LIMIT
    limit = min(usual, max(FAILURE_LIMIT_OFFICIAL, int(FAILURE_PERIOD / feed.every)))
    return state.health in PERMANENT or state.failures >= limit
