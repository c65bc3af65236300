"""The nouns of the product: frozen, typed, free of behaviour that needs I/O.

Times are timezone-aware UTC. Text is Unicode with markup already removed.
Spans are half-open code-point offsets into the field they name, as given.
"""

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any

SHARDS = 64


def key_of(*parts: str) -> str:
    """Return a short key that is the same for the same parts, on every machine and in every run."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:20]


# ---------------------------------------------------------------- feeds and items


class Tier(StrEnum):
    """How much a source is worth as proof, and how often it is asked."""

    OFFICIAL = "official"
    WIRE = "wire"
    TRADE = "trade"
    REGIONAL = "regional"
    STATE_AGENCY = "state_agency"
    STATE_MEDIA = "state_media"
    UNREVIEWED = "unreviewed"
    AGGREGATOR = "aggregator"


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as the operator wrote it.

    `backlog` is how old an item of the very first poll may be and still alert; None means any age.
    """

    name: str
    url: str
    title: str
    host: str
    every: timedelta = timedelta(minutes=10)
    tier: Tier = Tier.UNREVIEWED
    lang: str = ""
    backlog: timedelta | None = timedelta(hours=24)

    @property
    def shard(self) -> int:
        """All feeds of one host live in one shard, so one worker keeps the host's peace."""
        return zlib.crc32(self.host.encode()) % SHARDS


@dataclass(frozen=True, slots=True)
class FeedState:
    """What is remembered of a feed between two polls.

    `version` fences: a write that carries an older one changes nothing. `polled_at` is the last answer of any
    kind, `good_at` the last one that proved content; `body_hash` is of the last body parsed.
    """

    feed: str
    next_poll_at: datetime
    version: int = 0
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    failures: int = 0
    health: str = "new"
    reason: str = ""
    polled_at: datetime | None = None
    good_at: datetime | None = None
    items_seen: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """One news item. `guid` is unique within its feed; `content_hash` changes when its words do.

    `first_seen_at` is ours and `published_at` the publisher's: only the first is trusted.
    """

    feed: str
    guid: str
    url: str
    title: str
    summary: str
    first_seen_at: datetime
    published_at: datetime | None = None
    lang: str = ""

    @property
    def id(self) -> str:
        """The name by which people and commands call this item."""
        return key_of(self.feed, self.guid)

    @property
    def content_hash(self) -> str:
        """Same words, same hash; dates and links do not count."""
        return key_of(" ".join(self.title.split()), " ".join(self.summary.split()))


# ---------------------------------------------------------------- verdicts


class Topic(StrEnum):
    SANCTIONS = "sanctions"
    ARMS = "arms"


class Placement(IntEnum):
    """Where an alert belongs; ordered, so that `max()` picks the most urgent."""

    ARCHIVE = 0
    TAIL = 1
    DIGEST = 2
    TOP = 3
    NOW = 4


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why we think so: the words, where they stand, what recognised them, and what that weighed."""

    field: str
    start: int
    stop: int
    quote: str
    because: str
    points: float = 0.0


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, or is said to have happened.

    `stage` is the arms ladder's (``talks``, ``contract``, …) or "". `hedged`: "considers", "sources say";
    `negated`: "rules out". `amounts` are as written. `field`, `start`, `stop` and `quote` are the words.
    """

    topic: str
    type: str
    stage: str
    polarity: str
    severity: int
    field: str = ""
    start: int = 0
    stop: int = 0
    quote: str = ""
    hedged: bool = False
    negated: bool = False
    background: bool = False
    why: str = ""
    year: int | None = None
    amounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A party, body, system, programme or country named in an item; `quote` is its first naming."""

    id: str
    name: str
    kind: str
    quote: str
    lists: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Credibility:
    """How far the source carries: `score` 0-100, `letter` A-D, `reasons` in words."""

    letter: str
    score: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The engine's answer for one item, with everything that led to it.

    `relevance` maps every topic to 0-100; `topics` are those at or above the flagging mark, `possible` those in
    the band beneath it. `event` is the main one, `background` the older or secondary facts that it mentions.
    """

    topics: tuple[str, ...]
    relevance: Mapping[str, int]
    event: Event | None
    background: tuple[Event, ...]
    entities: tuple[Mention, ...]
    evidence: tuple[Evidence, ...]
    penalties: tuple[Evidence, ...]
    credibility: Credibility
    rules: tuple[str, ...]
    possible: tuple[str, ...] = ()
    would_change: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def severity(self) -> int:
        return self.event.severity if self.event else 0


