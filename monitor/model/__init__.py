"""The nouns of the product: frozen, typed, free of behaviour that needs I/O.

Times are timezone-aware UTC. Text is Unicode with markup already removed. Spans are half-open code-point
offsets into the field they name, as given.
"""

from .accounting import Accounting, ChannelState, Stale
from .actions import ACTS, MARKS, Act, Escalation, Farewell, Silence
from .alerts import Alert, Gist, Told
from .archive import Horizons
from .articles import PageOutcome
from .deliveries import STATES, Attachment, Attempt, ChannelRecord, Delivery, Message, Outlet, Sung
from .digests import (
    LATE,
    WEEKDAYS,
    Counts,
    Digest,
    DigestPlan,
    Occasion,
    Reader,
    StorySoFar,
    Subscription,
    SubscriptionState,
    Tally,
)
from .documents import Document, Exhibit
from .entities import Entity, EntityKind, Name, Strength
from .filters import Filter
from .keys import key_of
from .news import SHARDS, Feed, FeedState, Fields, Item, Kind, Request, Tier, host_of, shard_of
from .polls import Judged, Page, PollOutcome, Recalled, Remembered
from .profile import HealthReport, Incident, Looks, Lull, Memory, Move
from .verdicts import Credibility, Decision, Event, Evidence, Mention, Placement, Topic, Verdict

__all__ = [
    "ACTS",
    "LATE",
    "MARKS",
    "SHARDS",
    "STATES",
    "WEEKDAYS",
    "Accounting",
    "Act",
    "Alert",
    "Attachment",
    "Attempt",
    "ChannelRecord",
    "ChannelState",
    "Counts",
    "Credibility",
    "Decision",
    "Delivery",
    "Digest",
    "DigestPlan",
    "Document",
    "Entity",
    "EntityKind",
    "Escalation",
    "Event",
    "Evidence",
    "Exhibit",
    "Farewell",
    "Feed",
    "FeedState",
    "Fields",
    "Filter",
    "Gist",
    "HealthReport",
    "Horizons",
    "Incident",
    "Item",
    "Judged",
    "Kind",
    "Looks",
    "Lull",
    "Memory",
    "Mention",
    "Message",
    "Move",
    "Name",
    "Occasion",
    "Outlet",
    "Page",
    "PageOutcome",
    "Placement",
    "PollOutcome",
    "Reader",
    "Recalled",
    "Remembered",
    "Request",
    "Silence",
    "Stale",
    "StorySoFar",
    "Strength",
    "Subscription",
    "SubscriptionState",
    "Sung",
    "Tally",
    "Tier",
    "Told",
    "Topic",
    "Verdict",
    "host_of",
    "key_of",
    "shard_of",
]
