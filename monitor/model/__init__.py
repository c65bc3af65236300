"""The nouns of the product: frozen, typed, free of behaviour that needs I/O.

Times are timezone-aware UTC. Text is Unicode with markup already removed. Spans are half-open code-point
offsets into the field they name, as given.
"""

from .accounting import Accounting, ChannelState, DeadRun, OverdueDelivery
from .actions import ACTIONS, FEEDBACK, Action, Escalation, Silence, Unsubscription
from .alerts import Alert, Fingerprint, Story
from .archive import RetentionCutoffs
from .articles import ArticleOutcome, ArticleState
from .countries import COUNTRY_ALIASES, iso_code, iso_id
from .deliveries import (
    Attachment,
    Attempt,
    AttemptOutcome,
    AttemptPhase,
    CanaryResult,
    ChannelRecord,
    ChannelTarget,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Message,
)
from .digests import (
    LATE,
    WEEKDAYS,
    CatchUp,
    Counts,
    Digest,
    DigestPeriod,
    DigestPlan,
    EmptyDigest,
    Occasion,
    Recipient,
    StorySoFar,
    Subscription,
    SubscriptionState,
    Tally,
)
from .documents import Document, Exhibit
from .entities import Entity, EntityKind, Name, Strength
from .filters import Filter
from .health import HealthReport, Incident
from .keys import key_of
from .news import SHARDS, Feed, FeedState, Fields, Item, Kind, Request, Tier, host_of, shard_of
from .polls import Article, Judged, KnownItem, KnownItems, PollOutcome
from .profile import ContentProfile, FeedProfile, Move, QuietSpell, UnreadDates
from .verdicts import Credibility, Decision, Event, Evidence, Mention, Placement, Topic, Verdict

__all__ = [
    "ACTIONS",
    "COUNTRY_ALIASES",
    "FEEDBACK",
    "LATE",
    "SHARDS",
    "WEEKDAYS",
    "Accounting",
    "Action",
    "Alert",
    "Article",
    "ArticleOutcome",
    "ArticleState",
    "Attachment",
    "Attempt",
    "AttemptOutcome",
    "AttemptPhase",
    "CanaryResult",
    "CatchUp",
    "ChannelRecord",
    "ChannelState",
    "ChannelTarget",
    "ContentProfile",
    "Counts",
    "Credibility",
    "DeadRun",
    "Decision",
    "Delivery",
    "DeliveryKind",
    "DeliveryState",
    "Digest",
    "DigestPeriod",
    "DigestPlan",
    "Document",
    "EmptyDigest",
    "Entity",
    "EntityKind",
    "Escalation",
    "Event",
    "Evidence",
    "Exhibit",
    "Feed",
    "FeedProfile",
    "FeedState",
    "Fields",
    "Filter",
    "Fingerprint",
    "HealthReport",
    "Incident",
    "Item",
    "Judged",
    "Kind",
    "KnownItem",
    "KnownItems",
    "Mention",
    "Message",
    "Move",
    "Name",
    "Occasion",
    "OverdueDelivery",
    "Placement",
    "PollOutcome",
    "QuietSpell",
    "Recipient",
    "Request",
    "RetentionCutoffs",
    "Silence",
    "Story",
    "StorySoFar",
    "Strength",
    "Subscription",
    "SubscriptionState",
    "Tally",
    "Tier",
    "Topic",
    "UnreadDates",
    "Unsubscription",
    "Verdict",
    "host_of",
    "iso_code",
    "iso_id",
    "key_of",
    "shard_of",
]
