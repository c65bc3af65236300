"""The states of channels, overdue deliveries, and the account of all deliveries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from .deliveries import DeliveryKind, DeliveryState


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """The state of a channel: the number of its own `faults` in a row, the last `reason`, and since when.

    `permanent` says that a retry fails until somebody repairs the channel. Until `paused_until` it gets no
    message. `sent_at` is when it last accepted a message.
    """

    channel: str
    faults: int = 0
    permanent: bool = False
    reason: str = ""
    since: datetime | None = None
    paused_until: datetime | None = None
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AbandonedRun:
    """The deliveries of a channel that were abandoned since it last accepted a message.

    The newest 200 are counted; `recipients` and `codes` count the different ones of these; `reason` is that
    of the last delivery.
    """

    channel: str
    count: int
    recipients: int
    codes: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueDelivery:
    """A delivery that was not sent in time, or is expired and waits for a digest that covers it.

    `digests` are the (subscription, digest) that contain the same alert; for a delivery of a digest, its own.
    """

    id: str
    kind: DeliveryKind
    ref: str
    channel: str
    recipient: str
    state: DeliveryState
    digests: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Storm:
    """The alerts suppressed for a recipient until one summary reports them.

    `id` is that of the summary, `began_at` the time of the first alert.
    """

    id: str
    channel: str
    recipient: str
    began_at: datetime


@dataclass(frozen=True, slots=True)
class Accounting:
    """The account of deliveries: `states` add up to `owed`, unless a delivery is missing.

    `owed` counts the deliveries written when alerts were raised and digests planned, `states` those stored
    now. `missing` are the ids of alerts and digests with a delivery that is not stored or in no known state.
    """

    owed: int = 0
    states: Mapping[str, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
