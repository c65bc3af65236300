"""Everything that one poll teaches, and what in it speaks against its items. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.feeds.cadence import learned_wait
from monitor.feeds.links import shown
from monitor.model import Feed, FeedState, Item, Looks, Memory

from .bursts import counted, is_burst, is_recent, told_since
from .drift import FADING_LATELY, drift, learned, looked
from .moves import ALIKE, elsewhere, moved
from .notices import notice
from .quiet_spells import arrived

#: Signs under which no item interrupts anybody; of a burst, those dated since the last poll still do.
_DOUBTS = ("drift", "redirected", "burst")


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a document brought: its `new` items, how many it has in all, where it came from.

    `tickers` is the number of items edited too often to be judged again.
    `moved_to` is where redirects lead that all call themselves permanent. `lied` says that the server called
    other bytes by the same validators.
    """

    new: tuple[Item, ...]
    count: int
    answered: str
    moved_to: str = ""
    lied: bool = False
    identity: str = "guid"
    tickers: int = 0

    @property
    def known(self) -> float:
        """The share (0-1) of the document that was known before."""
        return 1 - len(self.new) / self.count if self.count else 1.0


def learn(feed: Feed, state: FeedState, lesson: Lesson, now: datetime) -> Memory:
    """Return what is remembered of a feed after a document of it was read.

    `signs` say what is odd about this document; the first one ever is odd in no way.
    """
    before = state.memory
    memory = replace(
        before,
        identity=lesson.identity,
        wait_s=learned_wait(feed, before.wait_s, len(lesson.new), lesson.count),
        move=moved(before, lesson.moved_to, lesson.known, now),
        distrusted=before.distrusted or lesson.lied,
        lately=looked(before.lately, lesson.new, FADING_LATELY),
    )
    if lesson.new:
        memory = arrived(memory, now)
    at_once = looked(Looks(), lesson.new, FADING_LATELY)
    changed = drift(before.usual, memory.lately) or drift(before.usual, at_once)
    if not changed:  # what looks strange is not learned from
        memory = replace(memory, usual=learned(before.usual, lesson.new))
    signs = {"drift": changed} if changed else {}
    signs |= dict(_signs(feed, state, lesson, memory)) if state.read_at else {}
    answered = before.answered if "redirected" in signs else lesson.answered
    arrivals = before.arrivals if "burst" in signs or not state.read_at else counted(before, len(lesson.new))
    return replace(memory, signs=signs, answered=answered, arrivals=arrivals)


def unchanged(feed: Feed, memory: Memory) -> Memory:
    """Return what is remembered after a poll that brought no other document."""
    return replace(memory, wait_s=learned_wait(feed, memory.wait_s, 0, 1))


def held(state: FeedState, memory: Memory, item: Item) -> str:
    """Return why an item may not interrupt anybody, "" if it may."""
    for sign in _DOUBTS:
        if sign not in memory.signs:
            continue
        if sign == "burst" and state.read_at and is_recent(item, state.read_at):
            continue
        return f"held back: {memory.signs[sign]}"
    return ""


def _signs(feed: Feed, state: FeedState, lesson: Lesson, memory: Memory) -> Iterator[tuple[str, str]]:
    """Yield what is odd about a document, by kind, in words that go on from the feed's name."""
    new, count, read_at = lesson.new, lesson.count, state.read_at
    assert read_at is not None  # noqa: S101  the first document is judged by no other
    recent = told_since(new, read_at)
    if is_burst(state.memory, len(new), count) and recent < len(new):
        yield (
            "burst",
            f"{len(new)} of its {count} items were new at once, {recent} of them dated since the last poll",
        )
    if new and len(new) == count and state.items_seen:
        answered_at = read_at if state.failures else state.polled_at or read_at
        since = f"since its answer of {answered_at:%Y-%m-%d %H:%M} UTC"
        yield "gap", f"all of its {count} items are new {since}: others may have come and gone unseen"
    if elsewhere(state.memory.answered or feed.url, lesson.answered) and (
        lesson.known < ALIKE or "redirected" in state.memory.signs
    ):
        yield "redirected", f"{shown(lesson.answered)} answers instead, with other items"
    if memory.move and memory.move.proven:
        yield "moved", f"it has moved to {shown(memory.move.target)} for good; write that address"
    if lesson.tickers:
        yield "ticker", f"{lesson.tickers} of its items changed too often to be judged again"
    if said := notice(new):
        yield "notice", f"an item is about the feed itself: “{said[:200]}”"
    elif not new and "notice" in state.memory.signs:
        yield "notice", state.memory.signs["notice"]
