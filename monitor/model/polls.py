"""What one poll finds of earlier ones, and what it changed, as one transaction writes it."""

from dataclasses import dataclass
from datetime import datetime

from .alerts import Alert, Story
from .deliveries import Delivery
from .documents import Document
from .news import FeedState, Item
from .verdicts import Decision, Verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """An item with its verdict, as stored: also what was not flagged keeps its reasons.

    `earlier` are the content hashes of its last versions before this one, oldest first: written with a
    revision, and read only where a revision is to be recognised.
    """

    item: Item
    verdict: Verdict
    decision: Decision
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownItem:
    """A stored item that some of a document may be; `names` are its id and the other ids it goes by."""

    judged: Judged
    revisions: int
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class KnownItems:
    """What the store knows of a document's items.

    `same` are the ids of those stored with these very words. `alike` is whatever any of the others may be:
    the item stored under its id, and items of the same feed with its link or its title.
    """

    same: frozenset[str] = frozenset()
    candidates: tuple[KnownItem, ...] = ()


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PollOutcome:
    """Everything one poll changed; the store writes it all or not at all.

    `host_free_at` is when the feed's host may be asked again, by any feed. `seen` are the ids of items that
    were in the document and already known, or other names of them. `told` are stories as they stand after
    this poll. `aliases` are new names, each with the id of the item that goes by it now.
    `document` is kept if the poll raised alerts. `pages` are to be read in full.
    """

    state: FeedState
    host: str
    host_free_at: datetime
    judged: tuple[Judged, ...] = ()
    seen: tuple[str, ...] = ()
    alerts: tuple[Alert, ...] = ()
    stories: tuple[Story, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()
    document: Document | None = None
    pages: tuple[Page, ...] = ()
