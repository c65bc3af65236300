"""Update the profile of a feed from one poll, and report signs that cast doubt on its items. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self

from monitor.feeds.base import Fetched, ParsedDocument
from monitor.feeds.cadence import adapted_wait
from monitor.feeds.identity.recognise import Recognition, recognise_document
from monitor.feeds.links import display_url
from monitor.feeds.websub.offers import hub_offer
from monitor.model import (
    ContentProfile,
    Feed,
    FeedProfile,
    FeedState,
    HubOffer,
    IncidentKind,
    Item,
    Kind,
    KnownItems,
    UnreadDates,
)

from .bursts import dated_since, is_burst, is_recent, with_arrivals
from .drift import FADING_LATELY, drift, with_items, with_usual_items
from .moves import KNOWN_SHARE, is_other_site, track_move
from .notices import notice_title
from .quiet_spells import with_new_item

#: Why an item is not sent at once on a first poll whose dates cannot be read.
UNDATED = "its date cannot be read, and the feed was first polled"

#: Signs under which no item is sent at once; in a burst, items dated since the last poll are exempt.
_DOUBTFUL_SIGNS = (IncidentKind.DRIFT, IncidentKind.REDIRECTED, IncidentKind.BURST)


@dataclass(frozen=True, slots=True, kw_only=True)
class PollObservation:
    """What one poll brought: the `new` items, the `count` of all items, and the address that answered.

    `moved_to` is the target of permanent redirects. `validators_lied`: the server sent equal validators for
    other bytes. `tickers` is the number of items edited too often to be judged again, `wordless` that of
    entries dropped because they have no words.
    """

    new: tuple[Item, ...]
    count: int
    document_url: str
    moved_to: str = ""
    validators_lied: bool = False
    identity: str = "guid"
    tickers: int = 0
    wordless: int = 0
    unread_dates: UnreadDates = field(default_factory=UnreadDates)
    hub: HubOffer = field(default_factory=HubOffer)

    @classmethod
    def of(cls, fetched: Fetched, document: ParsedDocument, found: Recognition) -> Self:
        """Return what the poll that fetched this document brought."""
        return cls(
            new=found.new,
            count=document.count,
            document_url=fetched.final_url,
            moved_to=fetched.moved_to,
            validators_lied=fetched.validators_lied,
            identity=document.identity,
            tickers=len(found.tickers),
            wordless=document.wordless,
            unread_dates=document.unread_dates,
            hub=hub_offer(fetched.link, fetched.body, fetched.final_url),
        )

    @property
    def known(self) -> float:
        """The share (0-1) of the items that were known before."""
        return 1 - len(self.new) / self.count if self.count else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognisedDocument:
    """A document with its items recognised: `found`, and the `profile` of its feed after it."""

    response: Fetched
    document: ParsedDocument
    found: Recognition
    profile: FeedProfile

    @property
    def seen(self) -> tuple[str, ...]:
        """The ids and aliases of its items that are stored already."""
        return (*self.document.seen, *self.found.seen)

    @property
    def known_spans(self) -> Mapping[str, str]:
        """The item id of each span that the next poll need not parse."""
        return self.found.stable_spans(self.document.known_spans)


def observe(feed: Feed, state: FeedState, observation: PollObservation, now: datetime) -> FeedProfile:
    """Return the profile of a feed after a document was parsed.

    `signs` describe what is unusual about this document; the first one is compared with nothing.
    """
    before = state.profile
    profile = replace(
        before,
        identity=observation.identity,
        unread_dates=observation.unread_dates,
        hub=observation.hub,
        wait_s=adapted_wait(feed, before.wait_s, len(observation.new), observation.count),
        move=track_move(before, observation.moved_to, observation.known, now),
        distrusted=before.distrusted or observation.validators_lied,
        lately=with_items(before.lately, observation.new, FADING_LATELY),
    )
    if observation.new:
        profile = with_new_item(profile, now)
    at_once = with_items(ContentProfile(), observation.new, FADING_LATELY)
    changed = drift(before.usual, profile.lately) or drift(before.usual, at_once)
    if not changed:  # unusual items do not become usual
        profile = replace(profile, usual=with_usual_items(before.usual, observation.new))
    signs = {IncidentKind.DRIFT: changed} if changed else {}
    signs |= dict(_signs(feed, state, observation, profile)) if state.read_at else {}
    if observation.wordless:
        signs[IncidentKind.WORDLESS] = f"{observation.wordless} of its entries have no words and were dropped"
    document_url = before.document_url if IncidentKind.REDIRECTED in signs else observation.document_url
    arrivals = (
        before.arrivals
        if IncidentKind.BURST in signs or not state.read_at
        else with_arrivals(before, len(observation.new))
    )
    return replace(profile, signs=signs, document_url=document_url, arrivals=arrivals)


def recognise_and_observe(
    feed: Feed,
    state: FeedState,
    response: Fetched,
    document: ParsedDocument,
    known_items: KnownItems,
    now: datetime,
) -> RecognisedDocument:
    """Return a document with its items, new and known, and the profile of its feed after it."""
    found = recognise_document(state, document, known_items)
    profile = observe(feed, state, PollObservation.of(response, document, found), now)
    return RecognisedDocument(response=response, document=document, found=found, profile=profile)


def observe_unchanged(feed: Feed, profile: FeedProfile) -> FeedProfile:
    """Return the profile after a poll without a changed document: the same, unless the interval adapts."""
    wait_s = adapted_wait(feed, profile.wait_s, 0, 1)
    return profile if wait_s == profile.wait_s else replace(profile, wait_s=wait_s)


def doubt(feed: Feed, state: FeedState, profile: FeedProfile, item: Item) -> str:
    """Return why an item must not be sent at once, "" if it may."""
    is_first = state.good_at is None and feed.backlog is not None
    if is_first and profile.unread_dates.count and item.published_at is None:
        return UNDATED
    for sign in _DOUBTFUL_SIGNS:
        if sign not in profile.signs:
            continue
        if sign == IncidentKind.BURST and state.read_at and is_recent(item, state.read_at):
            continue
        return f"held back: {profile.signs[sign]}"
    return ""


def _signs(
    feed: Feed, state: FeedState, observation: PollObservation, profile: FeedProfile
) -> Iterator[tuple[IncidentKind, str]]:
    """Yield (kind, reason) of what is unusual in a document; reasons continue after the feed's name."""
    new, count, read_at = observation.new, observation.count, state.read_at
    assert read_at is not None  # noqa: S101  the first document is judged by no other
    recent = dated_since(new, read_at)
    if is_burst(state.profile, len(new), count) and recent < len(new):
        yield (
            IncidentKind.BURST,
            f"{len(new)} of its {count} items were new at once, {recent} of them dated since the last poll",
        )
    has_cursor = feed.kind is Kind.IMAP  # which leaves no gaps
    if new and len(new) == count and state.items_seen and not has_cursor:
        answered_at = read_at if state.failures else state.polled_at or read_at
        since = f"since its answer of {answered_at:%Y-%m-%d %H:%M} UTC"
        yield (
            IncidentKind.GAP,
            f"all of its {count} items are new {since}: others may have come and gone unseen",
        )
    if is_other_site(state.profile.document_url or feed.url, observation.document_url) and (
        observation.known < KNOWN_SHARE or IncidentKind.REDIRECTED in state.profile.signs
    ):
        yield (
            IncidentKind.REDIRECTED,
            f"{display_url(observation.document_url)} answers instead, with other items",
        )
    if profile.move and profile.move.proven:
        yield (
            IncidentKind.MOVED,
            f"it has moved to {display_url(profile.move.target)} for good; write that address",
        )
    if observation.tickers:
        yield IncidentKind.TICKER, f"{observation.tickers} of its items changed too often to be judged again"
    if title := notice_title(new):
        yield IncidentKind.NOTICE, f"an item is about the feed itself: “{title[:200]}”"
    elif not new and IncidentKind.NOTICE in state.profile.signs:
        yield IncidentKind.NOTICE, state.profile.signs[IncidentKind.NOTICE]
