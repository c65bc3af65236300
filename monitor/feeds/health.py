"""Find the faults of a feed that the operator should know, once they have lasted long enough. Pure."""

from collections.abc import Iterator
from datetime import timedelta

from monitor.errors import FeedError, FeedHealth
from monitor.feeds.profile.quiet_spells import quiet_spell
from monitor.model import Feed, FeedState, IncidentKind, Kind, Tier

from .links import display_url

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


def unexpectedly_empty(feed: Feed, state: FeedState, items: int) -> FeedError | None:
    """Return the error for a document without items from a feed that had some; None otherwise.

    A mailbox without new messages is quiet, not empty.
    """
    if items or not state.items_seen or feed.kind is Kind.IMAP:
        return None
    reason = f"{display_url(feed.url)} answers without a single item, where it had {state.items_seen}"
    return FeedError(f"{reason}; look at it in a browser if that goes on", FeedHealth.EMPTY)
