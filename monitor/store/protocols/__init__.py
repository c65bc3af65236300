"""The protocols of the store, by subject. One method is one transaction; all are synchronous."""

from .actions import ActionStore, PreferenceStore
from .archive import Archive, EvidenceStore, RetentionStore
from .articles import ArticleStore
from .base import Store
from .channels import CanaryStore, ChannelStore
from .cluster import ClusterStore, SharedFileStore
from .deadlines import DeadlineStore
from .deals import DealStore
from .desk import DeskStore, StoryChangeStore, TokenStore, UserStore
from .digests import DigestContentStore, DigestStore
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

__all__ = [
    "ActionStore",
    "Archive",
    "ArticleStore",
    "CanaryStore",
    "ChannelStore",
    "ClusterStore",
    "DeadlineStore",
    "DealStore",
    "DeliveryStore",
    "DeskStore",
    "DigestContentStore",
    "DigestStore",
    "ErasureStore",
    "EvidenceStore",
    "ExportStore",
    "FeedDayStore",
    "FeedStore",
    "FigureStore",
    "HealthStore",
    "HubStore",
    "ListPageStore",
    "Outbox",
    "OverdueStore",
    "PastDigestStore",
    "PollLogStore",
    "PollStore",
    "PreferenceStore",
    "RetentionStore",
    "SharedFileStore",
    "Store",
    "StormStore",
    "StoryChangeStore",
    "StoryListStore",
    "TokenStore",
    "UserStore",
    "WordIndexStore",
]
