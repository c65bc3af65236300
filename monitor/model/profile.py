"""The profile of a feed, observed over its polls."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from .health import IncidentKind
from .websub import HubOffer


@dataclass(frozen=True, slots=True)
class Move:
    """A permanent redirect: its target, since when, and in how many polls in a row.

    `same_feed`: most items at the target were known when it was first seen. `proven`: the move is permanent.
    """

    target: str
    since: datetime
    polls: int = 1
    same_feed: bool = False
    proven: bool = False


@dataclass(frozen=True, slots=True)
class QuietSpell:
    """The longest wait for a new item that ended on a day; `day` is its date in UTC."""

    day: str
    longest_s: float


@dataclass(frozen=True, slots=True)
class ContentProfile:
    """The words and link hosts of items, each with its part of `weight`; older items weigh less."""

    weight: float = 0.0
    hosts: Mapping[str, float] = field(default_factory=dict)
    words: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UnreadDates:
    """The number of items in a document whose dates cannot be read, and one of these dates."""

    count: int = 0
    example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedProfile:
    """What is usual for a feed, observed over its polls; stored as a whole.

    `identity` is the naming of its entries (``guid``, ``link``, ``title``, ``words``), which only degrades in
    that order. `wait_s` is the adapted interval, 0 before any. `fresh_at` is the time of the last new item,
    `quiet_spells` the usual waits for one, `arrivals` the numbers of new items in the last polls with any.
    `document_url` is the address of its document after redirects. `usual` and `lately` describe its items.
    `distrusted` validators are no longer sent. `signs` are findings in the last document for the operator, by
    kind. `unread_dates` are those of the last document, `hub` the WebSub hub that it names.
    """

    identity: str = "guid"
    wait_s: float = 0.0
    fresh_at: datetime | None = None
    quiet_spells: tuple[QuietSpell, ...] = ()
    arrivals: tuple[int, ...] = ()
    document_url: str = ""
    move: Move | None = None
    usual: ContentProfile = field(default_factory=ContentProfile)
    lately: ContentProfile = field(default_factory=ContentProfile)
    distrusted: bool = False
    signs: Mapping[IncidentKind, str] = field(default_factory=dict)
    unread_dates: UnreadDates = field(default_factory=UnreadDates)
    hub: HubOffer = field(default_factory=HubOffer)
