"""The state of the article behind an item, and the outcome of fetching it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .alerts import Alert, Story
from .deliveries import Delivery
from .documents import ArchivedDocument
from .polls import Article, Judged


class ArticleState(StrEnum):
    """Whether the article of an item is yet to be read, read, or given up for a reason."""

    OWED = "owed"
    READ = "read"
    GIVEN_UP = "given up"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleOutcome:
    """Everything that one attempt at an article changed; the store writes all of it or nothing.

    `article` is as taken, `then` as it is after the attempt. While `state` is ``owed`` it is tried again at
    `due_at`; if it is ``given up``, `reason` says why. `judged` is the item with its text, from which
    `alerts`, `stories` and `deliveries` result. `document` is the page as received. In a cluster,
    `story_epoch` is the epoch of the lease under which stories were grouped.
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
    story_epoch: int | None = None
