"""What one poll changed, as one transaction writes it."""

from dataclasses import dataclass
from datetime import datetime

from .alerts import Alert, Told
from .deliveries import Delivery
from .documents import Document
from .news import FeedState, Item
from .verdicts import Decision, Verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """An item with its verdict, as stored: also what was not flagged keeps its reasons."""

    item: Item
    verdict: Verdict
    decision: Decision


@dataclass(frozen=True, slots=True)
class Page:
    """A page to read, for one item, and how often that was tried in vain.

    `lane_until` is until when its host is kept free for it; None before it was taken.
    """

    item: str
    url: str
    host: str
    attempts: int = 0
    lane_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """Everything one poll changed; the store writes it all or not at all.

    `host_free_at` is when the feed's host may be asked again, by any feed. `seen` are the ids of items that
    were in the document and already known. `told` are stories as they stand after this poll.
    `document` is kept if the poll raised alerts. `pages` are to be read in full.
    """

    state: FeedState
    host: str
    host_free_at: datetime
    judged: tuple[Judged, ...] = ()
    seen: tuple[str, ...] = ()
    alerts: tuple[Alert, ...] = ()
    told: tuple[Told, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    document: Document | None = None
    pages: tuple[Page, ...] = ()
