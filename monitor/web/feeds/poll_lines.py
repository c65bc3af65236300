"""Prepare the log of a feed's latest polls for its page."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.errors import FeedHealth
from monitor.model import FeedState, LoggedPoll
from monitor.render.sanitize import clip, sanitize

#: The health of polls without a fault.
_GOOD = frozenset({FeedHealth.OK, FeedHealth.NOT_MODIFIED})

_UNITS = ("bytes", "kB", "MB")


@dataclass(frozen=True, slots=True, kw_only=True)
class PollLine:
    """A poll as the page of its feed shows it, and how many polls after it brought nothing new.

    `size` is "" if no document came. `repeats` counts the polls after it that are not logged; a new address
    of the feed, or an acceptance of its changes, counts as one.
    """

    at: datetime
    answer: str
    is_bad: bool
    reason: str
    news: int
    items: int
    size: str
    took_s: float
    repeats: int


def poll_lines(state: FeedState, polls: Sequence[LoggedPoll]) -> Iterator[PollLine]:
    """Yield a line for each logged poll of a feed, newest first as they come."""
    for poll, repeats in with_repeats(state, polls):
        yield PollLine(
            at=poll.at,
            answer=str(poll.health).replace("_", " "),
            is_bad=poll.health not in _GOOD,
            reason=clip(sanitize(poll.reason), 300),
            news=poll.news,
            items=poll.items,
            size=size_in_words(poll.size) if poll.size else "",
            took_s=poll.took_s,
            repeats=repeats,
        )


def with_repeats(state: FeedState, polls: Iterable[LoggedPoll]) -> Iterator[tuple[LoggedPoll, int]]:
    """Yield each logged poll, newest first as they come, with how many polls after it are not logged."""
    later = state.version + 1
    for poll in polls:
        yield poll, max(later - poll.version - 1, 0)
        later = poll.version


def size_in_words(size: int) -> str:
    """Return a number of bytes in a unit in which it is short: "12 kB"."""
    number, unit = float(size), 0
    while number >= 1_000 and unit < len(_UNITS) - 1:
        number, unit = number / 1_000, unit + 1
    return f"{number:.1f} {_UNITS[unit]}" if unit and number < 10 else f"{number:.0f} {_UNITS[unit]}"
