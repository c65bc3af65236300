"""What many polls of one feed taught: read and written as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Move:
    """An address that permanently redirects: where to, since when, and in how many polls in a row.

    `same_feed`: the document found there was mostly known when it was first seen there. `proven`: it is the
    same feed for good.
    """

    target: str
    since: datetime
    polls: int = 1
    same_feed: bool = False
    proven: bool = False


@dataclass(frozen=True, slots=True)
class QuietSpell:
    """The longest wait for something new that ended on a day; `day` is its date in UTC."""

    day: str
    longest_s: float


@dataclass(frozen=True, slots=True)
class ContentProfile:
    """What items look like: how much of `weight` each link host and each word has, old items fading."""

    weight: float = 0.0
    hosts: Mapping[str, float] = field(default_factory=dict)
    words: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedProfile:
    """What is learned of a feed.

    `identity` is what its entries are recognised by (``guid``, ``link``, ``title``, ``words``) and only ever
    degrades in that order. `wait_s` is the learned interval, 0 before any. `fresh_at` is when something new
    last came, `quiet_spells` how long that usually takes, `arrivals` how many new items each of the last
    polls with new items brought. `document_url` is where its document came from, redirects followed. `usual`
    and `lately` describe its items. `distrusted` validators are no longer sent. `signs` are findings in the
    last document for the operator, by kind: ``gap``, ``burst``, ``drift``, …
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
    signs: Mapping[str, str] = field(default_factory=dict)
