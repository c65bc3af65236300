"""WebSub: the hub that a feed names, and the subscription of the feed there."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class HubState(StrEnum):
    """How far a subscription has come; `REFUSED` is requested again later."""

    OFFERED = "offered"
    REQUESTED = "requested"
    ACTIVE = "active"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class HubOffer:
    """The hub that a document names and the address that the hub knows it by; both "" if it names none."""

    hub: str = ""
    topic: str = ""

    def __bool__(self) -> bool:
        return bool(self.hub)


@dataclass(frozen=True, slots=True, kw_only=True)
class HubSubscription:
    """The subscription of a feed at its hub.

    `token` is the part of our address that only the hub knows, `secret` the key of its signatures. `due_at`
    is the time of the next request, `expires_at` the end of what the hub has confirmed. `failures` counts the
    requests since the last confirmation, `notices` the signed messages of the hub; `notified_at` is the time
    of the last one. `reason` is why the hub refused.
    """

    feed: str
    hub: str
    topic: str
    due_at: datetime
    state: HubState = HubState.OFFERED
    token: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    expires_at: datetime | None = None
    notified_at: datetime | None = None
    notices: int = 0
    failures: int = 0
    reason: str = ""

    def is_active(self, now: datetime) -> bool:
        """Say whether the hub has confirmed it and the confirmation has not expired."""
        return self.state is HubState.ACTIVE and self.expires_at is not None and now < self.expires_at
