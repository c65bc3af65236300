"""The protocol for reading alerts, deliveries and digests page by page."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from monitor.model import Alert, Delivery, PastDigest, StoryFilter


class ListPageStore(Protocol):
    """Pages of long lists, the newest first; rows added later do not move the place where a page begins."""

    def alert_page(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        story: str = "",
        filter: StoryFilter | None = None,
        before: int = 0,
        limit: int = 50,
    ) -> tuple[Alert, ...]:
        """Return the newest alerts raised in [since, until), or those `before` a place in match order.

        With a `filter` those of stories that fit it; conditions on words do not count.
        """

    def delivery_page(
        self,
        *,
        states: Collection[str] = (),
        channel: str = "",
        story: str = "",
        before: int = 0,
        limit: int = 50,
    ) -> tuple[tuple[int, Delivery], ...]:
        """Return the newest deliveries with their numbers, or those `before` a number."""

    def digest_page(
        self, *, subscription: str = "", after: str = "", limit: int = 50
    ) -> tuple[PastDigest, ...]:
        """Return the digests planned last, or those `after` one by its id; none after an unknown one."""