# ---------------------------------------------------------------- alerts, messages, deliveries


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a verdict goes and which cell of the routing table said so."""

    placement: Placement
    because: str
    unconfirmed: bool = False


@dataclass(frozen=True, slots=True)
class Alert:
    """An item worth telling about. `story` groups retellings of one event.

    `kind` is ``new``, or ``update`` when a told story has a material new fact, which `news` then says.
    `source` is the feed's title. `seq` is the match sequence, given by the store; 0 before that.
    """

    item: Item
    verdict: Verdict
    decision: Decision
    story: str
    raised_at: datetime
    source: str = ""
    kind: str = "new"
    news: str = ""
    seq: int = 0

    @property
    def id(self) -> str:
        return key_of("alert", self.item.id, self.kind, self.news, self.item.content_hash)


@dataclass(frozen=True, slots=True)
class Told:
    """What was last told of a story: enough to decide whether something is materially new.

    `telling` are the words of its first title by which a retelling is recognised.
    """

    story: str
    event_type: str
    stage: str
    polarity: str
    official: bool
    told_at: datetime
    item_ids: tuple[str, ...] = ()
    telling: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outlet:
    """A channel as planning sees it: its name, the form of message it takes, and whom it reaches.

    `form` is one of ``mail``, ``slack``, ``json``, ``files``, ``text``.
    """

    name: str
    form: str
    recipients: tuple[str, ...] = ("",)


@dataclass(frozen=True, slots=True)
class Message:
    """Rendered words, frozen when owed: a retry sends exactly these.

    `blocks` is Slack's form, `data` the JSON form that programs read.
    """

    subject: str
    text: str
    html: str = ""
    blocks: tuple[Mapping[str, Any], ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message owed to one recipient of one channel.

    `id` is made from what is owed to whom, so that owing it twice owes it once; every attempt carries it.
    `kind` is ``alert``, ``digest`` or ``test``, `ref` the alert's or digest's id, `state` one of ``owed``,
    ``leased``, ``sent``, ``uncertain``, ``dead``, ``discarded``.
    """

    id: str
    kind: str
    ref: str
    channel: str
    recipient: str
    message: Message
    created_at: datetime
    due_at: datetime
    attempts: int = 0
    state: str = "owed"
    note: str = ""
    story: str = ""

    def later(self, due_at: datetime, note: str, state: str = "owed") -> "Delivery":
        """Return this delivery after one more attempt that did not settle it."""
        return replace(self, due_at=due_at, attempts=self.attempts + 1, note=note, state=state)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at one delivery: how far it came (``connect``, ``data``, ``done``) and what was answered."""

    delivery: str
    number: int
    started_at: datetime
    phase: str
    ended_at: datetime | None = None
    outcome: str = ""
    code: str = ""
    note: str = ""


# ---------------------------------------------------------------- outcomes: what one transaction writes


@dataclass(frozen=True, slots=True)
class Judged:
    """An item with its verdict, as stored: also what was not flagged keeps its reasons."""

    item: Item
    verdict: Verdict
    decision: Decision


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """Everything one poll changed; the store writes it all or not at all.

    `host_free_at` is when the feed's host may be asked again, by any feed. `seen` are the ids of items that
    were in the document and already known. `told` are stories as they stand after this poll.
    """

    state: FeedState
    host: str
    host_free_at: datetime
    judged: tuple[Judged, ...] = ()
    seen: tuple[str, ...] = ()
    alerts: tuple[Alert, ...] = ()
    told: tuple[Told, ...] = ()
    deliveries: tuple[Delivery, ...] = ()


@dataclass(frozen=True, slots=True)
class Subscription:
    """A digest as the operator wrote it: which alerts, when by which local clock, to which channels.

    `at` is "HH:MM" in `zone` (IANA); `days` are ISO weekdays, 1 = Monday. `empty` is ``always`` or ``skip``.
    `welcome` asks for a first digest as soon as there is something to show.
    """

    name: str
    at: str
    zone: str
    channels: tuple[str, ...]
    days: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)
    topics: tuple[str, ...] = ()
    empty: str = "always"
    catch_up: str = "coalesce"
    welcome: bool = False


@dataclass(frozen=True, slots=True)
class SubscriptionState:
    """How far a subscription's digests have come. `upto_seq` is the last match sequence looked at."""

    name: str
    since: datetime
    upto_seq: int
    last_key: str = ""
    last_due_at: datetime | None = None
    digests: int = 0


@dataclass(frozen=True, slots=True)
class Occasion:
    """One time at which one subscription's digest is due; `key` is the local date, unique per subscription.

    `covers` are the local dates it stands for, more than one after downtime.
    """

    subscription: str
    key: str
    due_at: datetime
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DigestPlan:
    """A digest about to be owed: written with its deliveries and the watermark, or not at all."""

    id: str
    occasion: Occasion
    planned_at: datetime
    from_seq: int
    to_seq: int
    alert_seqs: tuple[int, ...]
    deliveries: tuple[Delivery, ...]
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """What happened between two moments, for a digest's status strip."""

    read: int
    flagged: int
    alerts: int
    feeds: int
    feeds_failing: tuple[str, ...]
    undelivered: int


@dataclass(frozen=True, slots=True)
class Digest:
    """All that a digest says: `alerts` in match order, the window as sequence and as time.

    `since` is the previous digest's time or the subscription's beginning; `next_due_at` the next occasion.
    """

    id: str
    subscription: Subscription
    occasion: Occasion
    planned_at: datetime
    since: datetime
    from_seq: int
    to_seq: int
    alerts: tuple[Alert, ...]
    counts: Counts
    next_due_at: datetime
