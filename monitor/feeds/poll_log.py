"""Choose the polls for the log of a feed: those with news, or with another answer than before. Pure."""

from datetime import datetime

from monitor.errors import FeedHealth
from monitor.model import FeedState, LoggedPoll

#: The health of a feed that has nothing to report.
_WITHOUT_FAULT = frozenset({FeedHealth.NEW, FeedHealth.OK, FeedHealth.NOT_MODIFIED})


def poll_to_log(
    before: FeedState, after: FeedState, begun: datetime, *, size: int = 0, news: int = 0
) -> LoggedPoll | None:
    """Return the entry of a poll that began then; None if it brought nothing new.

    An idle poll, which most are, is not written: it costs no statement.
    """
    if not news and _same_answer(before, after):
        return None
    at = after.polled_at or begun
    return LoggedPoll(
        feed=after.feed,
        version=before.version + 1,
        at=at,
        health=after.health,
        reason=after.reason,
        size=size,
        items=after.items_seen if size else 0,
        news=news,
        took_s=max((at - begun).total_seconds(), 0.0),
    )


def _same_answer(before: FeedState, after: FeedState) -> bool:
    """Say whether two polls without news were answered equally: well, or with the same fault."""
    if {before.health, after.health} <= _WITHOUT_FAULT:
        return True
    return (before.health, before.reason) == (after.health, after.reason)
