"""The protocol of the whole store."""

from typing import Protocol

from .actions import ActionStore, PreferenceStore
from .archive import Archive, EvidenceStore, RetentionStore
from .articles import ArticleStore
from .channels import CanaryStore, ChannelStore
from .cluster import ClusterStore, SharedFileStore
from .deals import DealStore
from .desk import DeskStore, StoryChangeStore, TokenStore, UserStore
from .digests import DigestContentStore, DigestStore
from .due_work import DueWorkStore
from .erasure import ErasureStore
from .export import ExportStore
from .feed_days import FeedDayStore
from .feeds import FeedStore, PollStore
from .figures import FigureStore
from .health import HealthStore
from .list_pages import ListPageStore
from .outbox import DeliveryStore, Outbox
from .overdue import OverdueStore, StormStore
from .past_digests import PastDigestStore
from .poll_log import PollLogStore
from .story_list import StoryListStore
from .websub import HubStore
from .word_index import WordIndexStore


class Store(
    DueWorkStore,
    FeedStore,
    PollStore,
    ArticleStore,
    Outbox,
    DeliveryStore,
    StormStore,
    OverdueStore,
    DealStore,
    ChannelStore,
    CanaryStore,
    DigestStore,
    DigestContentStore,
    HealthStore,
    Archive,
    EvidenceStore,
    RetentionStore,
    PreferenceStore,
    ActionStore,
    UserStore,
    TokenStore,
    DeskStore,
    StoryChangeStore,
    StoryListStore,
    FeedDayStore,
    HubStore,
    PastDigestStore,
    PollLogStore,
    ListPageStore,
    FigureStore,
    ExportStore,
    ErasureStore,
    WordIndexStore,
    ClusterStore,
    SharedFileStore,
    Protocol,
):
    """All protocols, for one database. The methods are called from one thread, or from a small pool."""

    def for_reading(self) -> "Store":
        """Return a store on the same database that cannot write, with connections of its own; close it.

        Its methods may be called from several threads. They wait for no writer, and no writer waits for them.
        """

    def close(self) -> None:
        """Release the database and the lock on it."""
