"""The state of the watch in one line, for the head of every page: how many feeds answer."""

from dataclasses import dataclass
from datetime import datetime

from monitor.model import FeedReach
from monitor.store import Store

from .stories.rows import age_of


@dataclass(frozen=True, slots=True)
class Watch:
    """How many feeds answer, how many do not, and when one was last polled."""

    feeds: int = 0
    answering: int = 0
    failing: int = 0
    polled: str = ""


def watch_of(store: Store, now: datetime) -> Watch:
    """Return the state of the watch now."""
    reaches, last = store.feed_reach()
    return Watch(
        feeds=sum(reaches.values()),
        answering=reaches.get(FeedReach.ANSWERING, 0),
        failing=reaches.get(FeedReach.FAILING, 0),
        polled=f"polled {age_of(last, now)} ago" if last else "not polled yet",
    )
