"""The stored items that a poll reads, and the outcome that it writes in one transaction."""

from dataclasses import dataclass
from datetime import datetime

from monitor.errors import FeedHealth

from .alerts import Alert, Story
from .deliveries import Delivery
from .documents import ArchivedDocument
from .news import FeedState, Item
from .verdicts import Decision, Verdict
from .websub import HubOffer


@dataclass(frozen=True, slots=True)
class Judged:
    """An item with its verdict and decision, as stored; unflagged items have both as well.

    `earlier` are the content hashes of its previous versions, oldest first: written with a revision, and read
    only to recognise one.
    """

    item: Item
    verdict: Verdict
    decision: Decision
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownItem:
    """A stored item that an entry may be; `names` are its id and its aliases."""

    judged: Judged
    revisions: int
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class KnownItems:
    """The stored items that the entries of a document may be.

    `same` are the ids of entries stored with exactly these words. `candidates` are for the other entries: the
    item stored under the same id, and items of the same feed with the same link or title.
    """

    same: frozenset[str] = frozenset()
    candidates: tuple[KnownItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """A page to fetch for one item, with the number of failed attempts.

    `reserved_until` is the end of the reservation of its host; None before it was taken.
    """

    item: str
    url: str
    host: str
    attempts: int = 0
    reserved_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedPoll:
    """A poll in the log of its feed: one that brought news, or was answered otherwise than the one before.

    `version` is that of the state it wrote; between two versions in the log stand polls that are not in it.
    `size` is the length of the document in bytes, 0 if none came. `items` are all in it, `news` those that
    are new or revised.
    """

    feed: str
    version: int
    at: datetime
    health: FeedHealth
    reason: str = ""
    size: int = 0
    items: int = 0
    news: int = 0
    took_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PollOutcome:
    """Everything that one poll changed; the store writes all of it or nothing.

    `host_free_at` is when any feed may send the next request to this host. `seen` are the ids and aliases of
    known items in the document. `stories` are in their state after this poll. `aliases` are new ids, each
    with the id of its item. `document` is stored if the poll raised alerts. `articles` are to be fetched.
    `new_profile` is False if the profile in `state` is the one that is stored.

    `logged` is the poll's entry in the log of its feed, if it has one.

    `hub` is the WebSub hub that the document names if it named another one before.

    In a cluster, `reserved_until` is the end of the poll's reservation of the host, and `story_epoch` the
    epoch of the lease under which stories were grouped; an outcome of an older epoch is not written.
    """

    state: FeedState
    host: str
    host_free_at: datetime
    new_profile: bool = True
    judged: tuple[Judged, ...] = ()
    seen: tuple[str, ...] = ()
    alerts: tuple[Alert, ...] = ()
    stories: tuple[Story, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()
    document: ArchivedDocument | None = None
    articles: tuple[Article, ...] = ()
    hub: HubOffer | None = None
    logged: LoggedPoll | None = None
    reserved_until: datetime | None = None
    story_epoch: int | None = None
