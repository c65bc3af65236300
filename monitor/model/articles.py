"""What became of a page behind an item."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .alerts import Alert, Story
from .deliveries import Delivery
from .documents import Document
from .polls import Judged, Page


class ArticleState(StrEnum):
    """What has become of the full text of an item: to be read, read, or given up for a reason."""

    OWED = "owed"
    READ = "read"
    GIVEN_UP = "given up"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleOutcome:
    """Everything one turn of a page changed; the store writes it all or not at all.

    `page` is as it was taken, `then` as it stands now; `state` is ``owed`` while it is to be read at
    `due_at`, ``read``, or ``given up`` for a `reason`. `judged` is the item with its text; `alerts`, `told`
    and `deliveries` are what that came to, out of `document`.
    """

    page: Page
    then: Page
    state: ArticleState
    due_at: datetime
    host_free_at: datetime
    reason: str = ""
    judged: Judged | None = None
    alerts: tuple[Alert, ...] = ()
    stories: tuple[Story, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    document: Document | None = None
