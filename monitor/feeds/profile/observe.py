"""Everything that one poll teaches, and what in it speaks against its items. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.feeds.cadence import learned_wait
from monitor.feeds.links import shown
from monitor.model import ContentProfile, Feed, FeedProfile, FeedState, Item

from .bursts import counted, is_burst, is_recent, told_since
from .drift import FADING_LATELY, drift, learned, looked
from .moves import ALIKE, elsewhere, moved
from .notices import notice
from .quiet_spells import arrived

#: Signs under which no item interrupts anybody; of a burst, those dated since the last poll still do.
_DOUBTS = ("drift", "redirected", "burst")


@dataclass(frozen=True, slots=True)
class PollObservation:
    """What a document brought: its `new` items, how many it has in all, where it came from.

    `tickers` is the number of items edited too often to be judged again.
    `moved_to` is where redirects lead that all call themselves permanent. `lied` says that the server called
    other bytes by the same validators.
    """

    new: tuple[Item, ...]
    count: int
    document_url: str
    moved_to: str = ""
    lied: bool = False
    identity: str = "guid"
    tickers: int = 0

    @property
    def known(self) -> float:
        """The share (0-1) of the document that was known before."""
        return 1 - len(self.new) / self.count if self.count else 1.0


def learn(feed: Feed, state: FeedState, observation: PollObservation, now: datetime) -> FeedProfile:
    """Return what is remembered of a feed after a document of it was read.

    `signs` say what is odd about this document; the first one ever is odd in no way.
    """
    before = state.profile
    profile = replace(
        before,
        identity=observation.identity,
        wait_s=learned_wait(feed, before.wait_s, len(observation.new), observation.count),
        move=moved(before, observation.moved_to, observation.known, now),
        distrusted=before.distrusted or observation.lied,
        lately=looked(before.lately, observation.new, FADING_LATELY),
    )
    if observation.new:
        profile = arrived(profile, now)
    at_once = looked(ContentProfile(), observation.new, FADING_LATELY)
    changed = drift(before.usual, profile.lately) or drift(before.usual, at_once)
    if not changed:  # what looks strange is not learned from
        profile = replace(profile, usual=learned(before.usual, observation.new))
    signs = {"drift": changed} if changed else {}
    signs |= dict(_signs(feed, state, observation, profile)) if state.read_at else {}
    answered = before.document_url if "redirected" in signs else observation.document_url
    arrivals = (
        before.arrivals if "burst" in signs or not state.read_at else counted(before, len(observation.new))
    )
    return replace(profile, signs=signs, document_url=answered, arrivals=arrivals)


def unchanged(feed: Feed, profile: FeedProfile) -> FeedProfile:
    """Return what is remembered after a poll that brought no other document."""
    return replace(profile, wait_s=learned_wait(feed, profile.wait_s, 0, 1))


def held(state: FeedState, profile: FeedProfile, item: Item) -> str:
    """Return why an item may not interrupt anybody, "" if it may."""
    for sign in _DOUBTS:
        if sign not in profile.signs:
            continue
        if sign == "burst" and state.read_at and is_recent(item, state.read_at):
            continue
        return f"held back: {profile.signs[sign]}"
    return ""


def _signs(
    feed: Feed, state: FeedState, observation: PollObservation, profile: FeedProfile
) -> Iterator[tuple[str, str]]:
    """Yield what is odd about a document, by kind, in words that go on from the feed's name."""
    new, count, read_at = observation.new, observation.count, state.read_at
    assert read_at is not None  # noqa: S101  the first document is judged by no other
    recent = told_since(new, read_at)
    if is_burst(state.profile, len(new), count) and recent < len(new):
        yield (
            "burst",
            f"{len(new)} of its {count} items were new at once, {recent} of them dated since the last poll",
        )
    if new and len(new) == count and state.items_seen:
        answered_at = read_at if state.failures else state.polled_at or read_at
        since = f"since its answer of {answered_at:%Y-%m-%d %H:%M} UTC"
        yield "gap", f"all of its {count} items are new {since}: others may have come and gone unseen"
    if elsewhere(state.profile.document_url or feed.url, observation.document_url) and (
        observation.known < ALIKE or "redirected" in state.profile.signs
    ):
        yield "redirected", f"{shown(observation.document_url)} answers instead, with other items"
    if profile.move and profile.move.proven:
        yield "moved", f"it has moved to {shown(profile.move.target)} for good; write that address"
    if observation.tickers:
        yield "ticker", f"{observation.tickers} of its items changed too often to be judged again"
    if said := notice(new):
        yield "notice", f"an item is about the feed itself: “{said[:200]}”"
    elif not new and "notice" in state.profile.signs:
        yield "notice", state.profile.signs["notice"]
