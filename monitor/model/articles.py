"""The outcome of reading the page behind an item."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .alerts import Alert, Story
from .deliveries import Delivery
from .documents import ArchivedDocument
from .polls import Article, Judged


class ArticleState(StrEnum):
    """What has become of the full text of an item: to be read, read, or given up for a reason."""

    OWED = "owed"
    READ = "read"
    GIVEN_UP = "given up"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleOutcome:
    """Everything that one attempt at a page changed; the store writes all of it or nothing.

    `page` is as leased, `then` as it is now; it is tried again at `due_at` while `state` is ``owed``, and
    ``given up`` for a `reason`. `judged` is the item with its text, from which `alerts`, `stories` and
    `deliveries` result. `document` is the evidence.
    """

    article: Article
    then: Article
    state: ArticleState
    due_at: datetime
    host_free_at: datetime
    reason: str = ""
    judged: Judged | None = None
    alerts: tuple[Alert, ...] = ()
    stories: tuple[Story, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    document: ArchivedDocument | None = None
